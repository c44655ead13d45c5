"""Grades of assignments: the best one that was returned. Those that have no grade by their settings are not here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, true

from models import (
    Assignment,
    AssignmentExtension,
    Checkpoint,
    CheckpointKind,
    Enrollment,
    Submission,
    SubmissionState,
    User,
    table,
)
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.grades.results import Place, Reached, Results


def graded(tx: Transaction, course_id: int) -> set[int]:
    """Return the assignments of a course that are graded; one that nobody has set up has the usual rules, so it is.

    A preview is only looked at, and a checkpoint of another kind takes no work any more: both are no column.
    """
    return {checkpoint_id for (checkpoint_id,) in _GRADED.rows(tx.connection, course=course_id)}


def results(tx: Transaction, course_id: int, user_id: int | None = None) -> Results:
    """Return the grades that were returned, which work came late, and what waits for its grade.

    Work that came back while its assignment had no grades waits for one as soon as the assignment is graded.
    """
    asked = {'course': course_id} if user_id is None else {'course': course_id, 'user': user_id}
    handed_in, agreed = _EVERYBODY if user_id is None else _ONE
    rows = handed_in.rows(tx.connection, **asked)
    returned = [
        (grade, (who, checkpoint_id), late_at)
        for who, checkpoint_id, state, grade, late_at in rows
        if state is SubmissionState.RETURNED and grade is not None
    ]
    best = {key: (grade, late_at) for grade, key, late_at in sorted(returned, key=lambda each: each[0])}
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for (who, checkpoint_id), (grade, _) in best.items():
        scores[who][checkpoint_id] = grade
    return Results(
        by_learner=scores,
        late={key: late_at for key, (_, late_at) in best.items() if late_at},
        waiting={
            (who, checkpoint_id)
            for who, checkpoint_id, state, grade, *_ in rows
            if state is not SubmissionState.RETURNED or grade is None
        },
        later=_later(agreed.rows(tx.connection, **asked)),
    )


def reached(tx: Transaction, course_ids: Sequence[int], owners: Mapping[int, int]) -> Reached:
    """Return the best grades of some learners in some courses, what waits for one, and what was agreed.

    `owners` are the learners by their own ids, and by those of the guests who have turned out to be them.
    """
    courses, people = list(course_ids), list(owners)
    scores: dict[Place, dict[int, int]] = {}
    waiting: dict[Place, set[int]] = {}
    for course_id, whose, checkpoint_id, state, grade in _REACHED.rows(tx.connection, courses=courses, people=people):
        place = course_id, owners[whose]
        if state is SubmissionState.RETURNED and grade is not None:
            own = scores.setdefault(place, {})
            own[checkpoint_id] = max(grade, own.get(checkpoint_id, 0))
        else:
            waiting.setdefault(place, set()).add(checkpoint_id)
    later: dict[Place, dict[int, datetime]] = {}
    learners = sorted(set(owners.values()))
    for statement in _AGREED_WITH:
        for course_id, whose, checkpoint_id, due_at in statement.rows(tx.connection, courses=courses, people=learners):
            agreed = later.setdefault((course_id, whose), {})
            agreed[checkpoint_id] = max(due_at, agreed.get(checkpoint_id, due_at))
    return Reached(scores=scores, waiting=waiting, later=later)


def hidden_of(tx: Transaction, scored: Mapping[Place, Collection[int]]) -> Mapping[Place, set[int]]:
    """Return nothing, as `hidden` does."""
    return {}


def hidden(tx: Transaction, course_id: int, user_id: int) -> frozenset[int]:
    """Return nothing: a grade is in the book only once it was returned to its learner."""
    return frozenset()


def later(tx: Transaction, course_id: int) -> Mapping[int, Mapping[int, datetime]]:
    """Return the later due dates that were agreed on, by learner and checkpoint."""
    return _later(_EVERYBODY[1].rows(tx.connection, course=course_id))


def _later(rows: Iterable[tuple[int, int, datetime]]) -> Mapping[int, Mapping[int, datetime]]:
    """Return the later due dates that were agreed on with learners, or with the groups in which they are."""
    later: dict[int, dict[int, datetime]] = defaultdict(dict)
    for who, checkpoint_id, due_at in rows:
        later[who][checkpoint_id] = due_at
    return later


_submissions, _users, _enrollments = table(Submission), table(User), table(Enrollment)
_extensions, _checkpoints, _assignments = table(AssignmentExtension), table(Checkpoint), table(Assignment)
_GRADED = Prepared(
    select(_checkpoints.c.id)
    .outerjoin(_assignments, _assignments.c.checkpoint_id == _checkpoints.c.id)
    .where(
        _checkpoints.c.course_id == bindparam('course'),
        _checkpoints.c.kind == CheckpointKind.ASSIGNMENT,
        _checkpoints.c.is_preview.is_(False),
        func.coalesce(_assignments.c.is_graded, true()),
    )
)
_author = func.coalesce(_users.c.merged_into_id, _users.c.id)
_HANDED_IN = (
    select(
        _author,
        _submissions.c.checkpoint_id,
        _submissions.c.state,
        _submissions.c.grade,
        case((_submissions.c.late_seconds > 0, _submissions.c.submitted_at)),
    )  # not the texts: there may be a hundred thousand characters in each
    .join(_users, _users.c.id == _submissions.c.user_id)
    .where(_submissions.c.course_id == bindparam('course'), _submissions.c.state != SubmissionState.DRAFT)
    .order_by(_submissions.c.number.desc())
)
_person = func.coalesce(_extensions.c.user_id, _enrollments.c.user_id)
_in_group = (_enrollments.c.group_id == _extensions.c.group_id) & (_enrollments.c.course_id == _checkpoints.c.course_id)
_AGREED = (
    select(_person, _extensions.c.checkpoint_id, _extensions.c.due_at)
    .join(_checkpoints, _checkpoints.c.id == _extensions.c.checkpoint_id)
    .outerjoin(_enrollments, _in_group)
    .where(_checkpoints.c.course_id == bindparam('course'), _person.is_not(None))
    .order_by(_extensions.c.due_at)
)
_USER = bindparam('user', type_=_users.c.id.type)
_EVERYBODY = Prepared(_HANDED_IN), Prepared(_AGREED)
_ONE = Prepared(_HANDED_IN.where(_author == _USER)), Prepared(_AGREED.where(_person == _USER))
_IN_COURSES = among(_checkpoints.c.course_id, 'courses')
_REACHED = Prepared(
    select(
        _submissions.c.course_id,
        _submissions.c.user_id,
        _submissions.c.checkpoint_id,
        _submissions.c.state,
        _submissions.c.grade,
    ).where(
        among(_submissions.c.user_id, 'people'),
        among(_submissions.c.course_id, 'courses'),
        _submissions.c.state != SubmissionState.DRAFT,
    )
)
_AGREED_WITH = (
    Prepared(
        select(_checkpoints.c.course_id, _extensions.c.user_id, _extensions.c.checkpoint_id, _extensions.c.due_at)
        .join(_checkpoints, _checkpoints.c.id == _extensions.c.checkpoint_id)
        .where(among(_extensions.c.user_id, 'people'), _IN_COURSES)
    ),
    Prepared(
        select(_checkpoints.c.course_id, _enrollments.c.user_id, _extensions.c.checkpoint_id, _extensions.c.due_at)
        .select_from(_enrollments)
        .join(_extensions, _extensions.c.group_id == _enrollments.c.group_id)
        .join(_checkpoints, _checkpoints.c.id == _extensions.c.checkpoint_id)
        .where(
            among(_enrollments.c.user_id, 'people'),
            _IN_COURSES,
            _checkpoints.c.course_id == _enrollments.c.course_id,
        )
    ),
)
"""with learners themselves, and with the groups in which they are"""
