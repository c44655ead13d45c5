"""What an assignment asks for, and when it is due for one learner."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlmodel import col

from models import (
    Assignment,
    AssignmentExtension,
    Checkpoint,
    CheckpointKind,
    CourseGroup,
    Enrollment,
    FileKind,
    Submission,
    SubmissionState,
    User,
)
from services import access, rubrics
from services.access import Actor
from services.core import name_order, zones
from services.core.errors import Invalid, NotFound
from services.core.events import CourseChanged
from services.core.transaction import Transaction
from services.progress.auto_complete import Reached, complete_all
from services.progress.extra_time import own_due
from services.rubrics import Rubric

MOST_FILES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How work is handed in."""

    takes_text: bool = True
    most_files: int = 3
    file_kinds: frozenset[FileKind] = frozenset(FileKind)
    takes_late: bool = True
    is_graded: bool = True
    passing_percent: int = 60
    may_resubmit: bool = False
    hides_names: bool = False
    rubric: Rubric = ()
    """empty where a grade is typed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An assignment as the teachers of its course see it."""

    checkpoint_id: int
    course_id: int
    title: str
    due_at: datetime | None
    rules: Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A group or a learner with whom a later date can be agreed on."""

    user_id: int | None
    group_id: int | None
    name: str
    due_at: datetime | None
    """None where the usual date holds"""


def of_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Shown:
    """Return an assignment; one that nobody has set up has the usual rules."""
    checkpoint = taught(tx, actor, checkpoint_id)
    return Shown(
        checkpoint_id=checkpoint_id,
        course_id=checkpoint.course_id,
        title=checkpoint.title,
        due_at=checkpoint.due_at,
        rules=rules_of(tx, checkpoint_id),
    )


def set_rules(tx: Transaction, actor: Actor | None, checkpoint_id: int, rules: Rules) -> None:
    """Change how work is handed in; what was handed in stays.

    Work that was seen while it needed no grade waits again where it needs one now.
    """
    checkpoint = taught(tx, actor, checkpoint_id)
    make(tx, checkpoint, rules)
    if rules.is_graded:
        seen = col(Submission.state) == SubmissionState.GRADED, col(Submission.grade).is_(None)
        here = update(Submission).where(col(Submission.checkpoint_id) == checkpoint_id, *seen)
        tx.execute(here.values(state=SubmissionState.SUBMITTED))
    _complete(tx, checkpoint, rules)
    tx.announce(CourseChanged(course_id=checkpoint.course_id))


def _complete(tx: Transaction, checkpoint: Checkpoint, rules: Rules) -> None:
    """Complete the step for those whose work is enough by the rules of now; what is complete stays so."""
    here = col(Submission.checkpoint_id) == checkpoint.id, col(Submission.state) != SubmissionState.DRAFT
    is_back = col(Submission.state) == SubmissionState.RETURNED, col(Submission.grade) >= rules.passing_percent
    enough = is_back if rules.is_graded else ()
    columns = col(Submission.user_id), col(Submission.graded_by)
    rows = tx.execute(select(*columns).where(*here, *enough).order_by(col(Submission.id)))
    reached = Reached(user_id=0, course_id=checkpoint.course_id, checkpoint_id=checkpoint.id)
    complete_all(
        tx,
        [
            replace(reached, user_id=user_id, why='passed', by=by)
            if rules.is_graded
            else replace(reached, user_id=user_id, why='handed in')
            for user_id, by in rows
        ],
    )


def make(tx: Transaction, checkpoint: Checkpoint, rules: Rules) -> None:
    """Give a checkpoint its rules; the caller has checked who may, and that it is an assignment."""
    row = tx.session.get(Assignment, checkpoint.id)
    if row is None:
        row = Assignment(checkpoint_id=checkpoint.id, course_id=checkpoint.course_id, updated_at=tx.now)
    for name, value in columns_of(rules).items():
        setattr(row, name, value)
    row.updated_at = tx.now
    tx.session.add(row)


def rules_of(tx: Transaction, checkpoint_id: int) -> Rules:
    """Return the rules of an assignment; the caller has checked who may know them."""
    row = tx.session.get(Assignment, checkpoint_id)
    if row is None:
        return Rules()
    special = {'file_kinds', 'rubric'}
    plain = {name: getattr(row, name) for name in Rules.__dataclass_fields__ if name not in special}
    kinds = frozenset(map(FileKind, row.file_kinds))
    return Rules(file_kinds=kinds, rubric=rubrics.recalled(row.rubric), **plain)


def due_of(tx: Transaction, checkpoint: Checkpoint, user_id: int) -> datetime | None:
    """Return when a learner has to hand in, with their extra time and what was agreed with them or their group."""
    return dues_of(tx, checkpoint, user_id=user_id).get(user_id, checkpoint.due_at)


def dues_of(tx: Transaction, checkpoint: Checkpoint, *, user_id: int | None = None) -> Mapping[int, datetime | None]:
    """Return when each learner of the course has to hand in, or one of them."""
    columns = (
        col(Enrollment.user_id),
        col(Enrollment.extra_percent),
        col(Enrollment.enrolled_at),
        col(Enrollment.group_id),
    )
    places = select(*columns).where(col(Enrollment.course_id) == checkpoint.course_id)
    found = tx.execute(places if user_id is None else places.where(col(Enrollment.user_id) == user_id)).all()
    if checkpoint.due_at is None:
        return dict.fromkeys((place.user_id for place in found), None)
    here = select(AssignmentExtension).where(col(AssignmentExtension.checkpoint_id) == checkpoint.id)
    agreed = {(row.user_id, row.group_id): row.due_at for row in tx.session.scalars(here)} if found else {}
    dues: dict[int, datetime | None] = {}
    for place in found:
        since = max(checkpoint.created_at, place.enrolled_at)
        theirs = (
            own_due(checkpoint.due_at, place.extra_percent, since=since),
            agreed.get((place.user_id, None)),
            agreed.get((None, place.group_id)) if place.group_id is not None else None,
        )
        dues[place.user_id] = max(due for due in theirs if due is not None)
    return dues


def late_of(late_seconds: int, submitted_at: datetime | None, due_at: datetime | None) -> timedelta:
    """Return by how much work is late: as it was handed in, or less where more time was agreed on since."""
    if submitted_at is None or due_at is None:
        return timedelta(0)
    return timedelta(seconds=max(0, min(late_seconds, int((submitted_at - due_at).total_seconds()))))


def extend(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    due_at: datetime | None,
    user_id: int | None = None,
    group_id: int | None = None,
) -> None:
    """Agree on a later due date with one learner or one group; without one, the usual date holds again."""
    checkpoint = taught(tx, actor, checkpoint_id)
    group = tx.session.get(CourseGroup, group_id) if group_id is not None else None
    is_ours = group.course_id == checkpoint.course_id if group else False
    if (user_id is None) == (group_id is None) or (group_id is not None and not is_ours):
        raise NotFound('Choose one learner or one group of this course.')
    if user_id is not None and not access.enrolled(tx, user_id, checkpoint.course_id):
        raise NotFound(access.NOT_HERE)
    if due_at is not None and (checkpoint.due_at is None or due_at <= checkpoint.due_at):
        raise Invalid('Choose a moment after the usual due date.', field='due_at')
    zones.check_year(due_at, 'due_at')
    whose = AssignmentExtension.user_id if user_id is not None else AssignmentExtension.group_id
    theirs = col(whose) == (group_id if user_id is None else user_id)
    tx.execute(delete(AssignmentExtension).where(col(AssignmentExtension.checkpoint_id) == checkpoint_id, theirs))
    if due_at is not None:
        agreed = AssignmentExtension(checkpoint_id=checkpoint_id, user_id=user_id, group_id=group_id, due_at=due_at)
        tx.session.add(agreed)
    tx.note('due date extended', course=checkpoint.course_id, checkpoint=checkpoint_id, about=user_id, group=group_id)
    tx.announce(CourseChanged(course_id=checkpoint.course_id))


def agreed_dates(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> tuple[Agreed, ...]:
    """Return the groups and the learners of an assignment, each with the later date that was agreed on."""
    checkpoint = taught(tx, actor, checkpoint_id)
    here = select(AssignmentExtension).where(col(AssignmentExtension.checkpoint_id) == checkpoint_id)
    dates = {(row.user_id, row.group_id): row.due_at for row in tx.session.scalars(here)}
    ours = col(CourseGroup.course_id) == checkpoint.course_id
    groups = tx.execute(select(col(CourseGroup.id), col(CourseGroup.name)).where(ours).order_by(col(CourseGroup.name)))
    learners = tx.execute(
        select(col(Enrollment.user_id), col(User.name))
        .join(User, col(User.id) == col(Enrollment.user_id))
        .where(col(Enrollment.course_id) == checkpoint.course_id, col(Enrollment.removed_at).is_(None))
        .order_by(col(User.name), col(Enrollment.user_id))
    )
    found = [(None, group_id, name) for group_id, name in groups] + [
        (user_id, None, name) for user_id, name in name_order.in_order(learners, lambda each: each.name)
    ]
    return tuple(
        Agreed(user_id=user_id, group_id=group_id, name=name, due_at=dates.get((user_id, group_id)))
        for user_id, group_id, name in found
    )


def taught(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    """Return an assignment of a course that the actor teaches; absent and not theirs look the same."""
    return checked(access.taught_checkpoint(tx, actor, checkpoint_id))


def checked(checkpoint: Checkpoint) -> Checkpoint:
    """Return a checkpoint if it is an assignment."""
    if checkpoint.kind is not CheckpointKind.ASSIGNMENT:
        raise NotFound('This step is not an assignment.')
    return checkpoint


def columns_of(rules: Rules) -> Mapping[str, object]:
    """Return the columns for some rules; raises `Invalid` with what cannot be."""
    for name, most in (('passing_percent', 100), ('most_files', MOST_FILES)):
        if not 0 <= getattr(rules, name) <= most:
            raise Invalid('Type a number from {least} to {most}.', least=0, most=most, field=name)
    if not rules.takes_text and not rules.most_files:
        raise Invalid('Ask for a text, for files, or for both.', field='most_files')
    if rules.most_files and not rules.file_kinds:
        raise Invalid('Choose at least one kind of file.', field='file_kinds')
    columns: dict[str, object] = {name: getattr(rules, name) for name in Rules.__dataclass_fields__}
    special = {
        'file_kinds': sorted(kind.value for kind in rules.file_kinds),
        'rubric': rubrics.stored(rubrics.checked(rules.rubric)),
    }
    return columns | special
