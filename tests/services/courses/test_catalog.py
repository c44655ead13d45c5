"""A course as a whole: from its first code to its copy."""

import asyncio

import pytest

from services.core import database, text
from services.core.errors import Gone, Invalid, NotFound, Refused
from services.core.languages import PSEUDO
from services.core.secrets import CODE_ALPHABET
from services.courses import catalog, checkpoints, course_cards, outline, teachers, views
from services.live import sessions
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, percent, tap
from tests.factories.people import a_guest, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('C1')]


async def test_a_new_course_has_a_module_and_a_code() -> None:
    teacher = await an_instructor(name='Ines')

    course_id = await database.write(catalog.create, teacher, title='  Soil  science ', subject='Biology')

    facts = await database.read(catalog.facts, teacher, course_id)
    assert (facts.title, facts.subject, facts.owner, facts.owns) == ('Soil science', 'Biology', 'Ines', True)
    assert [section.title for section in await database.read(outline.sections, teacher, course_id)] == ['Module 1']


@pytest.mark.both_databases
async def test_what_a_course_is_given_to_begin_with_is_in_the_language_of_its_teacher() -> None:
    teacher = await an_instructor()

    course_id = await database.write(catalog.create, teacher, title='x' * 120, language=PSEUDO)
    copy_id = await database.write(catalog.duplicate, teacher, course_id, language=PSEUDO)

    assert [section.title for section in await database.read(outline.sections, teacher, course_id)] == ['⟦Module 1⟧']
    assert (await database.read(catalog.facts, teacher, copy_id)).title == f'⟦{"x" * 111} (copy)⟧'


async def test_codes_are_unique_and_can_be_read_aloud() -> None:
    teacher = await an_instructor()

    await asyncio.gather(*(database.write(catalog.create, teacher, title=f'Course {n}') for n in range(50)))

    codes = [card.code for card in await database.read(course_cards.taught, teacher)]
    assert len(set(codes)) == 50
    assert {len(code) for code in codes} == {6}
    assert not set('0O1IL') & set(CODE_ALPHABET)
    assert set().union(*codes) <= set(CODE_ALPHABET)


async def test_a_code_that_is_taken_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = await a_course()
    following = iter([first.code, first.code, 'FRESH2'])
    monkeypatch.setattr(catalog, 'new_code', lambda _: next(following))

    assert await database.write(catalog.renew_code, first.teacher, first.course_id) == 'FRESH2'


@pytest.mark.both_databases
async def test_a_renewed_code_is_open() -> None:
    course = await a_course()
    await database.write(catalog.open_code, course.teacher, course.course_id, is_open=False)

    code = await database.write(catalog.renew_code, course.teacher, course.course_id)

    assert code != course.code
    assert await a_guest(code=code)


@pytest.mark.parametrize('title', ['', '   ', 'x' * 121, '\x00'])
async def test_a_title_must_be_there_and_fit(title: str) -> None:
    with pytest.raises(Invalid):
        await database.write(catalog.create, await an_instructor(), title=title)


async def test_text_that_came_with_a_null_is_kept_without_it() -> None:
    teacher = await an_instructor()

    course_id = await database.write(catalog.create, teacher, title='So\x00il', description='\x00a', subject='b\x00')

    facts = await database.read(catalog.facts, teacher, course_id)
    assert (facts.title, facts.description, facts.subject) == ('Soil', 'a', 'b')


async def test_an_archived_course_is_read_and_not_worked_on() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])

    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)

    assert await percent(klass, klass.learner) == 33
    assert len(await database.read(outline.sections, klass.learner, klass.course_id)) == 1
    with pytest.raises(Gone):
        await tap(klass, klass.checkpoints[1])
    await database.write(sessions.end, klass.teacher, klass.course_id)
    with pytest.raises(Refused, match='archived'):
        await database.write(sessions.start, klass.teacher, klass.course_id)

    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=False)
    await database.write(sessions.start, klass.teacher, klass.course_id)


async def test_a_deleted_course_comes_back_with_everything_in_it() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])

    await database.write(catalog.delete, klass.teacher, klass.course_id)
    with pytest.raises(NotFound):
        await database.read(outline.sections, klass.learner, klass.course_id)
    assert await database.read(course_cards.taught, klass.teacher) == []

    await database.write(catalog.restore, klass.teacher, klass.course_id)
    assert await percent(klass, klass.learner) == 33


async def test_a_copy_has_the_checkpoints_and_not_the_people() -> None:
    klass = await a_class(title='x' * 120)
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[1])

    copy_id = await database.write(catalog.duplicate, klass.teacher, klass.course_id)

    _on_now, card = await database.read(course_cards.taught, klass.teacher)
    assert (card.course_id, card.learners, card.checkpoints, card.is_running) == (copy_id, 0, 2, False)
    assert len(card.title) <= text.LONGEST_TITLE
    assert card.title.endswith('(copy)')
    assert card.code != klass.code
    (section,) = await database.read(outline.sections, klass.teacher, copy_id)
    assert [checkpoint.details.title for checkpoint in section.checkpoints] == ['Step 1', 'Step 3']
    assert not {checkpoint.checkpoint_id for checkpoint in section.checkpoints} & set(klass.checkpoints)
    await assert_log_and_projections_agree()


async def test_a_co_instructor_teaches_until_let_go() -> None:
    course, helper = await a_course(), await an_instructor(name='Helga', email='helga@example.org')
    where = course.teacher, course.course_id

    await database.write(catalog.add_co_instructor, *where, email=' Helga@Example.org ')
    assert (await database.read(catalog.facts, *where)).co_instructors == ((helper.user_id, 'Helga'),)
    assert [card.course_id for card in await database.read(course_cards.taught, helper)] == [course.course_id]
    with pytest.raises(Invalid, match='already'):
        await database.write(catalog.add_co_instructor, *where, email='helga@example.org')

    await database.write(catalog.remove_co_instructor, *where, user_id=helper.user_id)
    with pytest.raises(NotFound):
        await database.read(catalog.facts, helper, course.course_id)


async def test_who_teaches_is_named_alike_everywhere_the_owner_first() -> None:
    course = await a_course(by=await an_instructor(name='Olga', email='olga@example.org'))
    where = course.teacher, course.course_id
    for name in ('Zoe', 'anna'):
        await an_instructor(name=name, email=f'{name.lower()}@example.org')
        await database.write(catalog.add_co_instructor, *where, email=f'{name.lower()}@example.org')

    facts, shown = await database.read(catalog.facts, *where), await database.read(views.shown, *where)
    known = await database.read(teachers.of_courses, [course.course_id])

    assert shown.taught_by == ('Olga', 'anna', 'Zoe')
    assert [facts.owner, *(name for _, name in facts.co_instructors)] == ['Olga', 'anna', 'Zoe']
    assert [each.name for each in known[course.course_id]] == ['Olga', 'anna', 'Zoe']


async def test_only_instructors_become_co_instructors() -> None:
    course = await a_course()

    with pytest.raises(Invalid, match='no instructor'):
        await database.write(
            catalog.add_co_instructor, course.teacher, course.course_id, email='somebody.else@example.org'
        )


@pytest.mark.req('L1')
async def test_starting_twice_is_the_same_class_and_ending_twice_is_refused() -> None:
    course = await a_course()
    where = course.teacher, course.course_id

    first, second = await asyncio.gather(*(database.write(sessions.start, *where) for _ in range(2)))
    assert first == second
    assert (await database.read(catalog.facts, *where)).is_running

    await database.write(sessions.end, *where)
    with pytest.raises(Refused, match='No class is running'):
        await database.write(sessions.end, *where)
    assert await database.write(sessions.start, *where) != first


@pytest.mark.req('L1')
async def test_a_class_needs_at_least_one_checkpoint_that_counts() -> None:
    course = await a_course(checkpoints=1)
    details = checkpoints.Details(title='Look', is_preview=True)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)

    with pytest.raises(Refused, match='no steps yet'):
        await database.write(sessions.start, course.teacher, course.course_id)


@pytest.mark.req('L9')
async def test_a_class_is_led_only_to_checkpoints_of_its_own() -> None:
    klass, other = await a_class(), await a_course()
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[2])

    for wrong in other.checkpoints[0], klass.checkpoints[2], 999_999:
        with pytest.raises(NotFound):
            await database.write(sessions.set_current, klass.teacher, klass.course_id, wrong)
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[1])
    session = await database.read(sessions.latest, klass.course_id)
    assert session
    assert session.current_checkpoint_id == klass.checkpoints[1]
