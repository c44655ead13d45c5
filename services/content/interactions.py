"""What a client tells of a video or a document that it showed: a sign of life, and what can have been seen of it.

It counts as far as there was time for it (see `credit`): of a video twice as much as has passed, of a document each
page or passage that needed no more time. What is told too early counts nothing, and can be told again later.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from models import Checkpoint
from services.access import Actor
from services.checkpoint_kinds import text_of
from services.content import contents, documents, intervals, passages, positions, reading, video_progress, video_tracker
from services.content.contents import Content
from services.content.intervals import Seen
from services.content.time_budget import LASTS, Credit, affordable, credit
from services.content.video_progress import Heartbeat
from services.content.video_tracker import Stretch
from services.core import database
from services.core.errors import DomainError, Invalid, NotFound
from services.core.transaction import Transaction
from services.study import api_sessions

OPENING = 1.0
"""Seconds for which a document may have been open before it was said that it is."""
BEYOND = 1.0
"""Seconds by which players and we may differ about how long a video is."""
MOST_TOLD = 100
"""How many ranges, pages or passages can be told at once."""
MOST_PIECES = 1000
"""Into how many pieces clients may tear what was seen."""


class Interaction(StrEnum):
    """What a learner did with a content. Source: s1."""

    VIEW = 'view'
    PROGRESS = 'progress'
    PLAY = 'play'
    PAUSE = 'pause'
    SEEK = 'seek'
    COMPLETE = 'complete'
    DOWNLOAD = 'download'


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a client tells; units as in `ContentPosition`."""

    interaction: Interaction
    position: float | None = None
    watched: Sequence[tuple[float, float]] = ()
    """what played of a video, in seconds from its beginning"""
    read: Sequence[int] = ()
    """the pages of a PDF, or the passages of a text, that were on the screen, counted from 1"""
    file_id: int | None = None
    """which file it was; None for the one that is there now"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """How far the learner is now."""

    position: float = 0.0
    """where to go on: seconds of a video, pages of a PDF counted from 0, or a share of a text"""
    furthest: float = 0.0
    seen: Seen = ()
    """what was really seen: from, to, in the same unit"""
    percent: int = 0
    """the share that was really seen"""
    too_early: float = 0.0
    """seconds of a video, or pages or passages, for which not enough time has passed yet: they count nothing so far"""
    is_complete: bool = False
    """whether the checkpoint has just completed by itself"""
    is_replaced: bool = False
    """whether there is another file by now, so that nothing was counted"""


async def prepare(checkpoint_id: int) -> None:
    """Read a long text beside the event loop and the writer, before something is told of it."""
    if body := await database.read(_body, checkpoint_id):
        await passages.prepare(body)


def tell(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, report: Report) -> Reported:
    """Take what a client tells; raises `Invalid`, and changes nothing, if it cannot be so."""
    video = contents.videos(tx, [checkpoint_id]).get(checkpoint_id)
    if report.interaction is Interaction.VIEW:
        api_sessions.view(tx, actor, checkpoint_id)
    else:
        api_sessions.use(tx, actor, checkpoint_id, plays=bool(video) and report.interaction in _PLAYING)
    assert actor is not None
    if video:
        return _tell_video(tx, actor, checkpoint_id, video, report)
    if document := contents.document(tx, checkpoint_id):
        return _tell_document(tx, actor, checkpoint_id, document, report)
    raise NotFound('There is nothing to watch or to read at this step.')


def _tell_video(tx: Transaction, actor: Actor, checkpoint_id: int, video: Content, report: Report) -> Reported:
    end = video.end
    furthest = end + BEYOND if end else math.inf  # of some videos it is not known how long they are
    _check_place(report.position, furthest)
    _check_ranges(report.watched, furthest)
    if report.read or report.interaction is Interaction.DOWNLOAD:
        raise Invalid('This is a video: say what was `watched`.', field='read')
    if report.file_id not in {None, video.file_id}:
        return Reported(is_replaced=True)
    held = positions.hold_one(tx, actor.user_id, checkpoint_id, video)
    told = intervals.clamp(report.watched, end)
    seen, _ = affordable(told, credit(held.spent_until, tx.now, first=video_progress.HEARTBEAT))
    _check_pieces(held.of_file(video.file_id).seen, seen)
    length = intervals.total(seen)
    words = video_tracker.UnsavedWatching(
        stretches=tuple(Stretch(start=start, stop=stop, elapsed=stop - start) for start, stop in seen),
        position=end if report.interaction is Interaction.COMPLETE else report.position,
        views=report.interaction is Interaction.VIEW,
        plays=report.interaction is Interaction.PLAY,
        pauses=report.interaction is Interaction.PAUSE,
        seeks=report.interaction is Interaction.SEEK,
        finishes=report.interaction is Interaction.COMPLETE,
        watched=length,
    )
    beat = Heartbeat(actor=actor, checkpoint_id=checkpoint_id, file_id=video.file_id, told=words)
    (outcome,) = video_progress.save_all(tx, [beat])
    if isinstance(outcome, DomainError):
        raise outcome
    return Reported(
        position=outcome.position,
        furthest=outcome.seen[-1][1] if outcome.seen else 0.0,
        seen=outcome.seen,
        percent=outcome.percent,
        too_early=round(intervals.total(told) - length, 3),
        is_complete=outcome.is_complete,
    )


def _tell_document(tx: Transaction, actor: Actor, checkpoint_id: int, document: Content, report: Report) -> Reported:
    _check_place(report.position, document.end)
    if report.watched or report.interaction in _OF_VIDEOS:
        raise Invalid('This is a document: say what was `read`.', field='watched')
    parts = _parts(tx, checkpoint_id, document)
    if len(report.read) > MOST_TOLD or any(not 1 <= number <= len(parts) for number in report.read):
        raise Invalid('Pages and passages count from 1 to {last} here.', last=len(parts), field='read')
    if report.file_id not in {None, document.file_id}:
        return Reported(is_replaced=True)
    held = positions.hold_one(tx, actor.user_id, checkpoint_id, document)
    left = credit(held.spent_until, tx.now, first=OPENING, lasts=max([LASTS, *(part.seconds for part in parts)]))
    told = [parts[number - 1] for number in sorted(set(report.read))]
    fresh = [part for part in told if not reading.covers(held.of_file(document.file_id).seen, part)]
    seen, left = _readable(fresh, left)
    words = reading.UnsavedReading(
        seen=intervals.merge((part.start, part.stop) for part in seen),
        position=document.end if report.interaction is Interaction.COMPLETE else report.position,
        views=report.interaction is Interaction.VIEW,
        seconds=math.fsum(part.seconds for part in seen),
    )
    positions.store(tx, [replace(held, spent_until=left.spent_until)])
    outcome = documents.save(tx, actor, checkpoint_id, file_id=document.file_id, told=words)
    if report.interaction is Interaction.DOWNLOAD:
        documents.count_download(tx, actor, checkpoint_id)
    return Reported(
        position=outcome.position,
        furthest=outcome.furthest,
        seen=outcome.seen,
        percent=outcome.percent,
        too_early=len(fresh) - len(seen),
        is_complete=outcome.is_complete,
    )


def _readable(fresh: Sequence[reading.ReadingPart], left: Credit) -> tuple[list[reading.ReadingPart], Credit]:
    """Return the parts that there was time for, and what time is left then."""
    seen: list[reading.ReadingPart] = []
    for part in fresh:
        if part.seconds <= left.seconds:
            seen.append(part)
            left = left.spend(part.seconds)
    return seen, left


def _parts(tx: Transaction, checkpoint_id: int, document: Content) -> Sequence[reading.ReadingPart]:
    if document.file_id is not None:
        return reading.pages(int(document.end))
    return [passage.part for passage in passages.passages(_body(tx, checkpoint_id))]


def _check_place(position: float | None, end: float) -> None:
    if position is not None and not (math.isfinite(position) and 0 <= position <= end):
        raise Invalid('This position is outside of the content.', field='position')


def _check_ranges(watched: Sequence[tuple[float, float]], end: float) -> None:
    if len(watched) > MOST_TOLD:
        raise Invalid('Send at most {most} ranges in one request.', most=MOST_TOLD, field='watched')
    for start, stop in watched:
        if not (math.isfinite(start) and math.isfinite(stop) and 0 <= start <= stop <= end):
            raise Invalid('A range goes from one second of the video to a later one.', field='watched')


def _check_pieces(before: Seen, more: Seen) -> None:
    if len(intervals.merge([*before, *more])) > max(MOST_PIECES, len(before)):
        raise Invalid('These ranges are too many and too short. Send longer ones.', field='watched')


@database.quick
def _body(tx: Transaction, checkpoint_id: int) -> str:
    """Return the text of a document; nothing where there is none."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    return text_of(checkpoint.kind, checkpoint.body, checkpoint.file_id) if checkpoint else ''


_PLAYING = {Interaction.PLAY, Interaction.PROGRESS}
_OF_VIDEOS = {Interaction.PLAY, Interaction.PAUSE, Interaction.SEEK}
