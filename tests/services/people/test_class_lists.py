"""A class list is tried first, brought in as a whole or not at all, and twice is no harm. Groups and extra time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import database
from services.core.errors import Invalid, NotFound, Refused
from services.courses import catalog
from services.courses.import_file import BrokenFile
from services.people import class_lists, groups, joining, list_entering, list_reading, participants
from services.people.list_reading import Fate, Person
from services.people.participants import Participant
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree
from tests.factories.people import a_guest, a_student, an_instructor

pytestmark = [pytest.mark.both_databases, pytest.mark.req('C7')]

LIST = 'Name;E-Mail;Group\nAmina Yusuf;;Blue\nBen Okafor;ben@example.org;\nLéa Fontaine;;blue\n'


async def people(course: CourseAtHand) -> dict[str, Participant]:
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    return {person.name: person for person in found.learners}


async def fates(course: CourseAtHand, text: str) -> list[Fate]:
    people = list_reading.read(text.encode())
    plan = await database.read(class_lists.plan, course.teacher, course.course_id, people)
    return [person.fate for person in plan]


async def bring(course: CourseAtHand, text: str) -> tuple[Person, ...]:
    return await list_entering.bring_in(course.teacher, course.course_id, list_reading.read(text.encode()))


@pytest.mark.usefixtures('db')
async def test_a_list_is_tried_and_then_brought_in() -> None:
    course = await a_course()

    assert await fates(course, LIST) == [Fate.NEW, Fate.NEW, Fate.NEW]
    assert await people(course) == {}, 'trying changes nothing'
    brought = await bring(course, LIST)

    found = await people(course)
    assert {name: person.group for name, person in found.items()} == {
        'Amina Yusuf': 'Blue',
        'Ben Okafor': '',
        'Léa Fontaine': 'Blue',
    }
    joined = await database.write(joining.rejoin, code=brought[0].code, device='Phone', address='here')
    assert joined.entered.actor.name == 'Amina Yusuf', 'the code leads in'
    assert await fates(course, LIST) == [Fate.HERE] * 3
    found = await people(course)
    await bring(course, LIST)
    assert await people(course) == found, 'twice is no harm'
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_who_is_known_is_added_and_who_was_taken_out_stays_out() -> None:
    first = await a_course()
    second = await a_course(by=first.teacher, title='Water')
    ben = await a_student(name='Ben Okafor', email='ben@example.org')
    await database.write(joining.join, ben, code=first.code)
    out = await a_guest(code=second.code, name='Otto Out')
    await database.write(participants.remove, second.teacher, second.course_id, user_id=out.user_id)

    text = 'name,email\nSomebody Else,BEN@example.org\nOtto Out,\n'
    assert await fates(second, text) == [Fate.ENROLLED, Fate.OUT]
    await bring(second, text)

    found = await people(second)
    assert found['Ben Okafor'].user_id == ben.user_id
    assert found['Otto Out'].is_removed


@pytest.mark.usefixtures('db')
async def test_a_list_does_not_tell_who_has_an_account_elsewhere() -> None:
    """Nor does it make somebody a learner of mine, for whom I could have a new password made."""
    stranger = await a_student(name='Stella Strange', email='stella@example.org')
    elsewhere = await a_course(by=await an_instructor(email='other@example.org'))
    await database.write(joining.join, stranger, code=elsewhere.code)
    mine = await a_course()

    text = 'name,email\nStella Strange,stella@example.org\n'
    assert await fates(mine, text) == [Fate.NEW]
    await bring(mine, text)
    assert (await people(mine))['Stella Strange'].user_id != stranger.user_id


@pytest.mark.usefixtures('db')
async def test_one_wrong_line_and_nobody_is_brought_in() -> None:
    course = await a_course()
    text = 'first name,last name,email\nAmina,Yusuf,\nBen,Okafor,nonsense\n,,\nAmina,Yusuf,\n' + 'x' * 200 + ',Long,\n'

    with pytest.raises(BrokenFile) as refusal:
        await bring(course, text)

    said = str(refusal.value).splitlines()
    assert [line.split(':')[0] for line in said] == ['Line 3', 'Line 6', 'Line 5']
    assert 'not an e-mail address' in said[0]
    assert 'line 2 already' in said[2]
    assert await people(course) == {}


@pytest.mark.usefixtures('db')
async def test_nobody_is_brought_into_an_archived_course() -> None:
    course = await a_course()
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)
    with pytest.raises(Refused, match='archived'):
        await bring(course, LIST)


@pytest.mark.parametrize(
    ('content', 'says'),
    [
        (b'', 'empty'),
        (b'\n\n', 'empty'),
        (b'name\n', 'nobody'),
        (b'shoe size,age\n42,11\n', 'must name the columns'),
        (b'name\n"Ben', 'not a table'),
        (b'name\n' + b'Ben\n' * 1001, 'at most 1000 people'),
        (b'x' * 300_000, 'larger than'),
    ],
)
def test_what_is_no_class_list(content: bytes, says: str) -> None:
    with pytest.raises(BrokenFile, match=says):
        list_reading.read(content)


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig', 'cp1252'])
def test_lists_of_older_spreadsheets(encoding: str) -> None:
    (person,) = list_reading.read('Name\tKlasse\r\nZoë Müller\t7b\r\n'.encode(encoding))
    assert person.name == 'Zoë Müller'


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f'name,group\n{text}'.encode()))
def test_whatever_is_in_a_file_it_is_people_or_a_sentence(content: bytes) -> None:
    try:
        people = list_reading.read(content)
    except BrokenFile:
        return
    assert people
    assert all(person.name for person in people)


@pytest.mark.usefixtures('db')
async def test_groups_come_and_go_with_their_people() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code, name='Lena')

    await database.write(groups.put, course.teacher, course.course_id, user_id=lena.user_id, name='  Blue   team ')
    assert (await people(course))['Lena'].group == 'Blue team'
    await database.write(groups.put, course.teacher, course.course_id, user_id=lena.user_id, name='')
    assert (await people(course))['Lena'].group == ''

    with pytest.raises(Invalid):
        await database.write(groups.put, course.teacher, course.course_id, user_id=lena.user_id, name='x' * 81)
    with pytest.raises(NotFound):
        await database.write(groups.put, course.teacher, course.course_id, user_id=999_999, name='Blue')


@pytest.mark.usefixtures('db')
async def test_extra_time_is_kept_within_reason() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code, name='Lena')
    give = course.teacher, course.course_id

    await database.write(groups.give_extra_time, *give, user_id=lena.user_id, percent=25)
    assert (await people(course))['Lena'].extra_percent == 25
    for percent in (-1, 301):
        with pytest.raises(Invalid):
            await database.write(groups.give_extra_time, *give, user_id=lena.user_id, percent=percent)
