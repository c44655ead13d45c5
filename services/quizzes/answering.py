"""Answers as they are given: each one saved at once, all that wait in one commit, each with a receipt of its own.

What an answer says stands beside the log, so that it can be erased; the log says that, when and where it was given.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from models import AttemptState, Verb
from services import access
from services.access import Actor
from services.activity import log, recording
from services.activity.log import Entry
from services.core import database, server_log
from services.core.errors import DomainError, Gone, Invalid, KeyTaken, NotFound, Refused, Removed
from services.core.events import Detail, Recorded
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.quizzes import answer_facts, grading
from services.quizzes.answer import UNREADABLE, Answer
from services.quizzes.answer_facts import Key, Paper, Row
from services.quizzes.attempts import LONGEST_LOOK
from services.quizzes.limits import GRACE
from services.quizzes.taking_answers import (
    FOR_ANOTHER,
    check_gesture,
    checked,
    gestures,
    giver,
    take_each,
    written,
)

_NO_ATTEMPT = phrase('There is no such attempt, or it is not yours.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer of one learner, as a page or a client gives it."""

    actor: Actor | None
    attempt_id: int
    position: int
    tap_id: str
    answer: Answer | None
    """None takes back what was answered"""
    confidence: int | None = None
    seconds: float = 0
    """for how long the question was looked at since the last save"""
    has_pasted: bool = False
    has_left: bool = False
    """whether the learner looked at another window since the last save, where a client can tell"""
    request_id: str = field(default_factory=server_log.request_id.get)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The answer is on disk."""

    attempt_id: int
    position: int
    at: datetime
    late_seconds: int = 0
    """by how much it came after the end, within the time that is allowed for the network"""
    is_checked: bool = False
    """whether it was graded at once, because the quiz shows after each answer what is right"""


Outcome = Saved | DomainError


async def save(given: Given) -> Saved:
    """Save one answer and return its receipt once it is on disk; raises why it was refused or not saved."""
    return await database.write_batched(save_all, given)


@database.quick
def save_all(tx: Transaction, many: list[Given]) -> list[Outcome]:
    """Save answers in the order in which they came; each gets its own outcome."""
    facts = _look_up(tx, many)
    entries: list[Entry] = []

    def take(given: Given) -> Saved:
        saved, entry = _take(tx, facts, given)
        entries.extend([entry] if entry else [])
        return saved

    def refused(given: Given, reason: str) -> None:
        tx.note('answer refused', request=given.request_id, attempt=given.attempt_id, reason=reason)

    outcomes = take_each(tx, many, take, refused)
    answer_facts.store(tx, facts.changed, facts.seen)
    recording.record(tx, entries)
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    devices: set[int]
    papers: Mapping[int, Paper]
    rows: dict[Key, Row]
    receipts: dict[tuple[int, str], Saved | None]
    """by (user id, tap id) of the gestures that are in the log already; None for one that was no answer"""
    changed: dict[Key, Row] = field(default_factory=dict)
    seen: dict[int, dict[str, object]] = field(default_factory=dict)


def _look_up(tx: Transaction, many: Sequence[Given]) -> _Facts:
    known = log.known(tx, gestures(many))
    return _Facts(
        devices=access.alive(tx, list({each.actor.sign_in_id for each in many if each.actor})),
        papers=answer_facts.papers(tx, {each.attempt_id for each in many}),
        rows=answer_facts.rows(tx, {(each.attempt_id, each.position) for each in many}),
        receipts={key: _first_receipt(each) for key, each in known.items()},
    )


def _take(tx: Transaction, facts: _Facts, given: Given) -> tuple[Saved, Entry | None]:
    """Take one answer into the facts; returns its receipt, and what the log is told of it.

    What has a receipt already gets the same one, also where an answer would be refused by now: it is on disk.
    """
    actor = giver(given, facts.devices)
    gesture = (actor.user_id, given.tap_id)
    if gesture in facts.receipts:
        first = facts.receipts[gesture]
        if first is None or (first.attempt_id, first.position) != (given.attempt_id, given.position):
            raise KeyTaken(FOR_ANOTHER)
        return first, None
    paper = _checked(tx, facts, given, actor)
    key = (given.attempt_id, given.position)
    before = facts.rows[key]
    late = max(0, math.ceil((tx.now - paper.ends_at).total_seconds())) if paper.ends_at else 0
    after = _answered(tx, paper, before, given)
    facts.rows[key] = facts.changed[key] = after
    _note_seen(tx, facts, given, paper, late)
    saved = Saved(
        attempt_id=given.attempt_id,
        position=given.position,
        at=tx.now,
        late_seconds=late,
        is_checked=after.credit is not None,
    )
    facts.receipts[gesture] = saved
    return saved, _entry(given, actor, paper, after.question_id, saved)


def _checked(tx: Transaction, facts: _Facts, given: Given, actor: Actor) -> Paper:
    """Return the attempt that an answer belongs to, or raise why it cannot be taken."""
    paper = facts.papers.get(given.attempt_id)
    if paper is None or paper.user_id != actor.user_id:
        raise NotFound(_NO_ATTEMPT)
    if (given.attempt_id, given.position) not in facts.rows:
        raise Refused(UNREADABLE)
    check_gesture(given.tap_id)
    if paper.is_removed:
        raise Removed
    if paper.is_archived:
        raise Gone('Your instructor has archived this course. What you answered is kept.')
    if paper.state is not AttemptState.IN_PROGRESS:
        raise Gone('This attempt was submitted already. What was saved until then counts.')
    if paper.ends_at is not None and tx.now > paper.ends_at + GRACE:
        raise Gone('The time is up. What was saved until then counts.')
    if paper.is_deleted:
        raise Gone('Your instructor has removed this quiz. What you answered is kept.')
    if paper.one_at_a_time and not paper.may_go_back and given.position < paper.place:
        raise Refused('In this quiz you cannot go back to a question that you have left.')
    return paper


def _answered(tx: Transaction, paper: Paper, before: Row, given: Given) -> Row:
    if before.credit is not None:
        raise Refused('This answer was checked already and cannot be changed.')
    if given.confidence is not None and not 1 <= given.confidence <= 5:
        raise Invalid('Confidence is a number from 1 to 5.', field='confidence')
    answer = checked(before.content, given.answer)
    kept = written(answer)
    credit = grading.grade(before.content, answer).credit if paper.shows_at_once and answer else None
    more = given.seconds if math.isfinite(given.seconds) else 0
    return replace(
        before,
        answer=kept,
        saved_at=tx.now,
        changes=before.changes + (before.answer is not None and before.answer != kept),
        seconds=before.seconds + round(min(max(more, 0), LONGEST_LOOK)),
        confidence=given.confidence if given.confidence and paper.asks_confidence else before.confidence,
        credit=credit,
    )


def _note_seen(tx: Transaction, facts: _Facts, given: Given, paper: Paper, late: int) -> None:
    seen = facts.seen.setdefault(
        given.attempt_id,
        {
            'at_attempt': given.attempt_id,
            'seen_at': tx.now,
            'late_seconds': paper.late_seconds,
            'times_left': paper.times_left,
            'times_pasted': paper.times_pasted,
        },
    )
    seen['late_seconds'] = max(int(str(seen['late_seconds'])), late)
    seen['times_left'] = int(str(seen['times_left'])) + given.has_left
    seen['times_pasted'] = int(str(seen['times_pasted'])) + given.has_pasted


def _entry(given: Given, actor: Actor, paper: Paper, question_id: int, saved: Saved) -> Entry:
    details: dict[str, Detail] = {'attempt': given.attempt_id, 'position': given.position, 'question': question_id}
    details |= {'late': saved.late_seconds} if saved.late_seconds else {}
    details |= {'checked': True} if saved.is_checked else {}
    return Entry(
        user_id=actor.user_id,
        tap_id=given.tap_id,
        verb=Verb.ANSWERED,
        course_id=paper.course_id,
        checkpoint_id=paper.checkpoint_id,
        session_id=paper.session_id,
        mode=paper.mode,
        zone=actor.time_zone,
        details=details,
    )


def _first_receipt(activity: Recorded) -> Saved | None:
    """Return the receipt that was given for an answer; None where the gesture was another one."""
    told = activity.details or {}
    if activity.verb is not Verb.ANSWERED:
        return None
    return Saved(
        attempt_id=int(told['attempt']),
        position=int(told['position']),
        at=activity.at,
        late_seconds=int(told.get('late', 0)),
        is_checked=bool(told.get('checked')),
    )
