"""A class list is written slice by slice: nobody waits long, and nothing is doubled or lost in between."""

import asyncio
import time
from collections.abc import Callable

import pytest

from services.access import Actor
from services.core import database
from services.core.errors import DomainError, NotFound, NotSignedIn, Refused
from services.core.transaction import Transaction
from services.courses import catalog
from services.people import column_maps, joining, list_entering, list_reading, participants
from services.people.list_entering import SLICE
from services.people.list_reading import Choices, Fact, Fate, Person
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree
from tests.factories.people import a_guest, an_instructor
from tests.support.work_time import frozen_memory, slowness

pytestmark = [pytest.mark.both_databases, pytest.mark.req('C7')]

SECONDS = 2.0
"""for a thousand lines, on the reference machine"""
LONGEST_WRITE = 0.1


def a_list(length: int) -> list[Person]:
    rows = (f'Person {number},p{number}@example.org,Group {number % 30}' for number in range(length))
    return list_reading.read('\n'.join(['name,email,group', *rows]).encode())


async def names(course: CourseAtHand) -> list[str]:
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    return sorted(person.name for person in found.learners)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each slice has held the writer."""
    taken: list[float] = []
    add: Callable[..., object] = list_entering._add

    def timed(*arguments: object) -> object:
        begun = time.thread_time()
        try:
            return add(*arguments)
        finally:
            taken.append(time.thread_time() - begun)

    monkeypatch.setattr(list_entering, '_add', timed)
    return taken


@pytest.mark.usefixtures('db')
async def test_a_thousand_lines_come_in_while_others_write(writes: list[float]) -> None:
    course, people = await a_course(), a_list(1_000)

    with frozen_memory():
        begun = time.process_time()
        brought = await list_entering.bring_in(course.teacher, course.course_id, people)
        took = time.process_time() - begun

    assert len({person.code for person in brought}) == 1_000
    assert len(await names(course)) == 1_000
    assert took < SECONDS * slowness()
    assert len(writes) == 1_000 / SLICE
    assert max(writes) < LONGEST_WRITE * slowness()
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_two_tabs_that_bring_in_the_same_list_bring_in_everybody_once() -> None:
    course, people = await a_course(), a_list(3 * SLICE)

    both = await asyncio.gather(*(list_entering.bring_in(course.teacher, course.course_id, people) for _ in range(2)))

    assert await names(course) == sorted(person.name for person in people)
    codes = [person.code for brought in both for person in brought if person.code]
    assert len(codes) == len(set(codes)) == len(people)
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_a_list_that_was_interrupted_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    course, people = await a_course(), a_list(3 * SLICE)
    add, calls = list_entering._add, []

    def fails_at_the_second(tx: Transaction, *rest: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise Refused('No room on the disk.')
        return add(tx, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(list_entering, '_add', fails_at_the_second)
    with pytest.raises(Refused, match='No room'):
        await list_entering.bring_in(course.teacher, course.course_id, people)
    assert len(await names(course)) == SLICE

    again = await list_entering.bring_in(course.teacher, course.course_id, people)

    assert [person.fate for person in again] == [Fate.HERE] * SLICE + [Fate.NEW] * 2 * SLICE
    assert await names(course) == sorted(person.name for person in people)


@pytest.mark.usefixtures('db')
async def test_a_learner_who_joins_meanwhile_is_not_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    course, people = await a_course(), list_reading.read('Lena Brandt\nBen Okafor')
    planned = list_entering._planned

    async def read(verb: Callable[..., object], *arguments: object) -> object:
        found = await DATABASE_READ(verb, *arguments)
        if verb is planned and 'Lena Brandt' not in await names(course):
            await a_guest(code=course.code, name='Lena Brandt')
        return found

    monkeypatch.setattr(list_entering.database, 'read', read)
    brought = await list_entering.bring_in(course.teacher, course.course_id, people)

    assert [person.fate for person in brought] == [Fate.HERE, Fate.NEW]
    assert await names(course) == ['Ben Okafor', 'Lena Brandt']


DATABASE_READ: Callable[..., object] = database.read  # type: ignore[assignment]


@pytest.mark.usefixtures('db')
async def test_only_those_who_teach_bring_people_in_and_only_while_the_course_is_open() -> None:
    course, people = await a_course(), a_list(2)
    actors: list[tuple[Actor | None, type[DomainError]]] = [
        (None, NotSignedIn),
        (await an_instructor(email='other@example.org'), NotFound),
        (await a_guest(code=course.code, name='Lena'), NotFound),
    ]
    for actor, refusal in actors:
        with pytest.raises(refusal):
            await list_entering.bring_in(actor, course.course_id, people)
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)
    with pytest.raises(Refused, match='archived'):
        await list_entering.bring_in(course.teacher, course.course_id, people)
    assert await names(course) == ['Lena']


@pytest.mark.usefixtures('db')
async def test_who_is_on_the_list_and_never_came_has_not_been_here() -> None:
    course = await a_course()
    await a_guest(code=course.code, name='Lena')
    amina, ben = await list_entering.bring_in(course.teacher, course.course_id, list_reading.read('Amina\nBen'))
    await database.write(joining.rejoin, code=ben.code, device='Phone', address='here')

    found = await database.read(participants.of_course, course.teacher, course.course_id)

    assert {person.name: person.has_been_here for person in found.learners} == {
        amina.name: False,
        'Ben': True,
        'Lena': True,
    }
    assert {person.last_active for person in found.learners} == {None}


@pytest.mark.usefixtures('db')
async def test_what_a_column_means_is_asked_once_of_each_teacher() -> None:
    ines, other = await an_instructor(), await an_instructor(email='other@example.org')

    await database.write(column_maps.remember, ines, {'Wer?': Fact.NAME, 'Lern_Gruppe': Fact.GROUP, '': Fact.EMAIL})
    await database.write(column_maps.remember, ines, {'lern gruppe': Fact.IGNORED})

    kept = await database.read(column_maps.remembered, ines)
    assert kept == {'wer?': Fact.NAME, 'lern gruppe': Fact.IGNORED}
    assert await database.read(column_maps.remembered, other) == {}
    content = b'Wer?,Lern-Gruppe\nLena Brandt,Blau\n'
    (lena,) = list_reading.read(content, Choices(columns=kept))
    assert (lena.name, lena.group) == ('Lena Brandt', '')


@pytest.mark.usefixtures('db')
async def test_the_oldest_columns_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_maps, 'MOST_REMEMBERED', 2)
    ines = await an_instructor()
    for title in 'one', 'two', 'three':
        await database.write(column_maps.remember, ines, {title: Fact.NAME})
    assert set(await database.read(column_maps.remembered, ines)) == {'two', 'three'}
