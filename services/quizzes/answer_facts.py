"""What an answer is checked against, read in two queries for all that wait; and how what changes is stored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update

from models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Checkpoint,
    Course,
    Enrollment,
    Mode,
    QuestionVersion,
    Quiz,
    Reveal,
    table,
)
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.quizzes import bank
from services.quizzes.question import Question

Key = tuple[int, int]
"""(attempt id, position)"""
_COUNTED = 'late_seconds', 'times_left', 'times_pasted'
"""what answers count up in their attempt"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An attempt, as far as an answer depends on it."""

    user_id: int
    course_id: int
    checkpoint_id: int
    session_id: int | None
    mode: Mode
    state: AttemptState
    ends_at: datetime | None
    place: int
    late_seconds: int
    times_left: int
    times_pasted: int
    is_removed: bool
    is_deleted: bool
    is_archived: bool
    may_go_back: bool
    one_at_a_time: bool
    asks_confidence: bool
    shows_at_once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is saved of one question."""

    attempt_id: int
    position: int
    question_id: int
    content: Question
    answer: str | None
    saved_at: datetime | None
    changes: int
    seconds: int
    confidence: int | None
    credit: int | None


def papers(tx: Transaction, attempt_ids: Collection[int]) -> dict[int, Paper]:
    """Return attempts by their ids, as far as answers depend on them."""
    return {id_: _paper(rest) for id_, *rest in _PAPERS.rows(tx.connection, attempts=list(attempt_ids))}


def rows(tx: Transaction, keys: Collection[Key]) -> dict[Key, Row]:
    """Return what is saved of some questions."""
    return {(row[0], row[1]): _row(row) for row in _ROWS.rows(tx.connection, keys=sorted(keys))}


def store(tx: Transaction, changed: Mapping[Key, Row], seen: Mapping[int, Mapping[str, object]]) -> None:
    """Store what answers have changed, in their rows and in their attempts."""
    _STORE.each(tx.connection, [_columns(row) for row in changed.values()])
    _SEEN.each(tx.connection, [dict(seen[id_]) for id_ in sorted(seen)])


_attempts, _answers, _versions = table(Attempt), table(AttemptAnswer), table(QuestionVersion)
_quizzes, _checkpoints, _courses, _enrollments = table(Quiz), table(Checkpoint), table(Course), table(Enrollment)

_PAPERS = Prepared(
    select(
        _attempts.c.id,
        _attempts.c.user_id,
        _attempts.c.course_id,
        _attempts.c.checkpoint_id,
        _attempts.c.session_id,
        _attempts.c.mode,
        _attempts.c.state,
        _attempts.c.ends_at,
        _attempts.c.place,
        _attempts.c.late_seconds,
        _attempts.c.times_left,
        _attempts.c.times_pasted,
        _enrollments.c.removed_at,
        _checkpoints.c.deleted_at,
        _courses.c.archived_at,
        _courses.c.deleted_at,
        _quizzes.c.may_go_back,
        _quizzes.c.one_at_a_time,
        _quizzes.c.asks_confidence,
        _quizzes.c.is_adaptive,
        _quizzes.c.shows_right,
        _quizzes.c.shows_solution,
        _quizzes.c.shows_feedback,
    )
    .join(_quizzes, _quizzes.c.checkpoint_id == _attempts.c.checkpoint_id)
    .join(_checkpoints, _checkpoints.c.id == _attempts.c.checkpoint_id)
    .join(_courses, _courses.c.id == _attempts.c.course_id)
    .join(
        _enrollments,
        and_(_enrollments.c.user_id == _attempts.c.user_id, _enrollments.c.course_id == _attempts.c.course_id),
    )
    .where(among(_attempts.c.id, 'attempts'))
)


def _paper(row: Sequence[object]) -> Paper:
    (
        *plain,
        removed_at,
        deleted_at,
        archived_at,
        course_deleted_at,
        back,
        one,
        confidence,
        adapts,
        right,
        solution,
        said,
    ) = row
    names = ('user_id', 'course_id', 'checkpoint_id', 'session_id', 'mode', 'state', 'ends_at', 'place')
    values = dict(zip((*names, *_COUNTED), plain, strict=True))
    return Paper(
        **values,  # type: ignore[arg-type]  # the columns have these types
        is_removed=removed_at is not None,
        is_deleted=deleted_at is not None or course_deleted_at is not None,
        is_archived=archived_at is not None,
        may_go_back=bool(back),
        one_at_a_time=bool(one),
        asks_confidence=bool(confidence),
        shows_at_once=bool(adapts) or Reveal.AFTER_ANSWER in (right, solution, said),
    )


_SAVED = ('answer', 'saved_at', 'changes', 'seconds', 'confidence', 'credit')
_ROWS = Prepared(
    select(
        _answers.c.attempt_id,
        _answers.c.position,
        _answers.c.question_id,
        _versions.c.id,
        _versions.c.content,
        *(_answers.c[name] for name in _SAVED),
    )
    .join(_versions, _versions.c.id == _answers.c.version_id)
    .where(number_pair_among(_answers.c.attempt_id, _answers.c.position, 'keys'))
)


def _row(row: Sequence[object]) -> Row:
    attempt_id, position, question_id, version_id, content, *saved = row
    return Row(
        attempt_id=int(str(attempt_id)),
        position=int(str(position)),
        question_id=int(str(question_id)),
        content=bank.content_of(int(str(version_id)), str(content)),
        **dict(zip(_SAVED, saved, strict=True)),  # type: ignore[arg-type]  # the columns have these types
    )


_STORE = Prepared(
    update(_answers)
    .where(_answers.c.attempt_id == bindparam('at_attempt'), _answers.c.position == bindparam('at_position'))
    .values({name: bindparam(name, type_=_answers.c[name].type) for name in _SAVED})
)
_SEEN = Prepared(
    update(_attempts)
    .where(_attempts.c.id == bindparam('at_attempt'))
    .values({name: bindparam(name, type_=_attempts.c[name].type) for name in ('seen_at', *_COUNTED)})
)


def _columns(row: Row) -> dict[str, object]:
    saved = {name: getattr(row, name) for name in _SAVED}
    return {'at_attempt': row.attempt_id, 'at_position': row.position} | saved
