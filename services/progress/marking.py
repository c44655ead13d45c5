"""Marks that clients make: a token, a tap, and how far the learner is then; all that are waiting, in one batch.

A client marks for the person whose token it holds; a service that an admin allowed to, for the learner it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select

from models import Certificate, Course, Enrollment, Mode, Scope, Verb, table
from services.access import Actor
from services.accounts import tokens
from services.accounts.tokens import Claim, TokenHolder
from services.activity import log, recording, taps
from services.activity.log import LONGEST_TAP_ID, Entry
from services.activity.taps import Receipt, Tap
from services.certificates.validity import VALID
from services.core import database, server_log
from services.core.errors import DomainError, Invalid, KeyTaken, NotFound, NotSignedIn, Refused
from services.core.secrets import new_id
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.enums import DeviceKind


class EventType(StrEnum):
    """What a tracking client tells of a learner at a checkpoint. Source: s3."""

    STARTED = 'started'
    COMPLETED = 'completed'
    MASTERED = 'mastered'


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a client asks for: in a class, or, where `session_id` is None, at the learner's own pace."""

    claim: Claim
    verb: Verb | EventType
    checkpoint_id: int
    key: str | None
    """the idempotency key, which becomes the tap id"""
    user_id: int | None = None
    """None for whose token it is"""
    session_id: int | None = None
    score: int | None = None
    """0 to 100; only a service may say what somebody has reached"""
    seconds: int | None = None
    """for how long the learner worked at it, as a service has measured"""
    request_id: str = field(default_factory=server_log.request_id.get)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The mark is on disk, and this is how far the learner is with the course now."""

    activity_id: int
    verb: Verb
    at: datetime
    user_id: int
    course_id: int
    checkpoint_id: int
    percent: int
    completed_at: datetime | None
    """when the course was completed first"""
    certificate: str | None
    """its serial"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What a tracking client is answered."""

    mark: Marked
    ignored: list[str]
    """what was sent and is not counted: what learners say of themselves is measured here instead"""


Outcome = Marked | DomainError


async def make(mark: Mark) -> Marked:
    """Make a mark and return once it is on disk; raises why it was refused or not saved."""
    return await database.write_batched(make_all, mark)


@database.quick
def make_all(tx: Transaction, marks: list[Mark]) -> list[Outcome]:
    """Make marks in the order in which they came; each gets its own outcome."""
    holders = tokens.holders(tx, {mark.claim for mark in marks})
    outcomes: dict[int, Receipt | DomainError] = {}
    allowed: dict[int, Tap] = {}
    services: set[int] = set()
    for index, mark in enumerate(marks):
        try:
            holder = holders.get(mark.claim)
            allowed[index] = _tap(mark, _learner(tx, mark, holder), holder)
            if holder and holder.kind is DeviceKind.SERVICE:
                services.add(index)
        except DomainError as refusal:
            outcomes[index] = refusal
    if allowed:
        outcomes |= zip(allowed, taps.take_all(tx, list(allowed.values())), strict=True)
    taken = {
        index: (tap.actor.user_id, outcome)
        for index, tap in allowed.items()
        if tap.actor and isinstance(outcome := outcomes[index], Receipt)
    }
    _record_scores(tx, [(marks[index], allowed[index], taken[index][1]) for index in services & taken.keys()])
    places = _places(tx, {(outcome.course_id, user_id) for user_id, outcome in taken.values()})
    return [
        _marked(mark, *taken[index], places) if index in taken else _refused(outcomes[index])
        for index, mark in enumerate(marks)
    ]


def _learner(tx: Transaction, mark: Mark, holder: TokenHolder | None) -> Actor:
    """Return for whom a mark is made; the holder of the token may do it for them."""
    if holder is None:
        raise NotSignedIn(tokens.ENDED)
    if holder.kind is not DeviceKind.SERVICE and mark.user_id in {None, holder.actor.user_id}:
        return holder.actor
    if mark.user_id is None:
        raise Invalid('A service says for whom it marks: send `user_id`.', field='user_id')
    return tokens.acting_for(tx, holder, mark.user_id, Scope.PROGRESS)


def _tap(mark: Mark, learner: Actor, holder: TokenHolder | None) -> Tap:
    return Tap(
        actor=learner,
        session_id=mark.session_id,
        verb=_verb(mark, holder),
        tap_id=_tap_id(mark.key),
        checkpoint_id=mark.checkpoint_id,
        request_id=mark.request_id,
    )


def _verb(mark: Mark, holder: TokenHolder | None) -> Verb:
    """Return what it is in the log; raises `Refused` for what nobody can say of themselves."""
    if mark.verb is not EventType.MASTERED:
        return Verb(mark.verb)
    if holder is None or holder.kind is not DeviceKind.SERVICE:
        raise Refused(
            'Mastery is measured with quizzes, or told by a service that an admin has allowed to. Send “completed” '
            'when a step is done.'
        )
    return Verb.COMPLETED


def _record_scores(tx: Transaction, told: Sequence[tuple[Mark, Tap, Receipt]]) -> None:
    """Record the scores that services tell, once for each mark."""
    entries = {}
    for mark, tap, receipt in told:
        course = tx.session.get_one(Course, receipt.course_id)
        is_mastered = mark.verb is EventType.MASTERED
        score = course.mastery_percent if mark.score is None and is_mastered else mark.score
        if score is None or tap.actor is None:
            continue
        key = tap.actor.user_id, f'{tap.tap_id}:score'
        entries[key] = Entry(
            user_id=key[0],
            tap_id=key[1],
            verb=Verb.GRADED,
            course_id=receipt.course_id,
            checkpoint_id=receipt.checkpoint_id,
            mode=Mode.SELF_PACED if mark.session_id is None else Mode.LIVE,
            score=score,
            seconds=mark.seconds,
            details={'mark': min(score, course.mastery_percent) if is_mastered else course.mastery_percent},
        )
    known = log.known(tx, list(entries)) if entries else {}
    recording.record(tx, [entry for key, entry in entries.items() if key not in known])


def _tap_id(key: str | None) -> str:
    if key is None:
        return new_id()
    return key if len(key) <= LONGEST_TAP_ID else sha256(key.encode()).hexdigest()[:LONGEST_TAP_ID]


def _refused(outcome: Receipt | DomainError) -> DomainError:
    assert isinstance(outcome, DomainError)
    if isinstance(outcome, NotFound) and outcome.sentence == taps.NO_CHECKPOINT:
        return NotFound('Lesson not found. Send the id of a checkpoint in one of your courses.')  # begins as s4 has it
    return outcome


_Place = tuple[int, datetime | None, str | None]
"""percent, when the course was completed, the serial of its certificate"""


def _marked(mark: Mark, user_id: int, receipt: Receipt, places: Mapping[tuple[int, int], _Place]) -> Outcome:
    verb = Verb.COMPLETED if mark.verb is EventType.MASTERED else mark.verb
    if (receipt.verb, receipt.checkpoint_id) != (verb, mark.checkpoint_id):
        return KeyTaken('This Idempotency-Key was used for another mark. Make a new one for each.')
    percent, completed_at, certificate = places[receipt.course_id, user_id]
    return Marked(
        activity_id=receipt.activity_id,
        verb=receipt.verb,
        at=receipt.at,
        user_id=user_id,
        course_id=receipt.course_id,
        checkpoint_id=mark.checkpoint_id,
        percent=percent,
        completed_at=completed_at,
        certificate=certificate,
    )


def _places(tx: Transaction, keys: set[tuple[int, int]]) -> dict[tuple[int, int], _Place]:
    if not keys:
        return {}
    rows = _PLACES.rows(tx.connection, places=sorted(keys))
    return {
        (course_id, user_id): (percent, completed_at, serial)
        for course_id, user_id, percent, completed_at, serial in rows
    }


_enrollments, _certificates = table(Enrollment), table(Certificate)
_PLACES = Prepared(
    select(
        _enrollments.c.course_id,
        _enrollments.c.user_id,
        _enrollments.c.percent,
        _enrollments.c.completed_at,
        _certificates.c.serial,
    )
    .outerjoin(
        _certificates,
        (_certificates.c.course_id == _enrollments.c.course_id)
        & (_certificates.c.user_id == _enrollments.c.user_id)
        & VALID,
    )
    .where(number_pair_among(_enrollments.c.course_id, _enrollments.c.user_id, 'places'))
)
