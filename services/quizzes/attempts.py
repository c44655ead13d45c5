"""Attempts at quizzes: begun once, gone on with on any device, and shown without the key.

An attempt keeps the questions that were drawn, in their versions and in the order in which they were shown. Its end is
fixed here when it begins; a page only displays it.
"""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import col

from models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Checkpoint,
    CheckpointKind,
    Course,
    DeviceClass,
    Enrollment,
    LiveSession,
    Mode,
    Question,
    QuestionVersion,
    Quiz,
    Verb,
)
from services import access
from services.access import Actor
from services.activity import log, recording
from services.activity.log import Entry
from services.core.errors import Gone, NotEnrolled, NotFound, Refused, Removed
from services.core.events import Recorded
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.quizzes import bank, grading, quiz_settings, revealing
from services.quizzes.answer import FORM, Answer
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.limits import Limits, attempts_of, has_end
from services.quizzes.limits import of_learner as limits_of
from services.quizzes.question import Question as Content
from services.quizzes.question import QuestionKind
from services.quizzes.quiz_settings import Fixed, QuizItem, Rules
from services.study import session_store

LONGEST_LOOK = 3600
"""seconds at most that one save adds to the time of a question"""
_random = secrets.SystemRandom()
_NO_ATTEMPT = phrase('There is no such attempt, or it is not yours.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """On what somebody takes a quiz; kept so that a doubt can be cleared up."""

    kind: DeviceClass = DeviceClass.DESKTOP
    browser: str = ''
    address_hash: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An attempt, as the list of a learner's own attempts has it."""

    attempt_id: int
    number: int
    state: AttemptState
    started_at: datetime
    submitted_at: datetime | None
    is_practice: bool
    score: int | None
    """None until it is graded, and until the learner may know it"""
    is_passed: bool | None


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
    attempts_left: int | None
    """None for as many as one likes"""
    questions: int
    past: tuple[Past, ...]
    open_id: int | None
    """the attempt that is going on"""
    problem: Phrase | None
    """why no attempt can begin now"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is shown to those who answer it: without anything that says what is right."""

    position: int
    kind: QuestionKind
    text: str
    points: Decimal
    rule: Phrase | None
    """how several parts of an answer count"""
    options: tuple[tuple[int, str], ...] = ()
    """(place, text) of options or parts, in the order in which they are shown"""
    lefts: tuple[str, ...] = ()
    rights: tuple[tuple[int, str], ...] = ()
    answer: Answer | None
    """what is saved"""
    saved_at: datetime | None
    confidence: int | None
    is_checked: bool
    """whether it was checked at once, so that it cannot be changed"""


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
    quiz = _quiz_of(tx, checkpoint)
    rules = quiz_settings.rules_of(quiz)
    mine = own(tx, actor.user_id, checkpoint_id)
    limits = limits_of(tx, quiz, actor.user_id)
    going_on = next((each.attempt_id for each in mine if each.state is AttemptState.IN_PROGRESS), None)
    left = _attempts_left(limits, mine)
    return Offer(
        checkpoint_id=checkpoint_id,
        course_id=checkpoint.course_id,
        title=checkpoint.title,
        description=checkpoint.description,
        rules=rules,
        minutes=limits.minutes,
        closes_at=limits.closes_at,
        has_end=has_end(tx, quiz),
        attempts_left=left,
        questions=sum(
            1 if isinstance(each, Fixed) else each.count for each in quiz_settings.items_of(tx, checkpoint_id)
        ),
        past=mine,
        open_id=going_on,
        problem=_problem(tx, quiz, limits, left) if going_on is None else None,
    )


def left(tx: Transaction, quiz: Quiz, attempt: Attempt) -> int | None:
    """Return how many more attempts the learner of an attempt has at its quiz; None for as many as they like."""
    allowed = None if quiz.is_practice else attempts_of(tx, quiz, attempt.user_id)
    if allowed is None:
        return None
    mine = col(Attempt.user_id) == attempt.user_id, col(Attempt.checkpoint_id) == attempt.checkpoint_id
    counted = select(func.count()).where(*mine, col(Attempt.is_practice).is_(False))
    return max(0, allowed - tx.execute(counted).scalar_one())


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
    _check_learner(tx, actor.user_id, checkpoint)
    mine = own(tx, actor.user_id, checkpoint_id)
    if going_on := [each.attempt_id for each in mine if each.state is AttemptState.IN_PROGRESS]:
        return going_on[0]
    quiz = _quiz_of(tx, checkpoint)
    rules = quiz_settings.rules_of(quiz)
    limits = limits_of(tx, quiz, actor.user_id)
    if problem := _problem(tx, quiz, limits, _attempts_left(limits, mine)):
        raise Refused(problem)
    drawn = _drawn(tx, checkpoint, rules)
    device = device or Device()
    attempt = Attempt(
        user_id=actor.user_id,
        course_id=checkpoint.course_id,
        checkpoint_id=checkpoint_id,
        number=len(mine) + 1,
        is_practice=rules.is_practice,
        mode=Mode.SELF_PACED if session_id is None else Mode.LIVE,
        session_id=_class_of(tx, checkpoint.course_id, session_id),
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
    tx.session.add_all(_place(attempt.id, position, each) for position, each in enumerate(drawn))
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


def rows_of(tx: Transaction, attempt_id: int) -> list[tuple[AttemptAnswer, Content]]:
    """Return the questions of an attempt in order, each with what its version says."""
    rows = tx.execute(
        select(AttemptAnswer, col(QuestionVersion.content))
        .join(QuestionVersion, col(QuestionVersion.id) == col(AttemptAnswer.version_id))
        .where(col(AttemptAnswer.attempt_id) == attempt_id)
        .order_by(col(AttemptAnswer.position))
    )
    return [(row, bank.content_of(row.version_id, content)) for row, content in rows]


def own(tx: Transaction, user_id: int, checkpoint_id: int) -> tuple[Past, ...]:
    """Return all attempts of a learner at a quiz, the first one first; the score where they may know it."""
    mine = col(Attempt.user_id) == user_id, col(Attempt.checkpoint_id) == checkpoint_id
    rows = tx.session.scalars(select(Attempt).where(*mine).order_by(col(Attempt.number))).all()
    sees_score = bool(rows) and revealing.of_quiz(tx, tx.session.get_one(Quiz, checkpoint_id), user_id).score
    return tuple(
        Past(
            attempt_id=row.id,
            number=row.number,
            state=row.state,
            started_at=row.started_at,
            submitted_at=row.submitted_at,
            is_practice=row.is_practice,
            score=row.score if sees_score else None,
            is_passed=row.is_passed if sees_score else None,
        )
        for row in rows
    )


def _quiz_of(tx: Transaction, checkpoint: Checkpoint) -> Quiz:
    """Return the quiz of a checkpoint; one that nobody has set up is not published."""
    unset = Quiz(checkpoint_id=checkpoint.id, course_id=checkpoint.course_id, updated_at=tx.now)
    return tx.session.get(Quiz, checkpoint.id) or unset


def _quiz_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    checkpoint = access.checkpoint(tx, actor, checkpoint_id)
    if checkpoint.kind is not CheckpointKind.QUIZ:
        raise NotFound('This step is not a quiz.')
    return checkpoint


def _check_learner(tx: Transaction, user_id: int, checkpoint: Checkpoint) -> None:
    mine = col(Enrollment.user_id) == user_id, col(Enrollment.course_id) == checkpoint.course_id
    # two devices of a learner begin one after the other
    place = tx.session.scalars(select(Enrollment).where(*mine).with_for_update()).one_or_none()
    if place is None:
        raise NotEnrolled
    if place.removed_at:
        raise Removed
    if tx.session.get_one(Course, checkpoint.course_id).archived_at:
        raise Gone('Your instructor has archived this course. What you did is kept.')
    if checkpoint.is_preview:
        raise Refused('A preview is only to be looked at; it is never marked.')


def _attempts_left(limits: Limits, mine: Sequence[Past]) -> int | None:
    if limits.attempts is None:
        return None
    return max(0, limits.attempts - sum(not each.is_practice for each in mine))


def _problem(tx: Transaction, quiz: Quiz, limits: Limits, left: int | None) -> Phrase | None:
    """Return why no attempt can begin now."""
    if not quiz.is_published:
        return phrase('This quiz is not open yet. Your instructor opens it.')
    if quiz.opens_at and tx.now < quiz.opens_at:
        return phrase('This quiz is not open yet.')
    if limits.closes_at and tx.now >= limits.closes_at:
        return phrase('This quiz has closed. Ask your instructor if you need more time.')
    if left == 0 and not quiz.is_practice:
        return phrase('You have used all your attempts at this quiz.')
    return None


def _class_of(tx: Transaction, course_id: int, session_id: int | None) -> int | None:
    session = tx.session.get(LiveSession, session_id) if session_id is not None else None
    return session.id if session and session.course_id == course_id and session.ended_at is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    version: QuestionVersion
    points: int
    shown: list[int]


def _drawn(tx: Transaction, checkpoint: Checkpoint, rules: Rules) -> list[_Drawn]:
    """Return the questions of a new attempt in the order in which they are shown."""
    chosen = _chosen(tx, checkpoint.course_id, quiz_settings.items_of(tx, checkpoint.id))
    if not chosen:
        raise Refused('This quiz has no question at the moment. Tell your instructor.')
    if rules.shuffles_questions:
        _random.shuffle(chosen)
    versions = _newest(tx, [question_id for question_id, _ in chosen])
    return [
        _Drawn(
            version=versions[question_id],
            points=versions[question_id].points if points is None else int(points * HUNDREDTHS),
            shown=_order(bank.content_of(versions[question_id].id, versions[question_id].content), rules),
        )
        for question_id, points in chosen
    ]


def _place(attempt_id: int, position: int, drawn: _Drawn) -> AttemptAnswer:
    return AttemptAnswer(
        attempt_id=attempt_id,
        position=position,
        question_id=drawn.version.question_id,
        version_id=drawn.version.id,
        points=drawn.points,
        shown=drawn.shown,
    )


def _attempt_of(started: Recorded) -> int:
    """Return the attempt that an activity in the log began."""
    return int((started.details or {})['attempt'])


def _chosen(tx: Transaction, course_id: int, items: Sequence[QuizItem]) -> list[tuple[int, Decimal | None]]:
    fixed = {each.question_id for each in items if isinstance(each, Fixed)}
    taken = set(fixed)
    chosen: list[tuple[int, Decimal | None]] = []
    for item in items:
        if isinstance(item, Fixed):
            chosen.append((item.question_id, item.points))
            continue
        left = [id_ for id_ in quiz_settings.drawable(tx, course_id, item.tag) if id_ not in taken]
        drawn = _random.sample(left, min(item.count, len(left)))
        taken.update(drawn)
        chosen += [(id_, item.points) for id_ in drawn]
    return chosen


def _newest(tx: Transaction, question_ids: Sequence[int]) -> dict[int, QuestionVersion]:
    newest = (
        select(QuestionVersion)
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(col(Question.id).in_(question_ids), col(QuestionVersion.number) == col(Question.version))
    )
    return {version.question_id: version for version in tx.session.scalars(newest)}


def _order(content: Content, rules: Rules) -> list[int]:
    """Return the order in which the parts of a question are shown; parts to be sorted never come sorted."""
    if content.kind is QuestionKind.ORDERING:
        places = list(range(len(content.order)))
        shuffled = places.copy()
        while shuffled == places:
            _random.shuffle(shuffled)
        return shuffled
    if content.kind is QuestionKind.MATCHING:
        firsts = {pair.right: place for place, pair in reversed(list(enumerate(content.pairs)))}
        places = sorted(firsts.values())
        _random.shuffle(places)
        return places
    places = list(range(len(content.options)))
    if content.kind is not QuestionKind.TRUE_FALSE and content.is_shuffled and rules.shuffles_options:
        _random.shuffle(places)
    return places


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


def asked_of(row: AttemptAnswer, content: Content) -> Asked:
    """Return a question of an attempt without anything that says what is right."""
    kind = content.kind
    options = content.order if kind is QuestionKind.ORDERING else tuple(each.text for each in content.options)
    is_matching = kind is QuestionKind.MATCHING
    return Asked(
        position=row.position,
        kind=kind,
        text=content.text,
        points=Decimal(row.points) / HUNDREDTHS,
        rule=grading.rule_of(content),
        options=() if is_matching else tuple((place, options[place]) for place in row.shown),
        lefts=tuple(pair.left for pair in content.pairs if pair.left),
        rights=tuple((place, content.pairs[place].right) for place in row.shown) if is_matching else (),
        answer=FORM.validate_json(row.answer) if row.answer is not None else None,
        saved_at=row.saved_at,
        confidence=row.confidence,
        is_checked=row.credit is not None,
    )


def count_open(tx: Transaction, checkpoint_id: int) -> int:
    """Return how many learners are in an attempt at a quiz."""
    where = col(Attempt.checkpoint_id) == checkpoint_id, col(Attempt.state) == AttemptState.IN_PROGRESS
    return tx.execute(select(func.count()).where(*where)).scalar_one()
