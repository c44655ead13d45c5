"""Classes of any size, made as quickly as the one writer takes them: many at once."""

import asyncio
from collections.abc import Sequence

from services.core import database
from services.courses.checkpoints import add as add_checkpoints
from services.enums import NameDisplay
from services.live import sessions
from tests.factories.classes import ClassAtHand, a_course, join_class, tap
from tests.factories.people import a_guest

LONG_NAMES = (
    'Maximilian-Alexander Freiherr von Hohenstein-Wittgenstein',
    'علي بن أبي طالب',
    'Zoë 👩‍🔬 Ångström',
    '欧阳修远与他的朋友们',
    'מרים כהן',
    'Nguyễn Thị Minh Khai',
)
LONG_TITLES = (
    'Wet the sample and wait for the colour to settle completely',
    'قس درجة الحموضة في العينة الثانية ثم اكتبها',
    '土壌サンプルの色を観察して記録する',
    'Arbeitsblattvervollständigungsaufgabe',
    'Weigh it',
)


async def a_big_class(
    learners: int,
    *,
    checkpoints: int,
    names: Sequence[str] = (),
    titles: Sequence[str] = (),
    shown_as: NameDisplay = NameDisplay.ALIAS,
    most_taps: int = 12,
) -> ClassAtHand:
    """Return a running class in which so many have joined, the later ones with more checkpoints done."""
    title = 'Soil, and what lives in it'
    course = await a_course(checkpoints=0, title=f'{title}, as it was seen: {titles[0]}' if titles else title)
    lines = '\n'.join(titles[number % len(titles)] if titles else f'Step {number + 1}' for number in range(checkpoints))
    added = tuple(await database.write(add_checkpoints, course.teacher, course.module_id, lines=lines))
    session_id = await database.write(sessions.start, course.teacher, course.course_id)
    await database.write(sessions.set_names, course.teacher, course.course_id, shown_as)
    called = [f'{names[n % len(names)]}{"" if n < len(names) else f" {n}"}' for n in range(learners)] if names else []
    called = called or [f'Learner {number}' for number in range(learners)]
    joined = await asyncio.gather(*(a_guest(code=course.code, name=name) for name in called))
    filled = ClassAtHand(
        course_id=course.course_id,
        module_id=course.module_id,
        session_id=session_id,
        checkpoints=added,
        code=course.code,
        teacher=course.teacher,
        learners=tuple(joined),
    )
    await asyncio.gather(*(join_class(filled, by=who) for who in joined))
    await asyncio.gather(
        *(
            _work(filled, number, min(most_taps, number * (checkpoints + 1) // max(1, learners)))
            for number in range(learners)
        )
    )
    return filled


async def _work(klass: ClassAtHand, number: int, done: int) -> None:
    for checkpoint in klass.checkpoints[:done]:
        await tap(klass, checkpoint, by=klass.learners[number])
