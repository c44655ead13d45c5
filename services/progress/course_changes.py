"""Jobs that follow changes of courses: some learners in a commit, with everybody else's taps in between."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.core import database
from services.core.events import CourseChanged
from services.core.jobs import Kind
from services.core.transaction import Transaction

LOOK_EVERY = timedelta(seconds=30)


def follower(name: str, work: Callable[[], Awaitable[object]]) -> Kind:
    """Return a job that works soon after each change of a course, and else every half minute."""
    return Kind(
        name=name,
        work=lambda _: work(),
        repeats=LOOK_EVERY,
        woken_by=lambda event: isinstance(event, CourseChanged),
    )


async def work_off(is_due: Callable[[Transaction], bool], do_some: Callable[[Transaction], object]) -> None:
    """Do what is due, some in each commit, until `do_some` returns that there was nothing more."""
    if await database.read(is_due):  # nearly always nothing is: the writer is left alone
        while await database.write(do_some):
            pass
