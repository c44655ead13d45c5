"""What teachers see of handed-in work: who is missing, what waits, and each work on the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import and_, case, func, select
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Enrollment, Module, Submission, SubmissionState, User
from services import access, rubrics
from services.access import Actor
from services.assignments import rules as assignment_rules
from services.assignments import submissions
from services.assignments.rules import Rules
from services.assignments.submissions import NO_SUBMISSION, HandedFile
from services.core import name_order
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.progress.extra_time import was_before
from services.rubrics import Choice

_WAITS = col(Submission.state) == SubmissionState.SUBMITTED
_IS_GRADED = col(Submission.state) == SubmissionState.GRADED
_FIRST = func.min(case((_WAITS, col(Submission.id))))
_IS_HANDED_IN = col(Submission.state).in_({each for each in SubmissionState if each is not SubmissionState.DRAFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """One assignment of a course, with how much of it there is to do."""

    checkpoint_id: int
    title: str
    due_at: datetime | None
    waiting: int
    """how many works wait for a grade"""
    graded: int
    """how many are graded and not returned"""
    in_all: int
    """how many were handed in"""
    next_id: int | None
    """a work that waits, with which to begin"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One learner in the list of an assignment, with their newest try.

    While names are hidden at the desk, the line of work that is not returned yet has neither its id, nor its number,
    nor its times, nor its grade: each of them could say which of the works on the desk is whose.
    """

    user_id: int
    name: str
    submission_id: int | None
    """None as long as nothing was begun, too"""
    number: int
    state: SubmissionState | None
    submitted_at: datetime | None
    late: timedelta
    grade: int | None
    is_overdue: bool
    """whether nothing was handed in, although it was due"""
    was_before: bool = False
    """whether nothing was handed in, and it was due before the learner joined: it is not asked of them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """One try on the desk."""

    submission_id: int
    checkpoint_id: int
    course_id: int
    user_id: int | None
    """None, and no name and no times, while names are hidden"""
    name: str
    number: int
    state: SubmissionState
    text: str
    files: tuple[HandedFile, ...]
    files_back: tuple[HandedFile, ...]
    submitted_at: datetime | None
    late: timedelta
    grade: int | None
    feedback: str
    choices: tuple[Choice, ...]
    """for each criterion of the rubric, in its order"""
    graded_at: datetime | None
    """to be given back with the grade, so that nobody overwrites what another person has just done"""
    fingerprint: str
    """of the text and the files, to be given back as well: its learner may take it back and change it"""
    graded_by: int | None
    grader: str
    graded: int
    """how many works of this assignment are graded"""
    in_all: int
    """how many were handed in"""
    rules: Rules
    next_id: int | None
    """the next try that waits"""


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Pile, ...]:
    """Return the assignments of a course in the order of its checkpoints."""
    access.taught_course(tx, actor, course_id)
    counts = (func.coalesce(func.sum(case((state, 1), else_=0)), 0) for state in (_WAITS, _IS_GRADED, _IS_HANDED_IN))
    rows = tx.execute(
        select(col(Checkpoint.id), col(Checkpoint.title), col(Checkpoint.due_at), *counts, _FIRST)
        .join(Module, col(Module.id) == col(Checkpoint.module_id))
        .outerjoin(Submission, col(Submission.checkpoint_id) == col(Checkpoint.id))
        .where(col(Checkpoint.course_id) == course_id, col(Checkpoint.kind) == CheckpointKind.ASSIGNMENT)
        .where(col(Checkpoint.deleted_at).is_(None), col(Module.deleted_at).is_(None))
        .group_by(col(Checkpoint.id), col(Module.position))
        .order_by(col(Module.position), col(Checkpoint.position))
    )
    return tuple(
        Pile(
            checkpoint_id=id_,
            title=title,
            due_at=due_at,
            waiting=waiting,
            graded=graded,
            in_all=in_all,
            next_id=next_id,
        )
        for id_, title, due_at, waiting, graded, in_all, next_id in rows
    )


def of_assignment(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> tuple[Line, ...]:
    """Return all learners of an assignment in the order of the school: who has handed in what, and who is missing."""
    checkpoint = assignment_rules.taught(tx, actor, checkpoint_id)
    access.note_look(tx, actor, 'assignment', course=checkpoint.course_id)
    here = and_(col(Submission.user_id) == col(Enrollment.user_id), col(Submission.checkpoint_id) == checkpoint_id)
    rows = tx.execute(
        select(
            col(Enrollment.user_id),
            col(User.name),
            col(Enrollment.enrolled_at),
            col(Submission.id),
            col(Submission.number),
            col(Submission.state),
            col(Submission.submitted_at),
            col(Submission.late_seconds),
            col(Submission.grade),
        )  # not the texts of all tries of all learners
        .join(User, col(User.id) == col(Enrollment.user_id))
        .outerjoin(Submission, here)
        .where(col(Enrollment.course_id) == checkpoint.course_id, col(Enrollment.removed_at).is_(None))
        .order_by(col(Submission.number))
    )
    newest = {
        user_id: (name, since, _Newest(id_, number, state, submitted_at, late, grade))
        for user_id, name, since, id_, number, state, submitted_at, late, grade in rows
    }
    dues = assignment_rules.dues_of(tx, checkpoint)
    is_blind = assignment_rules.rules_of(tx, checkpoint_id).hides_names
    lines = [
        _line(tx, user_id, name, _seen(row, is_blind=is_blind), dues.get(user_id, checkpoint.due_at), since)
        for user_id, (name, since, row) in newest.items()
    ]
    return tuple(sorted(lines, key=lambda line: (name_order.key(line.name), line.user_id)))


def first_waiting(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> int | None:
    """Return a work of an assignment that waits for its grade, if there is any, without saying whose it is."""
    assignment_rules.taught(tx, actor, checkpoint_id)
    found: int | None = tx.session.scalar(select(_FIRST).where(col(Submission.checkpoint_id) == checkpoint_id))
    return found


def on_desk(tx: Transaction, actor: Actor | None, submission_id: int, *, names: bool | None = None) -> OnDesk:
    """Return what was handed in; a draft is its learner's alone.

    Names, and times which would give them away, are shown as the assignment says, or as `names` asks.
    """
    row = taught_work(tx, actor, submission_id)
    rules = assignment_rules.rules_of(tx, row.checkpoint_id)
    shows_name = not rules.hides_names if names is None else names
    files = submissions.files_of(tx, row.id)
    if shows_name:
        access.note_look(tx, actor, 'grading desk', course=row.course_id)
    graded, in_all = _counts(tx, row.checkpoint_id)
    return OnDesk(
        submission_id=row.id,
        checkpoint_id=row.checkpoint_id,
        course_id=row.course_id,
        user_id=row.user_id if shows_name else None,
        name=tx.session.get_one(User, row.user_id).name if shows_name else '',
        number=row.number,
        state=row.state,
        text=row.text,
        files=files if shows_name else _nameless(files),
        files_back=submissions.files_back(tx, row.id),
        submitted_at=row.submitted_at if shows_name else None,
        late=_late(tx, row) if shows_name else timedelta(0),
        grade=row.grade,
        feedback=row.feedback,
        choices=rubrics.choices_of(rules.rubric, rubrics.read_marks(row.marks)),
        graded_at=row.graded_at,
        fingerprint=fingerprint(row, files),
        graded_by=row.graded_by,
        grader=tx.session.get_one(User, row.graded_by).name if row.graded_by else '',
        graded=graded,
        in_all=in_all,
        rules=rules,
        next_id=_next(tx, row),
    )


class _Newest(NamedTuple):
    """What the list says of a try; all None where nothing was begun."""

    id: int | None
    number: int
    state: SubmissionState
    submitted_at: datetime | None
    late_seconds: int
    grade: int | None


def _seen(row: _Newest, *, is_blind: bool) -> _Newest | None:
    """Return what may be said of a try beside the name of its learner; None where nothing was begun."""
    if row.id is None:
        return None
    if is_blind and row.state is not SubmissionState.RETURNED:
        return row._replace(id=None, number=0, submitted_at=None, late_seconds=0, grade=None)
    return row


def _line(
    tx: Transaction, user_id: int, name: str, row: _Newest | None, due_at: datetime | None, since: datetime
) -> Line:
    is_open = row is None or row.state is SubmissionState.DRAFT
    is_past = is_open and due_at is not None and tx.now > due_at
    before = due_at is not None and was_before(due_at, since)
    return Line(
        user_id=user_id,
        name=name,
        submission_id=row.id if row else None,
        number=row.number if row else 0,
        state=row.state if row else None,
        submitted_at=row.submitted_at if row else None,
        late=assignment_rules.late_of(row.late_seconds, row.submitted_at, due_at) if row else timedelta(0),
        grade=row.grade if row else None,
        is_overdue=is_past and not before,
        was_before=is_past and before,
    )


def _nameless(files: Sequence[HandedFile]) -> tuple[HandedFile, ...]:
    return tuple(replace(file, name=submissions.nameless(file.name, file.file_id)) for file in files)


def _late(tx: Transaction, row: Submission) -> timedelta:
    if not row.late_seconds:
        return timedelta(0)
    due_at = assignment_rules.due_of(tx, tx.session.get_one(Checkpoint, row.checkpoint_id), row.user_id)
    return assignment_rules.late_of(row.late_seconds, row.submitted_at, due_at)


def fingerprint(row: Submission, files: Sequence[HandedFile]) -> str:
    """Return what tells this work from what was handed in in its place."""
    ids = ','.join(str(file.file_id) for file in files)
    return sha256(f'{ids}\n{row.text}'.encode()).hexdigest()


def _counts(tx: Transaction, checkpoint_id: int) -> tuple[int, int]:
    """Return how many works of an assignment are graded, and how many were handed in."""
    here = col(Submission.checkpoint_id) == checkpoint_id, col(Submission.state) != SubmissionState.DRAFT
    waits = case((col(Submission.state) == SubmissionState.SUBMITTED, 1), else_=0)
    in_all, waiting = tx.execute(select(func.count(), func.coalesce(func.sum(waits), 0)).where(*here)).one()
    return in_all - waiting, in_all


def _next(tx: Transaction, row: Submission) -> int | None:
    """Return the next try that waits, in the order in which they came; after the last one, from the first on."""
    waiting = (
        col(Submission.checkpoint_id) == row.checkpoint_id,
        col(Submission.state) == SubmissionState.SUBMITTED,
        col(Submission.id) != row.id,
    )
    found = select(col(Submission.id)).where(*waiting).order_by(col(Submission.submitted_at), col(Submission.id))
    after = tx.execute(found.where(col(Submission.submitted_at) >= row.submitted_at).limit(1)).scalar()
    return after if after is not None else tx.execute(found.limit(1)).scalar()


def taught_work(tx: Transaction, actor: Actor | None, submission_id: int, *, locked: bool = False) -> Submission:
    """Return work that was handed in, for those who teach its course; absent and not theirs look the same."""
    row = tx.session.get(Submission, submission_id, with_for_update=locked)
    access.taught_course(tx, actor, row.course_id if row else 0)
    if row is None or row.state is SubmissionState.DRAFT:
        raise NotFound(NO_SUBMISSION)
    return row
