"""The assignments of the Greek school: one in each state in which people can meet it."""

from collections.abc import Mapping
from datetime import timedelta

from services.access import Actor
from services.assignments import grading
from services.assignments.rules import Rules
from services.core import clock, database
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.people import joining
from services.rubrics import Choice, Criterion, Level
from tests.factories.assignments import PDF, AssignmentAtHand, add_file, an_assignment, hand_in, write
from tests.factories.classes import ClassAtHand

DETAILS = Details(title='Έκθεση', kind=CheckpointKind.ASSIGNMENT, description='Γράψε για το **χώμα**.')
RUBRIC = (Criterion(title='Λόγος', levels=(Level(points=5, text='καλός'), Level(points=2, text='κάπως'))),)


async def greek_assignments(klass: ClassAtHand, student: Actor) -> Mapping[str, tuple[str, ...]]:
    """Prepare assignments; returns the addresses of learners, of lists and of the desk."""
    await database.write(joining.join, student, code=klass.code)

    async def ask(rules: Rules, *, due_in: int = 30) -> AssignmentAtHand:
        due_at = clock.now() + timedelta(days=due_in)
        return await an_assignment(klass=klass, details=DETAILS, with_rules=rules, due_at=due_at)

    new, draft = await ask(Rules(is_graded=False)), await ask(Rules(may_resubmit=True))
    await write(draft, 'Άμμος.', by=student)
    await add_file(draft, PDF, name='Soil.pdf', by=student)
    late = await ask(Rules(), due_in=-2)
    handed = await hand_in(late, 'Άργιλος.', by=student)
    back = await ask(Rules(may_resubmit=True, rubric=RUBRIC))
    returned = await hand_in(back, 'Άμμος.', by=student)
    choices = [Choice(level=1, remark='Γιατί;')]
    await database.write(
        grading.grade, klass.teacher, returned, grade=None, choices=choices, feedback='Ξανά.', returns=True
    )
    await hand_in(back, 'Άμμος και άργιλος.', by=student)
    closed = await ask(Rules(takes_late=False), due_in=-1)
    lists = {
        each.checkpoint_id: f'/courses/{klass.course_id}/assignments/{each.checkpoint_id}' for each in (late, back)
    }
    return {
        'learner': tuple(f'/assignments/{each.checkpoint_id}' for each in (new, draft, late, back, closed)),
        'list': tuple(lists.values()),
        'desk': (f'{lists[late.checkpoint_id]}/{handed}', f'{lists[back.checkpoint_id]}/{returned}'),
    }
