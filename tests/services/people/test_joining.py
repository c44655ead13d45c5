"""Joining a class with its code: as a guest, with an account, and again on another device."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Enrollment, Verb
from services.core import database
from services.core.errors import Gone, Invalid, NotFound, Refused
from services.core.secrets import CODE_ALPHABET, spell_code
from services.courses import catalog, course_cards
from services.live import sessions
from services.people import joining
from tests.factories.classes import CourseAtHand, a_class, a_course, assert_log_and_projections_agree, percent, tap
from tests.factories.people import a_guest, a_student

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A5', 'C2')]


async def test_a_code_and_a_name_are_all_it_takes() -> None:
    course = await a_course(title='Soil')

    guest = await a_guest(code=course.code, name='  Lena   Low ')

    assert (guest.name, guest.is_guest) == ('Lena Low', True)
    assert [card.title for card in await database.read(course_cards.joined, guest)] == ['Soil']
    assert await percent(course, guest) == 0
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('written', [str.lower, spell_code, lambda code: f' {code[:2]}-{code[2:]} '])
async def test_a_code_may_be_typed_in_many_ways(written) -> None:  # type: ignore[no-untyped-def]
    course = await a_course()

    assert (await database.read(joining.look_up, written(course.code))).course_id == course.course_id


async def test_what_somebody_with_a_code_is_told() -> None:
    course = await a_course(title='Soil')
    before = await database.read(joining.look_up, course.code)
    await database.write(sessions.start, course.teacher, course.course_id)

    during = await database.read(joining.look_up, course.code)

    assert (before.title, before.is_running, during.is_running) == ('Soil', False, True)


async def test_a_code_that_leads_nowhere() -> None:
    course = await a_course()

    for wrong in '', 'ABCDEF', course.code[:-1], course.code + 'A', '\x00':
        with pytest.raises(NotFound) as refusal:
            await a_guest(code=wrong)
        assert refusal.value.field == 'code'


async def closed(course: CourseAtHand) -> None:
    await database.write(catalog.open_code, course.teacher, course.course_id, is_open=False)


async def archived(course: CourseAtHand) -> None:
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)


async def deleted(course: CourseAtHand) -> None:
    await database.write(catalog.delete, course.teacher, course.course_id)


async def renewed(course: CourseAtHand) -> None:
    await database.write(catalog.renew_code, course.teacher, course.course_id)


@pytest.mark.parametrize(
    ('state', 'refusal'), [(closed, Refused), (archived, Gone), (deleted, NotFound), (renewed, NotFound)]
)
async def test_a_course_that_cannot_be_joined_keeps_who_is_in(state, refusal) -> None:  # type: ignore[no-untyped-def]
    course = await a_course()
    inside = await a_guest(code=course.code)

    await state(course)

    with pytest.raises(refusal):
        await a_guest(code=course.code, name='Too Late')
    with pytest.raises(refusal):
        await database.write(joining.join, await a_student(), code=course.code)
    assert len(await database.read(course_cards.joined, inside)) == (0 if state is deleted else 1)


@pytest.mark.parametrize(
    'lookalike', ['Ana Öz', 'ana öz', ' ANA   ÖZ ', 'Ana O\u0308z', 'Ａｎａ Öz', 'Ana\u00a0Öz', 'A\u200dna Öz']
)
async def test_a_name_that_looks_like_one_in_the_class_is_offered_a_variant(lookalike: str) -> None:
    course = await a_course()
    await a_guest(code=course.code, name='Ana Öz')

    with pytest.raises(Invalid, match='is here already') as refusal:
        await a_guest(code=course.code, name=lookalike)

    assert refusal.value.field == 'name'
    assert (await a_guest(code=course.code, name=refusal.value.offer)).name == refusal.value.offer


async def test_the_variant_is_always_free_also_for_the_longest_name() -> None:
    course = await a_course()
    name = 'x' * 80
    await a_guest(code=course.code, name=name)

    for _ in range(11):
        with pytest.raises(Invalid) as refusal:
            await a_guest(code=course.code, name=name)
        assert len(refusal.value.offer) <= 80
        await a_guest(code=course.code, name=refusal.value.offer)


@pytest.mark.parametrize(
    'name',
    [
        '\ufdfa' * 11,  # each sign is written out in eighteen letters
        '\ufdfa' * 11 + 'a',
        'ß' * 80,
        'ŉ' * 80,
        'ﬃ' * 66,
    ],
)
async def test_a_variant_of_a_name_that_grows_when_it_is_written_out(name: str) -> None:
    course = await a_course()
    await a_guest(code=course.code, name=name)

    for _ in range(11):
        with pytest.raises(Invalid, match='is here already') as refusal:
            await a_guest(code=course.code, name=name)
        await a_guest(code=course.code, name=refusal.value.offer)


@pytest.mark.parametrize('name', ['\ufdfa' * 12, '\ufdfa' * 80, 'ﬃ' * 80])
async def test_a_name_that_grows_too_long_is_refused_and_nobody_waits(name: str) -> None:
    course = await a_course()

    for _ in range(2):
        with pytest.raises(Invalid, match='too long') as refusal:
            await a_guest(code=course.code, name=name)
        assert refusal.value.field == 'name'
    assert (await a_guest(code=course.code, name='Lena')).name == 'Lena'


async def test_the_same_name_in_another_course_is_somebody_else() -> None:
    soil, water = await a_course(), await a_course(title='Water')

    first, second = [await a_guest(code=course.code, name='Ana') for course in (soil, water)]

    assert first.user_id != second.user_id


async def test_somebody_with_an_account_joins_once_however_often() -> None:
    course, student = await a_course(), await a_student()

    for _ in range(3):
        joined = await database.write(joining.join, student, code=course.code)
        assert (joined.course_id, joined.entered) == (course.course_id, None)

    enrolled = select(func.count()).select_from(Enrollment)
    logged = select(func.count()).where(col(Activity.verb) == Verb.ENROLLED)
    assert await database.read(lambda tx: (tx.execute(enrolled).scalar(), tx.execute(logged).scalar())) == (1, 1)


async def test_whoever_teaches_the_course_is_led_to_it_and_not_enrolled() -> None:
    course = await a_course()

    await database.write(joining.join, course.teacher, code=course.code)

    assert await database.read(course_cards.joined, course.teacher) == []


async def test_a_guest_comes_back_on_another_device_with_all_that_was_done() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    code = await database.read(joining.rejoin_code, klass.learner)
    assert code
    assert set(code) <= set(CODE_ALPHABET)

    joined = await database.write(joining.rejoin, code=spell_code(code).lower(), device='Tablet', address='10.0.0.1')

    assert not isinstance(joined, Exception)
    assert joined.entered
    assert (joined.course_id, joined.entered.actor.user_id) == (klass.course_id, klass.learner.user_id)
    assert joined.entered.actor.sign_in_id != klass.learner.sign_in_id
    await tap(klass, klass.checkpoints[1], by=joined.entered.actor)
    assert await percent(klass, klass.learner) == 66


async def test_an_account_has_no_rejoin_code() -> None:
    assert await database.read(joining.rejoin_code, await a_student()) is None
