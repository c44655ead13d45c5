"""Videos: how much of one a learner has really seen, saved every few seconds while it plays.

Saving takes all heartbeats that are waiting in one batch, as taps are taken. What is refused has a sentence; what a
browser tells that cannot be so is not refused, it only counts for nothing.
"""

import math
from collections.abc import Collection, Mapping, Sequence
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
from services.content.positions import Key, Position
from services.content.time_budget import affordable, credit
from services.content.video_tracker import UnsavedWatching
from services.core import database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.progress.auto_complete import ENOUGH, complete_by_itself

HEARTBEAT = 5.0
"""Seconds from one save to the next while a video plays, and at most until the first one."""
AT_THE_END = 1.0
"""Who left a video so many seconds before its end begins anew."""
LONGEST = 24 * 3600
"""Seconds that one stretch of watching can have lasted."""
SLACK = 1.0, 0.05
"""So many seconds, and no more than that part of the video, may be missing from what counts as all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """What one page has told of the video that it shows."""

    actor: Actor | None
    checkpoint_id: int
    file_id: int | None
    told: UnsavedWatching


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How far a learner is with a video."""

    position: float = 0.0
    """where to go on, in seconds; 0 where it begins anew"""
    seen: Seen = ()
    percent: int = 0
    """the share that was really seen"""
    is_complete: bool = False
    """whether the checkpoint has just completed by itself"""
    is_replaced: bool = False
    """whether there is another video by now, so that nothing was counted"""


Outcome = Watched | DomainError


async def save(heartbeat: Heartbeat) -> Watched:
    """Save what a page has told; raises why it was refused or not saved."""
    return await database.write_batched(save_all, heartbeat)


def so_far(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Watched:
    """Return how far somebody is with the video of a checkpoint; who has not begun has seen nothing of it."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    access.course(tx, actor, checkpoint.course_id if checkpoint else 0)
    assert actor is not None
    video = contents.videos(tx, [checkpoint_id]).get(checkpoint_id)
    found = positions.find(tx, actor.user_id, checkpoint_id)
    return _watched(found.of_file(video.file_id), video.end) if video and found else Watched()


@database.quick
def save_all(tx: Transaction, heartbeats: list[Heartbeat]) -> list[Outcome]:
    """Save heartbeats in the order in which they came; each gets its own outcome."""
    videos_by_checkpoint = contents.videos(tx, {each.checkpoint_id for each in heartbeats})
    refusals = _refusals(tx, heartbeats, videos_by_checkpoint)
    counted = [
        each
        for index, each in enumerate(heartbeats)
        if index not in refusals and videos_by_checkpoint[each.checkpoint_id].file_id == each.file_id
    ]
    tx.zones |= {each.actor.user_id: each.actor.time_zone for each in counted if each.actor}
    held = positions.hold(
        tx, [positions.beginning(tx, *_key(each), videos_by_checkpoint[each.checkpoint_id]) for each in counted]
    )
    before = {key: position.of_file(videos_by_checkpoint[key[1]].file_id) for key, position in held.items()}
    after = dict(before)
    for each in counted:
        after[_key(each)] = _moved(tx, after[_key(each)], each.told, videos_by_checkpoint[each.checkpoint_id].end)
    positions.store(tx, [after[key] for key in after if after[key] != held[key]])
    completed = {
        key for key in after if before[key].percent < ENOUGH <= after[key].percent and _complete(tx, after[key])
    }
    if ended := [_entry(each, videos_by_checkpoint[each.checkpoint_id]) for each in counted if each.told.watched >= 1]:
        recording.record(tx, ended)
    return [
        refusals.get(index)
        or _outcome(after.get(_key(each)), videos_by_checkpoint[each.checkpoint_id], each, completed)
        for index, each in enumerate(heartbeats)
    ]


def _refusals(
    tx: Transaction, heartbeats: Sequence[Heartbeat], videos_by_checkpoint: Mapping[int, Content]
) -> dict[int, DomainError]:
    """Return why heartbeats cannot be taken, by their places in the list."""
    course_ids = {video.course_id for video in videos_by_checkpoint.values()}
    learning = eligibility.learning(tx, [each.actor.sign_in_id for each in heartbeats if each.actor], course_ids)
    found: dict[int, DomainError] = {}
    for index, each in enumerate(heartbeats):
        try:
            eligibility.check(each.actor, videos_by_checkpoint.get(each.checkpoint_id), learning)
        except DomainError as refusal:
            found[index] = refusal
    return found


def _key(heartbeat: Heartbeat) -> Key:
    return heartbeat.actor.user_id if heartbeat.actor else 0, heartbeat.checkpoint_id


def _moved(tx: Transaction, before: Position, told: UnsavedWatching, seconds: float) -> Position:
    played = [stretch.seen for stretch in told.stretches]
    believed, left = affordable(tuple(played), credit(before.spent_until, tx.now, first=HEARTBEAT))
    seen = intervals.clamp([*before.seen, *believed], seconds) if believed else before.seen
    position = before.position
    if told.position is not None and math.isfinite(told.position):
        position = min(max(told.position, 0.0), seconds)
    return replace(
        before,
        position=position,
        seen=seen,
        furthest=seen[-1][1] if seen else 0.0,
        percent=intervals.percent(seen, seconds, slack=min(SLACK[0], SLACK[1] * seconds)),
        views=before.views + told.views,
        plays=before.plays + told.plays,
        pauses=before.pauses + told.pauses,
        seeks=before.seeks + told.seeks,
        finishes=before.finishes + told.finishes,
        updated_at=tx.now,
        spent_until=left.spent_until,
    )


def _complete(tx: Transaction, position: Position) -> bool:
    return complete_by_itself(
        tx, user_id=position.user_id, course_id=position.course_id, checkpoint_id=position.checkpoint_id
    )


def _entry(heartbeat: Heartbeat, video: Content) -> Entry:
    return Entry(
        user_id=_key(heartbeat)[0],
        tap_id=f'watched:{uuid4().hex}',
        verb=Verb.WATCHED,
        course_id=video.course_id,
        checkpoint_id=heartbeat.checkpoint_id,
        mode=Mode.SELF_PACED,
        seconds=int(min(heartbeat.told.watched, LONGEST)),
    )


def _outcome(position: Position | None, video: Content, heartbeat: Heartbeat, completed: Collection[Key]) -> Watched:
    if position is None or heartbeat.file_id != video.file_id:
        return Watched(is_replaced=True)
    return replace(_watched(position, video.end), is_complete=position.key in completed)


def _watched(position: Position, seconds: float) -> Watched:
    at = position.position if position.position < seconds - AT_THE_END else 0.0
    return Watched(position=at, seen=position.seen, percent=position.percent)
