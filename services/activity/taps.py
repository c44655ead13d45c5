"""The path of a tap, in class and self-paced: all taps that are waiting, in one batch.

Each is checked on its own (may this person do this now?), those that pass are recorded together,
and each is answered with a receipt or with the error that says why not.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models import Mode, Tapped, Verb, verbs_where
from services.access import Actor
from services.activity import log, recording
from services.activity.class_pauses import pause_sentence
from services.activity.log import Entry
from services.activity.tap_facts import Facts, look_up
from services.checkpoint_kinds import KINDS
from services.core import database, metrics, server_log
from services.core.errors import DomainError, Gone, NotEnrolled, NotFound, NotSignedIn, Refused, Removed
from services.core.events import Recorded
from services.core.phrases import phrase
from services.core.transaction import Transaction

NO_CHECKPOINT = phrase('There is no such step.')
CROSSING = timedelta(seconds=3)
"""How long after a pause a tap may arrive that was made before the learner's screen showed the pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One gesture of a learner: in a class, or, where `session_id` is None, on their own.

    `then` is a checkpoint that their screen goes on to and that they have not started yet.
    """

    actor: Actor | None
    session_id: int | None
    verb: Verb
    tap_id: str
    checkpoint_id: int | None = None
    then: int | None = None
    seconds: int | None = None
    """for a learner who left: for how long nothing had been heard of them"""
    on_its_way: bool = False
    """made on a screen that offered it: counts if the class was paused only a moment ago"""
    request_id: str = field(default_factory=server_log.request_id.get)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The tap is on disk: its place in the log. The same tap again gets the same receipt."""

    activity_id: int
    verb: Verb
    checkpoint_id: int | None
    at: datetime
    course_id: int


Outcome = Receipt | DomainError


async def take(tap: Tap) -> Receipt:
    """Take one tap and return its receipt once it is on disk; raises why it was refused or not saved."""
    return await database.write_batched(take_all, tap)


@database.quick
def take_all(tx: Transaction, taps: list[Tap]) -> list[Outcome]:
    """Take taps in the order in which they came; each gets its own outcome."""
    keys = [(tap.actor.user_id if tap.actor else 0, tap.tap_id) for tap in taps]
    facts = look_up(
        tx,
        sign_ins={tap.actor.sign_in_id for tap in taps if tap.actor},
        people={tap.actor.user_id for tap in taps if tap.actor},
        classes={tap.session_id for tap in taps if tap.session_id is not None},
        checkpoints={id_ for tap in taps for id_ in (tap.checkpoint_id, tap.then) if id_ is not None},
        keys=[key for key in keys if log.is_tap_id(key[1])],
    )
    first_receipts = log.known(tx, facts.known) if facts.known else {}
    tx.request_ids = {key[0]: tap.request_id for tap, key in zip(taps, keys, strict=True)}
    entries: dict[tuple[int, str], list[Entry]] = {}
    refusals: dict[int, DomainError] = {}
    for index, (tap, key) in enumerate(zip(taps, keys, strict=True)):
        try:
            course_id = _check(facts, tap)
        except DomainError as refusal:
            if key not in first_receipts:
                refusals[index] = refusal
                metrics.refused(type(refusal).__name__)
                tx.note('tap refused', request=tap.request_id, user=key[0], reason=type(refusal).__name__)
            continue
        if key not in first_receipts:
            entries.setdefault(key, [_entry(facts, tap, course_id), *_go_on(facts, tap, course_id)])
    if first_receipts:
        metrics.repeated(len(first_receipts))
    recorded = recording.record(tx, [entry for both in entries.values() for entry in both])
    receipts = first_receipts | {(activity.user_id, activity.tap_id): activity for activity in recorded}
    for tap, key in zip(taps, keys, strict=True):
        if key in entries:
            tx.note('tap', request=tap.request_id, user=key[0], verb=tap.verb, checkpoint=tap.checkpoint_id)
    return [refusals.get(index) or _receipt(receipts[key]) for index, key in enumerate(keys)]


def _check(facts: Facts, tap: Tap) -> int:
    """Return the id of the course that a tap belongs to, or raise why it cannot be taken."""
    if tap.actor is None or tap.actor.sign_in_id not in facts.devices:
        raise NotSignedIn
    if not log.is_tap_id(tap.tap_id) or tap.verb not in (_TAPPED_ALONE if tap.session_id is None else _TAPPED):
        raise Refused('This tap cannot be read. Load the page again.')
    return _check_alone(facts, tap) if tap.session_id is None else _check_in_class(facts, tap, tap.session_id)


def _check_in_class(facts: Facts, tap: Tap, session_id: int) -> int:
    if session_id not in facts.classes:
        raise NotFound(_NO_CHECKPOINT_IN_CLASS)
    course_id, ended, is_closed = facts.classes[session_id]
    if tap.verb not in _STAYS:
        _check_where(facts, tap, course_id)
    _check_place(facts, tap, course_id)
    if is_closed:
        raise Gone(_ARCHIVED)
    if ended and tap.verb is not Verb.LEFT:
        raise Gone('This class has ended. What you did is kept.')
    if tap.verb not in _STAYS:
        _check_pause(facts, tap, session_id)
        _check_checkpoint(facts, tap)
    return course_id


def _check_alone(facts: Facts, tap: Tap) -> int:
    course_id, _, _, is_closed = facts.checkpoints.get(tap.checkpoint_id or 0, _NO_CHECKPOINT)
    if not course_id:
        raise NotFound(NO_CHECKPOINT)
    _check_place(facts, tap, course_id)
    if is_closed:
        raise Gone(_ARCHIVED)
    _check_checkpoint(facts, tap)
    return course_id


def _check_where(facts: Facts, tap: Tap, course_id: int) -> None:
    """A class of others looks as if it were not there, unless it is there that somebody wants to mark."""
    its_course, *_ = facts.checkpoints.get(tap.checkpoint_id or 0, _NO_CHECKPOINT)
    if its_course != course_id:
        raise NotFound(_NO_CHECKPOINT_IN_CLASS)


def _check_place(facts: Facts, tap: Tap, course_id: int) -> None:
    assert tap.actor is not None
    is_removed = facts.places.get((tap.actor.user_id, course_id))
    if is_removed is None:
        raise NotEnrolled
    if is_removed:
        raise Removed


def _check_pause(facts: Facts, tap: Tap, session_id: int) -> None:
    paused_at, reason = facts.pauses.get(session_id, (None, ''))
    if paused_at is None or (tap.on_its_way and facts.now - paused_at < CROSSING):
        return
    raise Refused('{paused} Tap again when the class goes on.', paused=pause_sentence(reason))


def _check_checkpoint(facts: Facts, tap: Tap) -> None:
    _, deleted, preview, _ = facts.checkpoints.get(tap.checkpoint_id or 0, _NO_CHECKPOINT)
    if deleted:
        raise Gone('Your instructor has removed this step. It does not count now; go on with the next one.')
    if preview:
        raise Refused('A preview is only to be looked at; it is never marked.')
    if tap.checkpoint_id and tap.verb not in (traits := KINDS[facts.kinds[tap.checkpoint_id]]).taps:
        raise Refused('This step is {kind}, which nobody can mark by hand. Go on with the next one.', kind=traits.name)


def _entry(facts: Facts, tap: Tap, course_id: int) -> Entry:
    assert tap.actor is not None
    _, is_over, _ = facts.classes.get(tap.session_id or 0, _NO_CLASS)
    return Entry(
        user_id=tap.actor.user_id,
        tap_id=tap.tap_id,
        verb=tap.verb,
        course_id=course_id,
        checkpoint_id=tap.checkpoint_id,
        session_id=tap.session_id,
        mode=Mode.SELF_PACED if tap.session_id is None else Mode.LIVE,
        zone=tap.actor.time_zone,
        seconds=None if is_over else tap.seconds,  # the end of the class has ended the stay already
    )


def _go_on(facts: Facts, tap: Tap, course_id: int) -> list[Entry]:
    """Let a learner start the checkpoint to which their screen goes on, if it is one of the course."""
    its_course, deleted, preview, _ = facts.checkpoints.get(tap.then or 0, _NO_CHECKPOINT)
    if its_course != course_id or deleted or preview or Verb.STARTED not in KINDS[facts.kinds[tap.then or 0]].taps:
        return []
    return [
        replace(_entry(facts, tap, course_id), tap_id=f'{tap.tap_id}:start', verb=Verb.STARTED, checkpoint_id=tap.then)
    ]


def _receipt(activity: Recorded) -> Receipt:
    return Receipt(
        activity_id=activity.id,
        verb=activity.verb,
        checkpoint_id=activity.checkpoint_id,
        at=activity.at,
        course_id=activity.of_course,
    )


_TAPPED_ALONE = verbs_where(lambda traits: traits.tapped is Tapped.ANYWHERE)
_TAPPED = verbs_where(lambda traits: traits.tapped is not Tapped.NEVER)
_STAYS = verbs_where(lambda traits: traits.moves_attendance)

_NO_CHECKPOINT = (0, True, False, False)
_NO_CLASS = (0, False, False)
_NO_CHECKPOINT_IN_CLASS = phrase('There is no such class, or this step is not part of it.')
_ARCHIVED = phrase('Your instructor has archived this course. What you did is kept.')
