"""Classes with an assignment in their course."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models import CheckpointKind
from services.access import Actor
from services.assignments import desk, rules, submissions
from services.assignments.desk import Line
from services.assignments.rules import Rules
from services.assignments.submissions import Task
from services.content.uploads import handed_in
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import ClassAtHand, a_class

PDF = b'%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'
PNG = b'\x89PNG\r\n\x1a\n' + bytes(64)
DETAILS = Details(
    title='Soil report', kind=CheckpointKind.ASSIGNMENT, description='Describe the **soil** behind your house.'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAtHand:
    """A class that is running, with an assignment as the last checkpoint of its course."""

    klass: ClassAtHand
    checkpoint_id: int

    @property
    def teacher(self) -> Actor:
        return self.klass.teacher

    @property
    def learner(self) -> Actor:
        return self.klass.learner


async def an_assignment(
    *,
    with_rules: Rules | None = None,
    due_at: datetime | None = None,
    learners: Sequence[str] = ('Lena Learner',),
    klass: ClassAtHand | None = None,
    details: Details = DETAILS,
    is_set_up: bool = True,
) -> AssignmentAtHand:
    klass = klass or await a_class(checkpoints=1, learners=learners)
    details = replace(details, due_at=due_at)
    checkpoint_id = await database.write(checkpoints.add_one, klass.teacher, klass.course_id, details=details)
    if is_set_up:
        await database.write(rules.set_rules, klass.teacher, checkpoint_id, with_rules or Rules())
    return AssignmentAtHand(klass=klass, checkpoint_id=checkpoint_id)


async def seen_by(work: AssignmentAtHand, who: Actor | None = None) -> Task:
    return await database.read(submissions.task, who or work.learner, work.checkpoint_id)


async def write(work: AssignmentAtHand, text: str, *, by: Actor | None = None) -> datetime:
    """Type a text into the draft, after what is saved there."""
    tries = (await seen_by(work, by)).tries
    seen = tries[0].saved_at if tries else None
    return await database.write(submissions.save_text, by or work.learner, work.checkpoint_id, text=text, seen=seen)


async def hand_in(work: AssignmentAtHand, text: str = 'Sandy, and dry.', *, by: Actor | None = None) -> int:
    """Write a text and hand it in; returns the id of the try."""
    await write(work, text, by=by)
    assert await database.write(submissions.submit, by or work.learner, work.checkpoint_id)
    return (await seen_by(work, by)).tries[0].submission_id


async def add_file(
    work: AssignmentAtHand,
    content: bytes,
    *,
    name: str = 'soil.pdf',
    by: Actor | None = None,
    replaces: int | None = None,
) -> int:
    return await handed_in.take(
        by or work.learner, work.checkpoint_id, in_pieces(content), name=name, size=len(content), replaces=replaces
    )


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


async def listed(work: AssignmentAtHand) -> dict[str, Line]:
    lines = await database.read(desk.of_assignment, work.teacher, work.checkpoint_id)
    return {line.name: line for line in lines}
