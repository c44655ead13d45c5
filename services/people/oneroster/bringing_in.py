"""Brings an export in: slice by slice, so that no tap in a class waits long for the one writer.

What is done is what was shown: the export is planned again, and where the plan differs, nothing is done. One that was
interrupted is completed when it is brought in again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from services import access
from services.access import Actor
from services.core import database
from services.core.errors import Refused
from services.core.events import CourseChanged
from services.core.transaction import Transaction
from services.people.oneroster import placing, writing
from services.people.oneroster import plan as planning
from services.people.oneroster.known import slices
from services.people.oneroster.school import Roster
from services.people.oneroster.steps import OF_CLASSES, OF_PEOPLE, Plan, Step

SLICE = 100
"""steps in one transaction"""
CLASSES = 10
"""of which each is a course"""

Work = Callable[[Transaction, Actor | None, Roster, Sequence[Step]], set[int]]
_one_at_a_time = asyncio.Lock()


async def bring_in(
    actor: Actor | None,
    roster: Roster,
    *,
    mark: str,
    is_sure: bool = False,
    ties: Mapping[str, int] = MappingProxyType({}),
) -> Plan:
    """Do what a plan says, whose mark was shown to the admin; returns it. A second time changes nothing.

    Where more than a third of all places would end, the admin says that this is meant (`is_sure`).
    """
    async with _one_at_a_time:
        plan = await database.read(partial(planning.plan, ties=ties), actor, roster)
        if plan.mark != mark:
            raise Refused('Something has changed here since you looked. Choose the file again.')
        if plan.is_doubtful and not is_sure:
            raise Refused(
                'More than a third of all places would end. Tick that this is meant, or choose another export.'
            )
        people = [step for step in plan.steps if step.kind in OF_PEOPLE]
        classes = [step for step in plan.steps if step.kind in OF_CLASSES]
        places = [step for step in plan.steps if step.kind not in OF_PEOPLE | OF_CLASSES]
        await _do(actor, roster, people, writing.people, SLICE)
        courses = await _do(actor, roster, classes, writing.classes, CLASSES)
        courses |= await _do(actor, roster, places, placing.places, SLICE)
        await database.write(_close, actor, roster, plan, courses)
        return plan


async def _do(actor: Actor | None, roster: Roster, steps: list[Step], work: Work, size: int) -> set[int]:
    courses: set[int] = set()
    for some in slices(steps, size):
        courses |= await database.write(work, actor, roster, some)
    return courses


def _close(tx: Transaction, actor: Actor | None, roster: Roster, plan: Plan, courses: set[int]) -> None:
    """Publish once for each course that it has changed."""
    actor = access.admin(tx, actor)
    writing.note_classes(tx, roster)
    tx.announce(*(CourseChanged(course_id=course_id) for course_id in sorted(courses)))
    done = dict(Counter(step.kind.value for step in plan.steps))
    tx.note('school list', by=actor.user_id, version=roster.version, source=roster.source, done=done)
