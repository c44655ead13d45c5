"""Courses with a term of due dates, and learners who keep to them, or do not."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import time_machine

from services.access import Actor
from services.core import database
from services.courses.checkpoints import Details, edit
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest

BEGINS = datetime(2026, 2, 2, 8, tzinfo=UTC)
EVERY = timedelta(days=2)
"""so short a term is over before a sign-in ends"""
DILIGENT = ('Amina', 'Ben', 'Chen', 'Dora', 'Emil')
MIDDLE = BEGINS + 5 * EVERY + timedelta(days=1)
"""when five checkpoints have been due"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAtHand:
    """A course in which one checkpoint is due every other day, and its learners."""

    course: CourseAtHand
    learners: tuple[Actor, ...]
    begins: datetime

    @property
    def teacher(self) -> Actor:
        return self.course.teacher

    @property
    def course_id(self) -> int:
        return self.course.course_id

    def due(self, number: int) -> datetime:
        """When a checkpoint is due, from 0."""
        return self.begins + (number + 1) * EVERY


async def a_term(*, checkpoints: int = 10, learners: Sequence[str], begins: datetime = BEGINS) -> TermAtHand:
    """A course of twenty days, which everybody joins on the first."""
    with time_machine.travel(begins, tick=False):
        course = await a_course(title='Soil through the year', checkpoints=checkpoints)
        for number, checkpoint in enumerate(course.checkpoints):
            due_at = begins + (number + 1) * EVERY
            details = Details(title=f'Step {number + 1}', due_at=due_at)
            await database.write(edit, course.teacher, checkpoint, details=details)
        joined = [await a_guest(code=course.code, name=name) for name in learners]
    return TermAtHand(course=course, learners=tuple(joined), begins=begins)


async def keep_up(term: TermAtHand, *, until: int, who: Sequence[Actor], early: timedelta = EVERY / 2) -> None:
    """Let some learners hand in the first so many checkpoints, so long before each is due."""
    for number in range(until):
        async with on(term.due(number) - early):
            for learner in who:
                await mark(term.course.checkpoints[number], by=learner)


async def somebody_behind() -> TermAtHand:
    """Five learners who keep up, Finn who did one of five, and Gina who did nothing."""
    term = await a_term(learners=(*DILIGENT, 'Finn', 'Gina'))
    await keep_up(term, until=1, who=term.learners[:6])
    await keep_up(term, until=5, who=term.learners[:5])
    return term


@asynccontextmanager
async def on(moment: datetime) -> AsyncIterator[None]:
    """Be at a moment."""
    with time_machine.travel(moment, tick=False):
        yield
