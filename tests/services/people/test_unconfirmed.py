"""An address that is not confirmed identifies nobody: not on a class list, and not as an instructor."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import User
from services.access import Actor
from services.core import clock, database
from services.core.errors import Invalid
from services.courses import catalog
from services.people import class_lists, joining, list_reading
from services.people.list_reading import Fate
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.mails import mails_go_to
from tests.factories.people import a_student, an_instructor
from tests.support.mail_box import MailBox

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9', 'C7')]

LIST = 'name,email\nAmina Diallo,amina@example.org\n'


@pytest.fixture(params=['mails are sent', 'no mails are sent'])
def can_confirm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param == 'mails are sent':
        mails_go_to(MailBox(port=25), monkeypatch)
    return bool(request.param == 'mails are sent')


async def fate(course: CourseAtHand) -> tuple[Fate, int | None]:
    people = list_reading.read(LIST.encode())
    (one,) = await database.read(class_lists.plan, course.teacher, course.course_id, people)
    return one.fate, one.user_id


async def confirm(actor: Actor) -> None:
    change = update(User).where(col(User.id) == actor.user_id).values(email_confirmed_at=clock.now())
    await database.write(lambda tx: tx.change(change))


async def test_who_claims_an_address_under_another_name_is_not_taken_for_its_owner(can_confirm: bool) -> None:
    course = await a_course()
    stranger = await a_student(name='Eve Stranger', email='amina@example.org')
    await database.write(joining.join, stranger, code=course.code)

    assert await fate(course) == ((Fate.ASKED, None) if can_confirm else (Fate.HERE, stranger.user_id))
    await confirm(stranger)
    assert await fate(course) == (Fate.HERE, stranger.user_id)


@pytest.mark.both_databases
async def test_who_claims_name_and_address_is_not_enrolled_in_their_place(can_confirm: bool) -> None:
    teacher = await an_instructor()
    elsewhere, course = await a_course(title='Air', by=teacher), await a_course(by=teacher)
    stranger = await a_student(name='Amina Diallo', email='amina@example.org')
    await database.write(joining.join, stranger, code=elsewhere.code)

    assert await fate(course) == ((Fate.ASKED, None) if can_confirm else (Fate.ENROLLED, stranger.user_id))
    await confirm(stranger)
    assert await fate(course) == (Fate.ENROLLED, stranger.user_id)


async def test_two_of_one_name_are_not_told_apart_by_what_one_of_them_claims(can_confirm: bool) -> None:
    course = await a_course()
    stranger = await a_student(name='Amina Diallo', email='amina@example.org')
    namesake = await a_student(name='Amina Diallo', email='other@example.org')
    for person in stranger, namesake:
        await database.write(joining.join, person, code=course.code)

    assert await fate(course) == ((Fate.ASKED, None) if can_confirm else (Fate.HERE, stranger.user_id))


async def test_a_colleague_is_found_by_a_confirmed_address(can_confirm: bool) -> None:
    course = await a_course()
    otto = await an_instructor(name='Otto', email='otto@example.org')

    if can_confirm:
        with pytest.raises(Invalid, match='not confirmed'):
            await database.write(catalog.add_co_instructor, course.teacher, course.course_id, email='otto@example.org')
        await confirm(otto)
    await database.write(catalog.add_co_instructor, course.teacher, course.course_id, email='otto@example.org')
