"""Becoming somebody: what is accepted, who may be what, and links that work once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from models import Role
from services.accounts import registration
from services.accounts.first_step import sign_in
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import DomainError, Forbidden, Gone, Invalid
from services.courses import catalog
from settings import settings
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, an_account, an_admin

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A1', 'A6')]


@pytest.mark.parametrize(
    'name', ['', '   ', '😀', '🎓 🎓', '...', 'x' * 81, 'Ann\ue000', 'Ann\U000e01f0', '\u3164', '\ud800']
)
async def test_a_name_that_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await register(name=name)
    assert refusal.value.field == 'name'


@pytest.mark.parametrize(
    'name', ['Li', 'مريم الزهراء', 'נועה לוי', 'Åsa Öberg', '王小明', 'Zoë 😀', 'R2', 'x' * 80, 'अनीता', 'علی\u200cرضا']
)
async def test_a_name_in_any_script_is_kept_as_it_is(name: str) -> None:
    assert (await register(name=f'  {name} ')).actor.name == name


@pytest.mark.parametrize('email', ['', 'sami', 'sami@', '@example.org', 'sami@example', 'a b@example.org', 'a@b@c.org'])
async def test_what_is_not_an_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await register(email=email)
    assert refusal.value.field == 'email'


async def test_an_address_is_taken_once_however_it_is_written() -> None:
    await an_account(email='sami@example.org')

    with pytest.raises(Invalid, match='already'):
        await register(email='SAMI@Example.org')


@pytest.mark.parametrize(
    ('password', 'reason'),
    [
        ('seven77', 'at least 8'),
        ('x' * 73, 'too long'),
        ('ü' * 37, 'it takes 74 bytes'),
        ('password1', 'common'),
        ('PassWord123', 'common'),
    ],
)
async def test_a_password_that_is_too_short_too_long_or_common_is_refused(password: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        await register(password=password)


@pytest.mark.parametrize('password', ['eight 88', 'x' * 72, 'ü' * 36, 'Grüße aus Köln', '  spaces  count '])
async def test_a_password_at_the_edge_of_what_is_accepted_works(password: str) -> None:
    await register(password=password)

    assert await sign_in(email='new@example.org', password=password, device='Laptop')
    with pytest.raises(DomainError):
        await sign_in(email='new@example.org', password=password.strip() + 'x', device='Laptop')


@pytest.mark.both_databases
async def test_the_set_up_link_makes_the_first_admin_and_works_once() -> None:
    token = await database.write(registration.set_up_link)
    assert token
    assert await database.read(registration.invitation_role, token) is Role.ADMIN

    assert (await register(invitation=token)).actor.role is Role.ADMIN

    with pytest.raises(Gone, match='used already'):
        await register(email='second@example.org', invitation=token)
    with pytest.raises(Gone):
        await database.read(registration.invitation_role, token)
    assert await database.write(registration.set_up_link) is None


async def test_a_second_set_up_link_replaces_the_first() -> None:
    first, second = [await database.write(registration.set_up_link) for _ in range(2)]
    assert first
    assert second

    with pytest.raises(Gone):
        await register(invitation=first)
    assert (await register(invitation=second)).actor.role is Role.ADMIN


async def test_a_set_up_link_expires() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        token = await database.write(registration.set_up_link)
        clock.shift(registration.SETUP_LINK_LIFETIME)
        with pytest.raises(Gone):
            await register(invitation=token or '')


async def test_a_registration_that_fails_leaves_the_invitation_open() -> None:
    await an_account(email='sami@example.org')
    token = await database.write(registration.set_up_link)
    assert token

    with pytest.raises(Invalid):
        await register(email='sami@example.org', invitation=token)

    assert (await register(invitation=token)).actor.role is Role.ADMIN


async def test_an_invitation_makes_an_instructor_whatever_was_asked_for() -> None:
    admin = await an_admin()
    token = await database.write(registration.invite_instructor, admin)

    assert (await register(invitation=token, role=Role.ADMIN)).actor.role is Role.INSTRUCTOR


async def test_an_invitation_expires() -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        token = await database.write(registration.invite_instructor, await an_admin())
        clock.shift(registration.INVITATION_LIFETIME - timedelta(seconds=1))
        assert await database.read(registration.invitation_role, token) is Role.INSTRUCTOR
        clock.shift(timedelta(seconds=1))
        with pytest.raises(Gone):
            await database.read(registration.invitation_role, token)


@pytest.mark.parametrize('role', [Role.INSTRUCTOR, Role.ADMIN])
async def test_only_students_register_by_themselves(role: Role) -> None:
    with pytest.raises(Forbidden, match='invitation'):
        await register(role=role)


async def test_a_school_may_let_instructors_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('INSTRUCTOR_REGISTRATION', 'open')
    settings.cache_clear()

    assert (await register(role=Role.INSTRUCTOR)).actor.role is Role.INSTRUCTOR


async def test_a_school_may_ask_students_for_a_class_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STUDENT_REGISTRATION', 'code')
    settings.cache_clear()
    course = await a_course()

    for wrong in '', 'WRONG2':
        with pytest.raises(Invalid) as refusal:
            await register(code=wrong)
        assert refusal.value.field == 'code'
    assert (await register(code=f' {course.code[:3].lower()}-{course.code[3:]}')).actor.role is Role.STUDENT


async def test_a_school_may_admit_students_by_invitation_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STUDENT_REGISTRATION', 'invitation')
    settings.cache_clear()

    with pytest.raises(DomainError, match='invitation'):
        await register()


async def register(
    *,
    name: str = 'New Person',
    email: str = 'new@example.org',
    password: str = PASSWORD,
    role: Role = Role.STUDENT,
    code: str = '',
    invitation: str = '',
) -> Entered:
    new = NewAccount(name=name, email=email, password=password, role=role, code=code, invitation=invitation)
    return await registration.register(new, device='Laptop')


@pytest.mark.req('A1')
@pytest.mark.parametrize(
    'end', [partial(catalog.archive, archived=True), catalog.delete, partial(catalog.open_code, is_open=False)]
)
@pytest.mark.both_databases
async def test_the_code_of_a_course_that_is_over_lets_nobody_register(
    monkeypatch: pytest.MonkeyPatch, end: Callable[..., None]
) -> None:
    monkeypatch.setenv('STUDENT_REGISTRATION', 'code')
    settings.cache_clear()
    course = await a_course()
    await database.write(end, course.teacher, course.course_id)

    with pytest.raises(Invalid, match='code of your class'):
        await registration.register(
            NewAccount(name='Nia', email='nia@example.org', password=PASSWORD, code=course.code), device='Laptop'
        )
