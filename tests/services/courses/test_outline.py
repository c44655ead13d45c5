"""The outline of a course: writing it down in lines, putting it in order, deleting and bringing back."""

import pytest

from services.core import database
from services.core.errors import Invalid, NotFound
from services.courses import catalog, checkpoints, modules, outline
from services.courses.checkpoints import Details
from services.courses.outline import Section
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.videos import a_video

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('C3', 'C5', 'C6')]


@pytest.mark.parametrize(
    ('line', 'title', 'minutes'),
    [
        ('Wet the sample', 'Wet the sample', None),
        ('Wet the sample (5 min)', 'Wet the sample', 5),
        ('Wet it (90 minutes)', 'Wet it', 90),
        ('Wet it (5m)', 'Wet it', 5),
        ('Wet it (5 MIN.)  ', 'Wet it', 5),
        ('Wet it (twice)', 'Wet it (twice)', None),
        ('- Wet it', 'Wet it', None),
        ('* Wet it', 'Wet it', None),
        ('• Wet it', 'Wet it', None),
        ('3. Wet it', 'Wet it', None),
        ('12) Wet it (2 min)', 'Wet it', 2),
        ('[ ] Wet it', 'Wet it', None),
        ('3.5 ml of water', '3.5 ml of water', None),
        ('-5 degrees', '-5 degrees', None),
        ('  a \t lot   of space ', 'a lot of space', None),
        ('Feuchte die Probe an 💧', 'Feuchte die Probe an 💧', None),
    ],
)
async def test_a_pasted_line_is_read_as_it_was_meant(line: str, title: str, minutes: int | None) -> None:
    course = await a_course(checkpoints=0)

    await database.write(checkpoints.add, course.teacher, course.module_id, lines=line)

    ((details,),) = [
        [checkpoint.details for checkpoint in section.checkpoints] for section in await read_outline(course)
    ]
    assert (details.title, details.estimated_minutes) == (title, minutes)


async def test_empty_lines_are_left_out_and_the_order_is_kept() -> None:
    course = await a_course(checkpoints=1)

    await database.write(checkpoints.add, course.teacher, course.module_id, lines='\n  A\r\n\n\n1. B\n - \nC\n')

    assert await titles(course) == [['Step 1', 'A', 'B', 'C']]


@pytest.mark.parametrize('lines', ['', ' \n\n', '- \n2. \n'])
async def test_nothing_but_empty_lines(lines: str) -> None:
    course = await a_course(checkpoints=0)

    with pytest.raises(Invalid, match='at least one step'):
        await database.write(checkpoints.add, course.teacher, course.module_id, lines=lines)


@pytest.mark.parametrize('line', ['Wet it (0 min)', 'Wet it (1441 min)'])
async def test_one_line_that_cannot_be_taken_takes_none(line: str) -> None:
    course = await a_course(checkpoints=0)

    with pytest.raises(Invalid):
        await database.write(checkpoints.add, course.teacher, course.module_id, lines=f'Good\n{line}\nGood')

    assert await titles(course) == [[]]


async def test_a_course_has_an_end() -> None:
    course = await a_course(checkpoints=0)
    most = '\n'.join(f'Step {number}' for number in range(checkpoints.MOST_CHECKPOINTS))
    await database.write(checkpoints.add, course.teacher, course.module_id, lines=most)

    with pytest.raises(Invalid, match='at most 500 steps; it has 500'):
        await database.write(checkpoints.add, course.teacher, course.module_id, lines='One more')


async def test_checkpoints_move_within_and_across_modules() -> None:
    course = await a_course(checkpoints=3)
    first, second, third = course.checkpoints
    more = await database.write(modules.add, course.teacher, course.course_id, title='More')

    await move(course, third, to=course.module_id, index=0)
    assert await titles(course) == [['Step 3', 'Step 1', 'Step 2'], []]
    await move(course, first, to=more, index=99)
    await move(course, second, to=more, index=-1)
    assert await titles(course) == [['Step 3'], ['Step 2', 'Step 1']]
    await move(course, first, to=course.module_id, index=1)
    assert await titles(course) == [['Step 3', 'Step 1'], ['Step 2']]


async def test_a_checkpoint_cannot_move_to_another_course_of_the_same_instructor() -> None:
    course = await a_course()
    other = await a_course(by=course.teacher)

    with pytest.raises(NotFound):
        await move(course, course.checkpoints[0], to=other.module_id, index=0)


async def test_modules_move_and_are_renamed() -> None:
    course = await a_course(checkpoints=1)
    more = await database.write(modules.add, course.teacher, course.course_id, title='  More   to do ')

    await database.write(modules.move, course.teacher, more, index=0)
    await database.write(modules.edit, course.teacher, course.module_id, title='Last')

    assert [section.title for section in await read_outline(course)] == ['More to do', 'Last']


@pytest.mark.req('C3')
async def test_a_module_is_described_and_its_title_and_description_change_apart() -> None:
    course = await a_course(checkpoints=1)
    await database.write(modules.edit, course.teacher, course.module_id, description='  Bring **boots**. ')
    await database.write(modules.edit, course.teacher, course.module_id, title='Outside')
    await database.write(modules.add, course.teacher, course.course_id, title='Inside', description='Dry.')

    copy_id = await database.write(catalog.duplicate, course.teacher, course.course_id)

    wanted = [('Outside', 'Bring **boots**.'), ('Inside', 'Dry.')]
    assert [(section.title, section.description) for section in await read_outline(course)] == wanted
    copied = await database.read(outline.sections, course.teacher, copy_id)
    assert [(section.title, section.description) for section in copied] == wanted
    with pytest.raises(Invalid, match='too long'):
        await database.write(modules.edit, course.teacher, course.module_id, description='x' * 10_001)


async def test_a_deleted_checkpoint_comes_back_where_it_was() -> None:
    course = await a_course(checkpoints=3)

    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
    assert await titles(course) == [['Step 1', 'Step 3']]
    await database.write(checkpoints.restore, course.teacher, course.checkpoints[1])

    assert await titles(course) == [['Step 1', 'Step 2', 'Step 3']]


async def test_a_deleted_module_comes_back_with_what_was_deleted_together_with_it() -> None:
    course = await a_course(checkpoints=3)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])

    await database.write(modules.delete, course.teacher, course.module_id)
    assert await titles(course) == []
    await database.write(modules.restore, course.teacher, course.module_id)

    assert await titles(course) == [['Step 2', 'Step 3']]


async def test_a_checkpoint_brings_its_deleted_module_back() -> None:
    course = await a_course(checkpoints=2)
    await database.write(modules.delete, course.teacher, course.module_id)

    await database.write(checkpoints.restore, course.teacher, course.checkpoints[1])

    assert await titles(course) == [['Step 2']]


async def test_what_is_there_cannot_be_restored_and_what_is_gone_cannot_be_deleted() -> None:
    course = await a_course(checkpoints=1)

    with pytest.raises(NotFound):
        await database.write(checkpoints.restore, course.teacher, course.checkpoints[0])
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])
    with pytest.raises(NotFound, match='is gone'):
        await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])


async def test_everything_that_is_said_about_a_checkpoint_is_kept() -> None:
    course = await a_course(checkpoints=1)
    said = Details(title='Wet it', description='**Slowly**', estimated_minutes=3, tags=('soil', 'water'))

    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], said)

    assert (await read_outline(course))[0].checkpoints[0].details == said


@pytest.mark.parametrize(
    'details',
    [
        Details(title=''),
        Details(title='x' * 121),
        Details(title='A', description='x' * 10_001),
        Details(title='A', estimated_minutes=0),
        Details(title='A', estimated_minutes=-5),
        Details(title='A', tags=('x' * 41,)),
        Details(title='A', tags=tuple(f'tag {number}' for number in range(21))),
    ],
)
async def test_what_is_empty_or_too_long_is_refused(details: Details) -> None:
    course = await a_course(checkpoints=1)

    with pytest.raises(Invalid):
        await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)


async def test_a_preview_is_open_to_anyone_and_everything_else_looks_absent() -> None:
    course = await a_course(checkpoints=2)
    shown, hidden = course.checkpoints
    await database.write(checkpoints.edit, course.teacher, shown, Details(title='Look', is_preview=True))

    assert (await database.read(checkpoints.preview, shown)).details.title == 'Look'

    for absent in hidden, 999_999:
        with pytest.raises(NotFound, match='no preview'):
            await database.read(checkpoints.preview, absent)
    await database.write(checkpoints.delete, course.teacher, shown)
    with pytest.raises(NotFound):
        await database.read(checkpoints.preview, shown)


@pytest.mark.req('C4')
async def test_the_outline_says_how_long_a_video_is() -> None:
    course = await a_course(checkpoints=2)
    await a_video(course, course.checkpoints[0], seconds=199.6)

    (section,) = await read_outline(course)

    assert [checkpoint.seconds for checkpoint in section.checkpoints] == [199.6, None]


async def read_outline(course: CourseAtHand) -> tuple[Section, ...]:
    return await database.read(outline.sections, course.teacher, course.course_id)


async def titles(course: CourseAtHand) -> list[list[str]]:
    return [[checkpoint.details.title for checkpoint in section.checkpoints] for section in await read_outline(course)]


async def move(course: CourseAtHand, checkpoint: int, *, to: int, index: int) -> None:
    await database.write(checkpoints.move, course.teacher, checkpoint, module_id=to, index=index)
