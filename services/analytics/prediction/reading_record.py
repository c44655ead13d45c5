"""Reads the record of one course for its predictions, in seven statements whatever its size.

Nothing is read of a person but what they did in the course. A score counts from when its learner may see it, for
reasons are shown to the learner too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import bindparam, func, select

from models import (
    AssignmentExtension,
    Attempt,
    AttemptState,
    Checkpoint,
    Course,
    Enrollment,
    GradeOverride,
    Module,
    PredictionRun,
    Progress,
    Quiz,
    QuizException,
    Reveal,
    Submission,
    SubmissionState,
    User,
    table,
)
from services.analytics.prediction.facts import Floats
from services.analytics.prediction.record import DAY, Record, RecordedCheckpoint
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress.extra_time import own_due

USUAL_MINUTES = 15
"""how long a checkpoint takes that has no plan"""
SURELY_CLOSED = timedelta(days=1)
"""after its end a quiz has closed for everybody"""
FULL_SCORE = 100
"""extra credit counts as this: the rules were learned from scores up to it"""

Cell = tuple[int, int]
"""(row of a learner, column of a checkpoint)"""


def read(tx: Transaction, course: Course, earlier: Sequence[int] = ()) -> Record:
    """Return the record of a course; `earlier` are the courses that were earlier runs of it."""
    found = _CHECKPOINTS.rows(tx.connection, course=course.id)
    checkpoints = tuple(
        RecordedCheckpoint(checkpoint_id=id_, due=_days(due_at), minutes=minutes or USUAL_MINUTES)
        for id_, due_at, minutes, _ in found
    )
    places = _PLACES.rows(tx.connection, course=course.id)
    columns = {checkpoint.checkpoint_id: column for column, checkpoint in enumerate(checkpoints)}
    rows = {user_id: row for row, (user_id, *_) in enumerate(places)}
    due, done, score, scored = (
        np.full((len(rows), len(checkpoints)), empty) for empty in (np.nan, np.inf, np.nan, np.inf)
    )
    _fill_due(tx, course.id, found, places, due)
    for user_id, checkpoint_id, at in _DONE.rows(tx.connection, course=course.id):
        _earliest(done, rows.get(user_id), columns.get(checkpoint_id), at)
    _fill_work(tx, course.id, rows, columns, (due, done, score, scored))
    _leave_out_what_was_before(due, done, np.array([_days(place[1]) for place in places]))
    return Record(
        course_id=course.id,
        checkpoints=checkpoints,
        is_archived=course.archived_at is not None,
        people=np.array(list(rows), dtype=np.int64),
        enrolled=np.array([_days(place[1]) for place in places]),
        completed=np.array([_days(place[2], np.inf) for place in places]),
        is_paused=np.array([place[3] is not None for place in places], dtype=bool),
        due=due,
        done=done,
        score=score,
        scored=scored,
        earlier_runs=_earlier(tx, rows, earlier),
    )


def _fill_due(tx: Transaction, course_id: int, checkpoints: Sequence[Any], places: Sequence[Any], due: Floats) -> None:
    """Write down when each checkpoint is due for each learner: with their extra time, and with what was agreed."""
    if not len(places):
        return
    agreed = _agreed(tx, course_id)
    for column, (id_, due_at, _, created_at) in enumerate(checkpoints):
        if due_at is None:
            continue
        due[:, column] = _days(due_at)
        for row, (user_id, enrolled_at, _, _, extra_percent, group_id) in enumerate(places):
            if extra_percent:
                due[row, column] = _days(own_due(due_at, extra_percent, since=max(created_at, enrolled_at)))
            for later in (agreed.get((id_, user_id, None)), agreed.get((id_, None, group_id)) if group_id else None):
                if later is not None:
                    due[row, column] = max(due[row, column], _days(later))


def _fill_work(
    tx: Transaction, course_id: int, rows: Mapping[int, int], columns: Mapping[int, int], cells: tuple[Floats, ...]
) -> None:
    """Write down what was handed in, with the scores that its learners may know."""
    due, done, score, scored = cells
    for user_id, checkpoint_id, submitted_at, grade, returned_at in _SUBMISSIONS.rows(tx.connection, course=course_id):
        row, column = rows.get(user_id), columns.get(checkpoint_id)
        _earliest(done, row, column, submitted_at)
        if row is not None and column is not None and grade is not None and returned_at is not None:
            _better(score, scored, (row, column), grade, _days(returned_at))
    shown = _shown_from(tx, course_id)
    for user_id, checkpoint_id, submitted_at, points, graded_at in _ATTEMPTS.rows(tx.connection, course=course_id):
        row, column = rows.get(user_id), columns.get(checkpoint_id)
        _earliest(done, row, column, submitted_at)
        if row is None or column is None or points is None or graded_at is None:
            continue
        since = _shown(shown.get(checkpoint_id, 0.0), due[row, column])
        _better(score, scored, (row, column), points, max(_days(graded_at), since))
    for user_id, checkpoint_id, points, set_at in _OVERRIDES.rows(tx.connection, course=course_id):
        row, column = rows.get(user_id), columns.get(checkpoint_id)
        if row is None or column is None:
            continue
        if points is None:
            due[row, column] = np.nan  # excused
        score[row, column] = np.nan if points is None else min(points, FULL_SCORE)
        scored[row, column] = _days(set_at)


def _shown_from(tx: Transaction, course_id: int) -> dict[int, float]:
    """Return from when on each quiz shows its scores: 0 for at once, infinity for never, nan for when it is due."""
    shown: dict[int, float] = {}
    for id_, reveal, closes_at, latest in _QUIZZES.rows(tx.connection, course=course_id):
        if reveal is Reveal.NEVER:
            shown[id_] = np.inf
        elif reveal is Reveal.AFTER_CLOSE:
            ends = [each for each in (closes_at, latest) if each is not None]
            shown[id_] = _days(max(ends) + SURELY_CLOSED) if closes_at is not None else np.nan
    return shown


def _shown(since: float, due: float) -> float:
    """Return from when on a learner sees their score; a quiz without an end and without a due date never shows it."""
    if not np.isnan(since):
        return since
    return np.inf if np.isnan(due) else due


def _leave_out_what_was_before(due: Floats, done: Floats, enrolled: Floats) -> None:
    """Ask nothing of learners that was due before they joined, unless they did it all the same."""
    due[(due < enrolled[:, None]) & np.isinf(done)] = np.nan


def _agreed(tx: Transaction, course_id: int) -> dict[tuple[int, int | None, int | None], datetime]:
    rows = _EXTENSIONS.rows(tx.connection, course=course_id)
    return {(id_, user_id, group_id): due_at for id_, user_id, group_id, due_at in rows}


def _earlier(tx: Transaction, rows: Mapping[int, int], courses: Sequence[int]) -> Floats:
    """Return for each learner how many earlier runs of the course they did not complete."""
    runs = np.zeros(len(rows))
    if courses:
        for (user_id,) in _BEFORE.rows(tx.connection, courses=list(courses), now=tx.now):
            if user_id in rows:
                runs[rows[user_id]] += 1
    return runs


def _earliest(done: Floats, row: int | None, column: int | None, at: datetime | None) -> None:
    if row is not None and column is not None and at is not None:
        done[row, column] = min(done[row, column], _days(at))


def _better(score: Floats, scored: Floats, cell: Cell, points: float, since: float) -> None:
    if not points <= score[cell]:  # also where there is none yet
        score[cell], scored[cell] = points, since


def _days(moment: datetime | None, without: float = np.nan) -> float:
    return without if moment is None else moment.timestamp() / DAY


def days_of(moments: Iterable[datetime | None]) -> Floats:
    """Return moments as days since 1970."""
    return np.array([_days(moment) for moment in moments])


_checkpoints, _modules, _places, _users = table(Checkpoint), table(Module), table(Enrollment), table(User)
_progress, _submissions, _attempts = table(Progress), table(Submission), table(Attempt)
_quizzes, _exceptions, _extensions = table(Quiz), table(QuizException), table(AssignmentExtension)
_overrides, _courses, _runs = table(GradeOverride), table(Course), table(PredictionRun)
_whose = func.coalesce(_users.c.merged_into_id, _users.c.id)

_CHECKPOINTS = Prepared(
    select(_checkpoints.c.id, _checkpoints.c.due_at, _checkpoints.c.estimated_minutes, _checkpoints.c.created_at)
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .where(
        _checkpoints.c.course_id == bindparam('course'),
        _checkpoints.c.deleted_at.is_(None),
        _checkpoints.c.is_preview.is_(False),
    )
    .order_by(_modules.c.position, _modules.c.id, _checkpoints.c.position, _checkpoints.c.id)
)
_PLACES = Prepared(
    select(
        _places.c.user_id,
        _places.c.enrolled_at,
        _places.c.completed_at,
        _places.c.paused_at,
        _places.c.extra_percent,
        _places.c.group_id,
    )
    .where(_places.c.course_id == bindparam('course'), _places.c.removed_at.is_(None))
    .order_by(_places.c.user_id)
)
_DONE = Prepared(
    select(_progress.c.user_id, _progress.c.checkpoint_id, _progress.c.completed_at).where(
        _progress.c.course_id == bindparam('course'), _progress.c.completed_at.is_not(None)
    )
)
_SUBMISSIONS = Prepared(
    select(
        _whose,
        _submissions.c.checkpoint_id,
        _submissions.c.submitted_at,
        _submissions.c.grade,
        _submissions.c.returned_at,
    )
    .join(_users, _users.c.id == _submissions.c.user_id)
    .where(_submissions.c.course_id == bindparam('course'), _submissions.c.state != SubmissionState.DRAFT.value)
)
_ATTEMPTS = Prepared(
    select(_whose, _attempts.c.checkpoint_id, _attempts.c.submitted_at, _attempts.c.score, _attempts.c.graded_at)
    .join(_users, _users.c.id == _attempts.c.user_id)
    .where(
        _attempts.c.course_id == bindparam('course'),
        _attempts.c.is_practice.is_(False),
        _attempts.c.state != AttemptState.IN_PROGRESS.value,
    )
)
_QUIZZES = Prepared(
    select(_quizzes.c.checkpoint_id, _quizzes.c.shows_score, _quizzes.c.closes_at, func.max(_exceptions.c.closes_at))
    .outerjoin(_exceptions, _exceptions.c.checkpoint_id == _quizzes.c.checkpoint_id)
    .where(_quizzes.c.course_id == bindparam('course'))
    .group_by(_quizzes.c.checkpoint_id, _quizzes.c.shows_score, _quizzes.c.closes_at)
)
_EXTENSIONS = Prepared(
    select(_extensions.c.checkpoint_id, _extensions.c.user_id, _extensions.c.group_id, _extensions.c.due_at)
    .join(_checkpoints, _checkpoints.c.id == _extensions.c.checkpoint_id)
    .where(_checkpoints.c.course_id == bindparam('course'))
)
_OVERRIDES = Prepared(
    select(_overrides.c.user_id, _overrides.c.checkpoint_id, _overrides.c.score, _overrides.c.set_at).where(
        _overrides.c.course_id == bindparam('course')
    )
)
_BEFORE = Prepared(
    select(_places.c.user_id)
    .select_from(_places)
    .join(_courses, _courses.c.id == _places.c.course_id)
    .outerjoin(_runs, _runs.c.course_id == _places.c.course_id)
    .where(
        among(_places.c.course_id, 'courses'),
        _places.c.removed_at.is_(None),
        _places.c.completed_at.is_(None),
        _courses.c.deleted_at.is_(None),
        _courses.c.archived_at.is_not(None) | (_runs.c.judged_at <= bindparam('now', type_=_runs.c.judged_at.type)),
    )
)
"""only runs that are over: one that was deleted, or goes on beside this one, says nothing"""
