"""Documents, as Markdown or PDF: how much of one a learner has really read, saved every few seconds meanwhile."""

import math
from dataclasses import dataclass, replace
from uuid import uuid4

from models import Checkpoint, Mode, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.content import contents, eligibility, intervals, positions
from services.content.contents import Content
from services.content.intervals import Seen
from services.content.positions import Position
from services.content.reading import UnsavedReading
from services.core import database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.progress.auto_complete import ENOUGH, complete_by_itself

HEARTBEAT = 3.0
"""Seconds from one save to the next while somebody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How far somebody is with a document."""

    position: float = 0.0
    """where to go on: a page counted from 0, or a share of the text; 0 for a learner who has seen all of it"""
    furthest: float = 0.0
    seen: Seen = ()
    percent: int = 0
    """the share that was really seen"""
    is_complete: bool = False
    """whether the checkpoint has just completed by itself"""
    is_replaced: bool = False
    """whether there is another document by now, so that nothing was counted"""


@database.quick
def so_far(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Read:
    """Return how far somebody is with the document of a checkpoint; who has not begun has seen nothing of it."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    access.course(tx, actor, checkpoint.course_id if checkpoint else 0)
    assert actor is not None
    document = contents.document(tx, checkpoint_id)
    found = positions.find(tx, actor.user_id, checkpoint_id)
    return _read(found.of_file(document.file_id)) if document and found else Read()


@database.quick
def save(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, file_id: int | None, told: UnsavedReading
) -> Read:
    """Save what one page has told of the document that it shows; `file_id` is that of its PDF."""
    document, actor = _counted(tx, actor, checkpoint_id)
    if document.file_id != file_id:
        return Read(is_replaced=True)
    tx.zones[actor.user_id] = actor.time_zone
    held = positions.hold_one(tx, actor.user_id, checkpoint_id, document)
    before = held.of_file(file_id)
    after = _moved(tx, before, told, document.end)
    positions.store(tx, [after])
    is_complete = before.percent < ENOUGH <= after.percent and complete_by_itself(
        tx, user_id=actor.user_id, course_id=document.course_id, checkpoint_id=checkpoint_id
    )
    if told.seconds >= 1:
        recording.record(tx, [_entry(after, int(told.seconds))])
    return replace(_read(after), is_complete=is_complete)


@database.quick
def count_download(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> bool:
    """Count that a learner has saved the file of a document; returns whether it counts for this person."""
    try:
        document, actor = _counted(tx, actor, checkpoint_id)
    except DomainError:
        return False  # who may have the file was checked before; here is only whether it is counted
    held = positions.hold_one(tx, actor.user_id, checkpoint_id, document)
    positions.store(tx, [replace(held.of_file(document.file_id), downloads=held.downloads + 1, updated_at=tx.now)])
    return True


def _counted(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> tuple[Content, Actor]:
    """Return a document that the actor reads as a learner; raises why it does not count."""
    document = contents.document(tx, checkpoint_id)
    courses = [document.course_id] if document else []
    learning = eligibility.learning(tx, [actor.sign_in_id] if actor else [], courses)
    eligibility.check(actor, document, learning)
    assert document
    assert actor
    return document, actor


def _moved(tx: Transaction, before: Position, told: UnsavedReading, end: float) -> Position:
    seen = intervals.clamp([*before.seen, *told.seen], end)
    position = before.position
    if told.position is not None and math.isfinite(told.position):
        position = min(max(told.position, 0.0), end)
    return replace(
        before,
        position=position,
        furthest=max(before.furthest, position, seen[-1][1] if seen else 0.0),
        seen=seen,
        percent=intervals.percent(seen, end),
        views=before.views + told.views,
        updated_at=tx.now,
    )


def _entry(position: Position, seconds: int) -> Entry:
    return Entry(
        user_id=position.user_id,
        tap_id=f'read:{uuid4().hex}',
        verb=Verb.READ,
        course_id=position.course_id,
        checkpoint_id=position.checkpoint_id,
        mode=Mode.SELF_PACED,
        seconds=seconds,
    )


def _read(position: Position) -> Read:
    return Read(
        position=position.position if position.percent < 100 else 0.0,
        furthest=position.furthest,
        seen=position.seen,
        percent=position.percent,
    )
