"""Answers to a question in class: on the path of a tap, all that wait in one commit, each with its own receipt.

What an answer says stands beside the log, so that it can be erased; the log says that and when it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from models import (
    Course,
    Enrollment,
    LiveAnswer,
    LiveQuestion,
    LiveQuestionState,
    LiveSession,
    Mode,
    QuestionVersion,
    Verb,
    table,
)
from services import access
from services.access import Actor
from services.activity import log, recording
from services.activity.log import Entry
from services.core import database, server_log
from services.core.errors import DomainError, Gone, KeyTaken, NotFound, Removed
from services.core.events import LiveQuestionAnswered, Recorded
from services.core.phrases import phrase
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.quizzes import bank
from services.quizzes.answer import Answer
from services.quizzes.question import Question
from services.quizzes.taking_answers import (
    FOR_ANOTHER,
    check_gesture,
    checked,
    gestures,
    giver,
    take_each,
    written,
)

SLACK = timedelta(seconds=2)
"""by how much an answer may arrive after the countdown: the network takes its time"""
LONGEST = 200
"""characters of a number or a word"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer of one learner, as a page or a client gives it."""

    actor: Actor | None
    live_question_id: int
    tap_id: str
    answer: Answer | None
    """None takes back what was answered"""
    request_id: str = field(default_factory=server_log.request_id.get)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The answer is on disk."""

    live_question_id: int
    at: datetime


Outcome = Saved | DomainError


async def save(given: Given) -> Saved:
    """Save one answer and return its receipt once it is on disk; raises why it was refused or not saved."""
    return await database.write_batched(save_all, given)


@database.quick
def save_all(tx: Transaction, many: list[Given]) -> list[Outcome]:
    """Save answers in the order in which they came; each gets its own outcome."""
    facts = _look_up(tx, many)

    def refused(given: Given, reason: str) -> None:
        tx.note('live answer refused', request=given.request_id, question=given.live_question_id, reason=reason)

    outcomes = take_each(tx, many, lambda given: _take(tx, facts, given), refused)
    _STORE.each(tx.connection, list(facts.changed.values()))
    tx.announce(*facts.events)
    recording.record(tx, facts.entries)
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question in class, as far as an answer depends on it."""

    course_id: int
    session_id: int
    question_id: int
    is_open: bool
    closes_at: datetime | None
    has_ended: bool
    is_archived: bool
    content: Question


_Key = tuple[int, int]
"""(live question id, user id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    devices: set[int]
    asked: dict[int, _Asked]
    places: dict[_Key, bool]
    """(user id, course id) → whether they were taken out of it"""
    receipts: dict[tuple[int, str], Saved | None]
    """by (user id, tap id) of the gestures that are in the log already; None for one that was no answer"""
    changes: dict[_Key, int]
    """how often each answer was given anew"""
    changed: dict[_Key, dict[str, object]] = field(default_factory=dict)
    events: list[LiveQuestionAnswered] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def _look_up(tx: Transaction, many: Sequence[Given]) -> _Facts:
    people = {each.actor.user_id for each in many if each.actor}
    pairs = sorted({(each.live_question_id, each.actor.user_id) for each in many if each.actor})
    questions = list({each.live_question_id for each in many})
    return _Facts(
        devices=access.alive(tx, list({each.actor.sign_in_id for each in many if each.actor})),
        asked={id_: _asked(rest) for id_, *rest in _ASKED.rows(tx.connection, questions=questions)},
        places={
            (user_id, course_id): removed_at is not None
            for user_id, course_id, removed_at in _PLACES.rows(tx.connection, people=list(people))
        },
        receipts={key: _first_receipt(each) for key, each in log.known(tx, gestures(many)).items()},
        changes={(id_, user_id): again for id_, user_id, again in _CHANGES.rows(tx.connection, keys=pairs)},
    )


def _take(tx: Transaction, facts: _Facts, given: Given) -> Saved:
    """Take one answer into the facts and return its receipt.

    The same gesture again changes nothing and has the same receipt, also where an answer would be refused by now.
    """
    actor = giver(given, facts.devices)
    gesture = (actor.user_id, given.tap_id)
    if gesture in facts.receipts:
        first = facts.receipts[gesture]
        if first is None or first.live_question_id != given.live_question_id:
            raise KeyTaken(FOR_ANOTHER)
        return first
    asked = _checked(facts, given, actor)
    key = (given.live_question_id, actor.user_id)
    if not asked.is_open or (asked.closes_at and tx.now > asked.closes_at + SLACK):
        raise Gone('Answers are not taken any more. What was saved until then counts.')
    kept = written(checked(asked.content, given.answer, longest=LONGEST))
    again = facts.changes[key] + 1 if key in facts.changes else 0
    facts.changes[key] = again
    facts.receipts[gesture] = saved = Saved(live_question_id=given.live_question_id, at=tx.now)
    facts.changed[key] = dict(zip(_COLUMNS, (*key, kept, tx.now, again), strict=True))
    facts.events.append(
        LiveQuestionAnswered(
            course_id=asked.course_id,
            user_id=actor.user_id,
            live_question_id=given.live_question_id,
            answer=kept,
        )
    )
    facts.entries.append(_entry(given, actor, asked))
    return saved


def _first_receipt(activity: Recorded) -> Saved | None:
    """Return the receipt that was given for an answer; None where the gesture was another one."""
    if activity.verb is not Verb.ANSWERED_IN_CLASS:
        return None
    return Saved(live_question_id=int((activity.details or {})['live_question']), at=activity.at)


def _checked(facts: _Facts, given: Given, actor: Actor) -> _Asked:
    """Return which question is answered, or raise why that cannot be."""
    check_gesture(given.tap_id)
    asked = facts.asked.get(given.live_question_id)
    is_removed = facts.places.get((actor.user_id, asked.course_id)) if asked else None
    if asked is None or is_removed is None:
        raise NotFound(_NO_QUESTION)  # absent and not theirs look the same
    if is_removed:
        raise Removed
    if asked.is_archived:
        raise Gone('Your instructor has archived this course. What you answered is kept.')
    if asked.has_ended:
        raise Gone('This class has ended. What you answered is kept.')
    return asked


def _entry(given: Given, actor: Actor, asked: _Asked) -> Entry:
    return Entry(
        user_id=actor.user_id,
        tap_id=given.tap_id,
        verb=Verb.ANSWERED_IN_CLASS,
        course_id=asked.course_id,
        session_id=asked.session_id,
        mode=Mode.LIVE,
        zone=actor.time_zone,
        details={'live_question': given.live_question_id, 'question': asked.question_id},
    )


def _asked(row: Sequence[object]) -> _Asked:
    course_id, session_id, question_id, state, put_away_at, closes_at, *rest = row
    ended_at, archived_at, deleted_at, version_id, content = rest
    assert closes_at is None or isinstance(closes_at, datetime)
    return _Asked(
        course_id=int(str(course_id)),
        session_id=int(str(session_id)),
        question_id=int(str(question_id)),
        is_open=state is LiveQuestionState.OPEN and put_away_at is None,
        closes_at=closes_at,
        has_ended=ended_at is not None,
        is_archived=archived_at is not None or deleted_at is not None,
        content=bank.content_of(int(str(version_id)), str(content)),
    )


_NO_QUESTION = phrase('There is no such question in class.')
_live_questions, _live_answers, _versions = table(LiveQuestion), table(LiveAnswer), table(QuestionVersion)
_sessions, _courses, _enrollments = table(LiveSession), table(Course), table(Enrollment)

_ASKED = Prepared(
    select(
        _live_questions.c.id,
        _live_questions.c.course_id,
        _live_questions.c.session_id,
        _live_questions.c.question_id,
        _live_questions.c.state,
        _live_questions.c.put_away_at,
        _live_questions.c.closes_at,
        _sessions.c.ended_at,
        _courses.c.archived_at,
        _courses.c.deleted_at,
        _versions.c.id,
        _versions.c.content,
    )
    .join(_sessions, _sessions.c.id == _live_questions.c.session_id)
    .join(_courses, _courses.c.id == _live_questions.c.course_id)
    .join(_versions, _versions.c.id == _live_questions.c.version_id)
    .where(among(_live_questions.c.id, 'questions'))
)
_PLACES = Prepared(
    select(_enrollments.c.user_id, _enrollments.c.course_id, _enrollments.c.removed_at).where(
        among(_enrollments.c.user_id, 'people')
    )
)
_CHANGES = Prepared(
    select(_live_answers.c.live_question_id, _live_answers.c.user_id, _live_answers.c.changes).where(
        number_pair_among(_live_answers.c.live_question_id, _live_answers.c.user_id, 'keys')
    )
)
_COLUMNS = ('live_question_id', 'user_id', 'answer', 'saved_at', 'changes')
_STORE = upsert(_live_answers, _COLUMNS, key=('live_question_id', 'user_id'))
