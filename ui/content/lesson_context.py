"""The context that all parts of a learner's page share."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from services.access import Actor
from services.study.lesson_checkpoints import LessonCheckpoint
from services.study.path import Place

Leave = Callable[[], Awaitable[object]]


class Lesson:
    """A checkpoint on a learner's page: both of them, and the functions by which the parts of it call each other."""

    def __init__(self, request: Request, actor: Actor, place: Place) -> None:
        self.request = request
        self.actor = actor
        self.place = place
        self.is_playing = False
        """a video is playing, so the learner is not idle"""
        self.position: Callable[[], float] | None = None
        """returns the position of the learner in the unit of the content; None where content has no positions"""
        self.go_to: Callable[[float], None] | None = None
        self.say: Callable[[str], object] = _nobody_listens
        self.show_seen: Callable[[int], object] = _nobody_listens
        """Shows how much of the content was seen, in percent."""
        self.completed: Callable[[], Awaitable[None]] = _nothing_to_do
        """Shows that the checkpoint has completed by itself; the database knows already."""
        self.look_at_content: Callable[[], Awaitable[None]] = _nothing_to_do
        """Reads and shows what was seen of the content, after it was seen on another device."""
        self._touched: list[Callable[[], object]] = []
        self._leaving: list[tuple[Leave, Leave]] = []
        """what each part awaits when the learner leaves the page, and when they sign out"""

    @property
    def course_id(self) -> int:
        """The course."""
        return self.place.course_id

    @property
    def checkpoint(self) -> LessonCheckpoint:
        """The checkpoint, in full."""
        return self.place.checkpoint

    @property
    def is_counted(self) -> bool:
        """Whether activity here counts: not for instructors, not in a preview, not in an archived course."""
        return self.place.learns and not self.place.checkpoint.is_preview and not self.place.is_archived

    def touch(self) -> None:
        """Notify all listeners that the learner did something."""
        for listener in self._touched:
            listener()

    def at_touch(self, listener: Callable[[], object]) -> None:
        """Call a listener each time that the learner does something."""
        self._touched.append(listener)

    def at_leaving(self, leave: Leave, *, signing_out: Leave | None = None) -> None:
        """Await a function once when the learner leaves the page; `signing_out` in its place when they sign out."""
        self._leaving.append((leave, signing_out or leave))

    async def leave(self) -> None:
        """Let every part save what it holds, once."""
        while self._leaving:
            leave, _ = self._leaving.pop(0)
            await leave()

    async def sign_out(self) -> None:
        """Let every part save what it holds before its learner signs out; afterwards nothing can be saved."""
        while self._leaving:
            _, sign_out = self._leaving.pop(0)
            await sign_out()


def _nobody_listens(_: object) -> None:
    """Do nothing until the page is there."""


async def _nothing_to_do() -> None:
    """Do nothing until the page is there."""
