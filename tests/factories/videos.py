"""Videos in courses, and people who watch them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import time_machine
from sqlalchemy import select
from sqlmodel import col

from models import Activity, ContentPosition, Verb
from services.access import Actor
from services.content import video_progress
from services.content.uploads import attaching, storage
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import Found
from services.content.uploads.slots import VTT, WEBM, Part
from services.content.video_progress import Heartbeat, Watched
from services.content.video_tracker import Watch
from services.core import clock, database
from services.core.transaction import Transaction
from tests.factories import files
from tests.factories.classes import ClassAtHand, CourseAtHand
from tests.factories.people import a_guest

_numbers = count(1)


async def a_video(
    course: CourseAtHand | ClassAtHand, checkpoint: int, *, seconds: float | None = 100.0, stored_as: str = ''
) -> int:
    """Make a checkpoint a video of that length; whether there is a file is up to the test. Returns the id of the
    upload.
    """
    name = stored_as or f'video{next(_numbers)}.webm'
    given = Given(name=name, size=1, stored_as=name, found=Found(media_type=WEBM, seconds=seconds))
    return await database.write(attaching.attach, course.teacher, checkpoint, Part.VIDEO, given)


async def a_film(course: CourseAtHand | ClassAtHand, checkpoint: int, *, seconds: float, inside: Path) -> None:
    """Make a checkpoint a video with captions that browsers can play; `inside` is the data folder of their server."""
    name = f'film{checkpoint}.webm'
    captions = Given(name='film.vtt', size=1, stored_as=f'{name}.vtt', found=Found(media_type=VTT))
    await a_video(course, checkpoint, seconds=seconds, stored_as=name)
    await database.write(attaching.attach, course.teacher, checkpoint, Part.CAPTIONS, captions)
    uploads = inside / storage.folder().name
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / name).write_bytes(files.a_video(seconds=seconds, container='webm', codec='libvpx'))
    (uploads / captions.stored_as).write_bytes(files.CAPTIONS)


@dataclass(slots=True)
class Viewer:
    """Somebody in front of one page with a video; time passes only when they watch or wait."""

    learner: Actor | None
    checkpoint: int
    video: int
    seconds: float = 100.0
    at: float = 0.0
    now: float = 1000.0
    saved: Watched = field(default_factory=Watched)
    began: datetime = field(default_factory=lambda: clock.now() - timedelta(seconds=1000))
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.seconds, at=self.at)

    async def watches(self, seconds: float, *, rate: float = 1.0) -> None:
        """Play on for so long, with a heartbeat every five seconds, then pause."""
        self.watch.play(self.now)
        while seconds > 0:
            await self.hears_nothing_for(checkpoint := min(seconds, video_progress.HEARTBEAT), rate=rate)
            await self.is_asked()
            seconds -= checkpoint
        await self.pauses()

    async def hears_nothing_for(self, seconds: float, *, rate: float = 1.0) -> None:
        """Play on while the browser tells nothing."""
        self.watch.play(self.now)
        self.at = min(self.at + seconds * rate, self.seconds)
        self.now += seconds

    async def is_asked(self, answer: object = None) -> None:
        """Let the browser say where the video is."""
        self.watch.tell(self.at if answer is None else answer, self.now)
        await self.saves()

    async def pauses(self) -> None:
        self.watch.pause(self.now)
        await self.is_asked()

    async def jumps(self, to: float) -> None:
        self.watch.jump(self.now)
        self.at = to
        await self.is_asked()

    async def reaches_the_end(self) -> None:
        self.at = self.seconds
        self.watch.end(self.now)
        await self.saves()

    async def leaves(self) -> None:
        self.watch.leave(self.now)
        await self.saves()

    async def saves(self) -> None:
        told = self.watch.take()
        try:
            if told:
                beat = Heartbeat(actor=self.learner, checkpoint_id=self.checkpoint, file_id=self.video, told=told)
                with time_machine.travel(self.began + timedelta(seconds=self.now), tick=False):
                    self.saved = await video_progress.save(beat)
        except BaseException:
            self.watch.give_back(told)
            raise


async def a_viewer(course: CourseAtHand, *, learner: Actor | None = None, seconds: float = 100.0) -> Viewer:
    video = await a_video(course, course.checkpoints[0], seconds=seconds)
    return Viewer(learner or await a_guest(code=course.code), course.checkpoints[0], video, seconds)


async def row(viewer: Viewer) -> ContentPosition | None:
    assert viewer.learner
    key = viewer.learner.user_id, viewer.checkpoint
    return await database.read(lambda tx: tx.session.get(ContentPosition, key))


async def logged(verb: Verb) -> list[Activity]:
    def query(tx: Transaction) -> list[Activity]:
        return list(tx.session.scalars(select(Activity).where(col(Activity.verb) == verb).order_by(col(Activity.id))))

    return await database.read(query)


def seconds_seen(watched: Watched) -> float:
    return sum(stop - start for start, stop in watched.seen)
