"""What the parts of a learner's page share."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from services.access import Actor
from services.study.path import LessonStep, Place


class Lesson:
    """One step on one learner's page: who learns what, and how its parts reach each other."""

    def __init__(self, request: Request, actor: Actor, place: Place) -> None:
        self.request = request
        self.actor = actor
        self.place = place
        self.is_playing = False
        """a film is playing: whoever watches it is not idle"""
        self.position: Callable[[], float] | None = None
        """where in the content the learner is, in the unit of the content; None where there is no such thing"""
        self.go_to: Callable[[float], None] | None = None
        self.say: Callable[[str], object] = _nobody_listens
        self.show_seen: Callable[[int], object] = _nobody_listens
        """Shows how much of the content was seen, in percent."""
        self.completed: Callable[[], Awaitable[None]] = _nothing_to_do
        """Shows that the step has completed by itself; the database knows already."""
        self._touched: list[Callable[[], object]] = []
        self._leaving: list[Callable[[], Awaitable[None]]] = []

    @property
    def course_id(self) -> int:
        """The course."""
        return self.place.course_id

    @property
    def step(self) -> LessonStep:
        """The step, in full."""
        return self.place.step

    @property
    def is_counted(self) -> bool:
        """Whether what is done here counts: not for who teaches, not in a preview, not in a course put away."""
        return self.place.learns and not self.place.step.is_preview and not self.place.is_archived

    def touch(self) -> None:
        """Tell whoever listens that the learner did something."""
        for listener in self._touched:
            listener()

    def at_touch(self, listener: Callable[[], object]) -> None:
        """Have this called whenever the learner did something."""
        self._touched.append(listener)

    def at_leaving(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Have this awaited once, when the page is left."""
        self._leaving.append(callback)

    async def leave(self) -> None:
        """Let every part put away what it holds, once."""
        leaving, self._leaving = self._leaving, []
        for callback in leaving:
            await callback()


def _nobody_listens(_: object) -> None:
    """Do nothing until the page is there."""


async def _nothing_to_do() -> None:
    """Do nothing until the page is there."""
