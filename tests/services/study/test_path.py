"""What a learner's page is told: the path, the checkpoint, and why the percentage is what it is."""

import pytest

from services.access import Actor
from services.core import database
from services.core.errors import NotFound, NotSignedIn
from services.courses import checkpoints, outline
from services.courses.checkpoints import Details
from services.study import path, summary
from services.study.path import Place
from services.study.summary import Why
from tests.factories.classes import CourseAtHand, a_class, a_course, mark, tap
from tests.factories.people import a_guest, a_student

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('S4', 'S12', 'C5')]


async def place(course: CourseAtHand, actor: Actor | None, checkpoint: int) -> Place:
    return await database.read(path.place, actor, course.course_id, checkpoint)


async def why(course_id: int, learner: Actor) -> Why:
    found = await database.read(summary.why, learner, course_id)
    assert found is not None
    return found


async def test_the_page_of_a_checkpoint_knows_the_way() -> None:
    course = await a_course(checkpoints=3)
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)

    here = await place(course, learner, course.checkpoints[1])

    assert [(checkpoint.number, checkpoint.done) for checkpoint in here.checkpoints] == [
        (1, True),
        (2, False),
        (3, False),
    ]
    before, after = here.beside(-1), here.beside(1)
    assert before is not None
    assert after is not None
    assert (before.checkpoint_id, after.checkpoint_id) == (course.checkpoints[0], course.checkpoints[2])
    assert here.beside(2) is None
    assert here.learns
    assert (here.percent, here.done, here.counted) == (33, 1, 3)


async def test_who_teaches_may_look_but_does_not_learn() -> None:
    course = await a_course()
    assert not (await place(course, course.teacher, course.checkpoints[0])).learns


async def test_a_checkpoint_of_elsewhere_a_removed_one_and_one_that_never_was_look_the_same() -> None:
    course, other = await a_course(), await a_course(title='Water')
    learner = await a_guest(code=course.code)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[2])

    sentences = set()
    for checkpoint in (other.checkpoints[0], course.checkpoints[2], 999_999):
        with pytest.raises(NotFound) as refusal:
            await place(course, learner, checkpoint)
        sentences.add(str(refusal.value))
    assert len(sentences) == 1


async def test_strangers_find_nothing() -> None:
    course = await a_course()
    stranger = await a_student()

    for query in (path.continue_at, summary.why, summary.summary):
        with pytest.raises(NotSignedIn):
            await database.read(query, None, course.course_id)
    with pytest.raises(NotFound):
        await place(course, stranger, course.checkpoints[0])
    with pytest.raises(NotFound):
        await database.read(path.continue_at, stranger, course.course_id)
    assert await database.read(summary.why, stranger, course.course_id) is None


async def test_a_course_that_is_emptied_while_somebody_learns() -> None:
    course = await a_course(checkpoints=1)
    learner = await a_guest(code=course.code)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])

    assert await database.read(path.continue_at, learner, course.course_id) is None
    assert [str(said) for said in (await why(course.course_id, learner)).sentences()] == [
        'There are no steps to count yet, so it is 0 %.'
    ]
    assert [part.checkpoints for part in await database.read(outline.sections, course.teacher, course.course_id)] == [
        ()
    ]


async def test_a_preview_has_no_number_and_is_not_where_to_continue() -> None:
    course = await a_course(checkpoints=2)
    learner = await a_guest(code=course.code)
    await database.write(
        checkpoints.edit, course.teacher, course.checkpoints[0], Details(title='Look', is_preview=True)
    )

    here = await place(course, learner, course.checkpoints[1])
    assert [checkpoint.number for checkpoint in here.checkpoints] == [None, 1]
    assert await database.read(path.continue_at, learner, course.course_id) == course.checkpoints[1]


async def test_why_is_this_66_percent() -> None:
    """Live, alone, both, a preview and a removed checkpoint: the lines add up."""
    klass = await a_class(checkpoints=5)
    one, two, _, four, five = klass.checkpoints
    await tap(klass, one)
    await tap(klass, two)
    await mark(two, by=klass.learner)
    await mark(four, by=klass.learner)
    await database.write(checkpoints.delete, klass.teacher, four)
    await database.write(checkpoints.edit, klass.teacher, five, Details(title='Look', is_preview=True))

    found = await why(klass.course_id, klass.learner)

    assert (found.done, found.counted, found.percent) == (2, 3, 66)
    assert found.in_class + found.alone + found.both == found.done
    assert [str(said) for said in found.sentences()] == [
        '2 of 3 steps done: 2 × 100 ÷ 3 = 66.7 %, rounded down to 66 %.',
        '1 done in class.',
        '1 done both in class and on your own.',
        '1 still to do.',
        'Not counted: 1 preview.',
        'Not counted now: 1 step that you did and your instructor removed.',
    ]
