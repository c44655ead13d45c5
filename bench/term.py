"""A term of a whole school: learners who take five of its courses each, with a hundred activities in each of them.

What happens is worked out from numbers, so that it is the same every time; `bench.term_rows` writes it down.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.access import Actor
from services.core import database
from services.courses import catalog, checkpoints, outline
from services.enums import CheckpointKind, Role

WEEKS, VISITS, CHECKPOINTS, TAKEN = 12, 3, 40, 5
"""weeks of a term, visits of a learner to a course in each of them, checkpoints of a course, courses of a learner"""
FIRST = 10_000
"""the id of the first learner"""
STUDY = 1_500
"""seconds of a visit, at least"""
_KINDS = {3: CheckpointKind.VIDEO, 5: CheckpointKind.QUIZ, 7: CheckpointKind.ASSIGNMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A learner begins one checkpoint of a course, and completes it or not."""

    learner: Actor
    number: int
    """of the visit in the whole school, from 1 on"""
    course_id: int
    week: int
    checkpoint: int
    place: int
    """of the checkpoint in the course"""
    begins: datetime
    joins: bool
    """whether they come to the class of the week as well"""

    @property
    def is_done(self) -> bool:
        """Whether the checkpoint is completed: three of four are."""
        return (self.learner.user_id + self.place) % 4 != 0

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return STUDY + self.number % 900

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.begins + timedelta(seconds=self.seconds)

    @property
    def score(self) -> int:
        """What was reached, where the checkpoint is scored."""
        return 40 + self.number * 7 % 61

    def completes(self, kind: CheckpointKind) -> bool:
        """Return whether a checkpoint of this kind is completed."""
        return self.is_done and kind_at(self.place) is kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The school: its teacher, its courses with their checkpoints, and its learners."""

    teacher: Actor
    courses: dict[int, tuple[int, ...]]
    learners: tuple[Actor, ...]
    begins: datetime
    """at midnight of the first day"""

    def taken(self, index: int) -> list[int]:
        """Return the courses that a learner takes."""
        ids = list(self.courses)
        most = min(TAKEN, len(ids))
        return [ids[(index + number * max(1, len(ids) // most)) % len(ids)] for number in range(most)]

    def visits(self, week: int) -> list[Visit]:
        """Return what happens in a week, in order."""
        found: list[Visit] = []
        before = 1 + week * VISITS * TAKEN * len(self.learners)
        for index, learner in enumerate(self.learners):
            for course_id in self.taken(index):
                for turn in range(VISITS):
                    place, number = week * VISITS + turn, before + len(found)
                    day, hour = (index + 2 * turn + course_id) % 7, 7 + (index + course_id) % 13
                    found.append(Visit(
                        learner=learner,
                        number=number,
                        course_id=course_id,
                        week=week,
                        checkpoint=self.courses[course_id][place],
                        place=place,
                        begins=self.begins + timedelta(weeks=week, days=day, hours=hour, seconds=number % 3_600),
                        joins=turn == 0 and (index + week) % 3 == 0,
                    ))  # fmt: skip
        return sorted(found, key=lambda visit: visit.begins)

    def everything(self) -> Iterator[Visit]:
        """Yield what happens, in order, a week in memory at a time."""
        for week in range(WEEKS):
            yield from self.visits(week)


async def plan(teacher: Actor, *, learners: int, courses: int, now: datetime) -> Term:
    """Make the courses of a school whose term ended yesterday; nobody learns in them yet."""
    return Term(
        teacher=teacher,
        courses=dict([await _course(teacher, number) for number in range(1, courses + 1)]),
        learners=tuple(
            Actor(user_id=FIRST + n, sign_in_id=FIRST + n, role=Role.STUDENT, name=f'Learner {n:04}', is_guest=True)
            for n in range(learners)
        ),
        begins=(now - timedelta(weeks=WEEKS)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
    )


def kind_at(place: int) -> CheckpointKind:
    """Return of which kind the checkpoint at a place is: of eight one is a video, one a quiz, and one an assignment."""
    return _KINDS.get(place % 8, CheckpointKind.MARKER)


async def _course(teacher: Actor, number: int) -> tuple[int, tuple[int, ...]]:
    course_id = await database.write(catalog.create, teacher, title=f'Course {number}')
    (section,) = await database.read(outline.sections, teacher, course_id)
    lines = '\n'.join(f'Step {checkpoint} ({15 + checkpoint % 4 * 10} min)' for checkpoint in range(1, CHECKPOINTS + 1))
    return course_id, tuple(await database.write(checkpoints.add, teacher, section.module_id, lines=lines))
