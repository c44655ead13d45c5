"""Attempts at quizzes: begun once, gone on with on any device, and shown without the key.

An attempt keeps the questions that were drawn, in their versions and in the order in which they were shown. Its end is
fixed here when it begins; a page only displays it.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Checkpoint,
    CheckpointKind,
    DeviceClass,
    Mode,
    Quiz,
    Verb,
)
from services import access
from services.access import Actor
from services.activity import log, recording
from services.activity.log import Entry
from services.core.errors import Gone, NotFound, Refused
from services.core.events import Recorded
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.quizzes import beginning, drawing, past, quiz_settings
from services.quizzes.asked import Asked, asked_of, rows_of
from services.quizzes.limits import due_of, has_end, shows_key_when_due
from services.quizzes.limits import of_learner as limits_of
from services.quizzes.past import Past
from services.quizzes.quiz_settings import Fixed, Rules
from services.study import in_class, session_store

LONGEST_LOOK = 3600
"""seconds at most that one save adds to the time of a question"""
_NO_ATTEMPT = phrase('There is no such attempt, or it is not yours.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """On what somebody takes a quiz; kept so that a doubt can be cleared up."""

    kind: DeviceClass = DeviceClass.DESKTOP
    browser: str = ''
    address_hash: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a learner is told of a quiz before they begin."""

    checkpoint_id: int
    course_id: int
    title: str
    description: str
    rules: Rules
    minutes: int | None
    """with the extra time of the learner"""
    closes_at: datetime | None
    has_end: bool
    """whether it closes or is due at some time, so that what is shown after its close can be seen then"""
    again_until: datetime | None
    """When those who have passed, or are not told whether they have, begin no other attempt, as what is right is shown
    to them then; None for no such moment."""
    attempts_left: int | None
    """None for as many as one likes"""
    questions: int
    past: tuple[Past, ...]
    open_id: int | None
    """the attempt that is going on"""
    problem: Phrase | None
    """why no attempt can begin now"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An attempt that is going on, as its learner sees it."""

    attempt_id: int
    checkpoint_id: int
    course_id: int
    title: str
    number: int
    rules: Rules
    started_at: datetime
    ends_at: datetime | None
    extra_minutes: int
    place: int
    asked: tuple[Asked, ...]


def offer(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Offer:
    """Return what a learner is told of a quiz before they begin."""
    checkpoint = _quiz_checkpoint(tx, actor, checkpoint_id)
    actor = access.signed_in(tx, actor)
    quiz = beginning.quiz_of(tx, checkpoint)
    rules = quiz_settings.rules_of(quiz)
    mine = past.own(tx, actor.user_id, checkpoint_id)
    limits = limits_of(tx, quiz, actor.user_id)
    going_on = next((each.attempt_id for each in mine if each.state is AttemptState.IN_PROGRESS), None)
    left, knows_key = beginning.attempts_left(limits, mine), past.knows_key(tx, quiz, actor.user_id, mine)
    return Offer(
        checkpoint_id=checkpoint_id,
        course_id=checkpoint.course_id,
        title=checkpoint.title,
        description=checkpoint.description,
        rules=rules,
        minutes=limits.minutes,
        closes_at=limits.closes_at,
        has_end=has_end(tx, quiz),
        again_until=due_of(tx, quiz, actor.user_id) if shows_key_when_due(quiz) else None,
        attempts_left=0 if knows_key else left,
        questions=sum(
            1 if isinstance(each, Fixed) else each.count for each in quiz_settings.items_of(tx, checkpoint_id)
        ),
        past=mine,
        open_id=going_on,
        problem=None if going_on else beginning.problem_of(tx, quiz, limits, left, knows_key=knows_key),
    )


def start(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    tap_id: str,
    session_id: int | None = None,
    device: Device | None = None,
) -> int:
    """Begin an attempt and return its id; the one that is going on, where there is one.

    The same gesture again has begun the same one, also where none may begin by now.
    """
    actor = access.signed_in(tx, actor)
    if known := log.known(tx, [(actor.user_id, tap_id)]):
        return _attempt_of(*known.values())
    checkpoint = _quiz_checkpoint(tx, actor, checkpoint_id)
    beginning.check_learner(tx, actor.user_id, checkpoint)
    mine = past.own(tx, actor.user_id, checkpoint_id)
    if going_on := [each.attempt_id for each in mine if each.state is AttemptState.IN_PROGRESS]:
        return going_on[0]
    quiz = beginning.quiz_of(tx, checkpoint)
    rules = quiz_settings.rules_of(quiz)
    limits = limits_of(tx, quiz, actor.user_id)
    left, knows_key = beginning.attempts_left(limits, mine), past.knows_key(tx, quiz, actor.user_id, mine)
    if problem := beginning.problem_of(tx, quiz, limits, left, knows_key=knows_key):
        raise Refused(problem)
    drawn = drawing.drawn(tx, checkpoint, rules)
    device = device or Device()
    attempt = Attempt(
        user_id=actor.user_id,
        course_id=checkpoint.course_id,
        checkpoint_id=checkpoint_id,
        number=len(mine) + 1,
        is_practice=rules.is_practice,
        mode=Mode.SELF_PACED if session_id is None else Mode.LIVE,
        session_id=in_class.running(tx, checkpoint.course_id, session_id),
        started_at=tx.now,
        ends_at=limits.end(tx.now),
        seen_at=tx.now,
        possible=sum(each.points for each in drawn),
        passing_percent=rules.passing_percent,
        device=device.kind,
        browser=device.browser[:80],
        address_hash=device.address_hash,
    )
    tx.session.add(attempt)
    tx.session.flush()
    tx.session.add_all(drawing.place(attempt.id, position, each) for position, each in enumerate(drawn))
    tx.session.flush()
    _record_start(tx, actor, attempt, tap_id)
    session_store.attempt_quiz(tx, sign_in_id=actor.sign_in_id, course_id=attempt.course_id)
    return attempt.id


def paper(tx: Transaction, actor: Actor | None, attempt_id: int) -> Paper:
    """Return an attempt that is going on, for its learner alone."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is not AttemptState.IN_PROGRESS:
        raise Gone('This attempt was submitted. Your answers are kept.')
    checkpoint = tx.session.get_one(Checkpoint, attempt.checkpoint_id)
    quiz = tx.session.get_one(Quiz, attempt.checkpoint_id)
    rules = quiz_settings.rules_of(quiz)
    return Paper(
        attempt_id=attempt.id,
        checkpoint_id=attempt.checkpoint_id,
        course_id=attempt.course_id,
        title=checkpoint.title,
        number=attempt.number,
        rules=rules,
        started_at=attempt.started_at,
        ends_at=attempt.ends_at,
        extra_minutes=_extra_minutes(attempt, rules),
        place=attempt.place,
        asked=tuple(asked_of(row, content) for row, content in rows_of(tx, attempt_id)),
    )


def end_of(tx: Transaction, actor: Actor | None, attempt_id: int) -> datetime | None:
    """Return when an attempt of the actor ends, which may have become later; None without a limit."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is not AttemptState.IN_PROGRESS:
        raise Gone('This attempt was submitted. Your answers are kept.')
    return attempt.ends_at


def go_to(tx: Transaction, actor: Actor | None, attempt_id: int, *, position: int, seconds: float = 0) -> None:
    """Go to a question, where they are shown one at a time; `seconds` were spent at the one that is left."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is not AttemptState.IN_PROGRESS:
        raise Gone('This attempt was submitted. Your answers are kept.')
    quiz = tx.session.get_one(Quiz, attempt.checkpoint_id)
    if position < attempt.place and not (quiz.may_go_back or quiz.is_adaptive):
        raise Refused('In this quiz you cannot go back to a question that you have left.')
    if tx.session.get(AttemptAnswer, (attempt_id, position)) is None:
        raise NotFound('There is no such question in this quiz.')
    left = tx.session.get_one(AttemptAnswer, (attempt_id, attempt.place))
    left.seconds += round(min(max(seconds, 0), LONGEST_LOOK)) if math.isfinite(seconds) else 0
    attempt.place = position
    attempt.seen_at = tx.now
    tx.session.add_all([attempt, left])


def own_attempt(tx: Transaction, actor: Actor | None, attempt_id: int) -> Attempt:
    """Return an attempt of the actor; absent and not theirs look the same."""
    actor = access.signed_in(tx, actor)
    attempt = tx.session.get(Attempt, attempt_id)
    if attempt is None or attempt.user_id != actor.user_id:
        raise NotFound(_NO_ATTEMPT)
    return attempt


def taught_attempt(tx: Transaction, actor: Actor | None, attempt_id: int) -> Attempt:
    """Return an attempt in a course that the actor teaches; absent and not theirs look the same."""
    attempt = tx.session.get(Attempt, attempt_id)
    access.taught_course(tx, actor, attempt.course_id if attempt else 0)
    if attempt is None:
        raise NotFound(_NO_ATTEMPT)
    return attempt


def _quiz_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    checkpoint = access.checkpoint(tx, actor, checkpoint_id)
    if checkpoint.kind is not CheckpointKind.QUIZ:
        raise NotFound('This step is not a quiz.')
    return checkpoint


def _attempt_of(started: Recorded) -> int:
    """Return the attempt that an activity in the log began."""
    return int((started.details or {})['attempt'])


def _record_start(tx: Transaction, actor: Actor, attempt: Attempt, tap_id: str) -> None:
    begun = Entry(
        user_id=actor.user_id,
        tap_id=tap_id,
        verb=Verb.QUIZ_STARTED,
        course_id=attempt.course_id,
        checkpoint_id=attempt.checkpoint_id,
        session_id=attempt.session_id,
        mode=attempt.mode,
        zone=actor.time_zone,
        details={'attempt': attempt.id},
    )
    recording.record(tx, [begun, replace(begun, tap_id=f'{tap_id}:start', verb=Verb.STARTED, details=None)])


def _extra_minutes(attempt: Attempt, rules: Rules) -> int:
    """Return how many minutes of the limit are the learner's extra time."""
    if attempt.ends_at is None or rules.minutes is None:
        return 0
    has = round((attempt.ends_at - attempt.started_at) / timedelta(minutes=1))
    return max(0, has - rules.minutes)
