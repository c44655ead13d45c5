"""The mail server, as an admin stores it without a shell."""

from dataclasses import asdict

import pytest
from sqlalchemy import text

from models import MailSecurity
from services.core import database
from services.core.errors import Invalid, NotFound, NotSignedIn, Refused
from services.mail import mail_server, mail_settings
from services.mail.mail_server import MailServer
from settings import SettingsError, settings
from tests.factories.mails import mails_go_to
from tests.factories.people import an_admin, an_instructor
from tests.support.mail_box import MailBox

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9')]

RIGHT = {
    'host': 'smtp.example.org',
    'port': '',
    'security': 'starttls',
    'user': 'school',
    'password': 'a secret of the school',
    'sender': 'school@example.org',
}


@pytest.mark.both_databases
async def test_what_an_admin_stores_holds_at_once_and_after_a_restart_and_the_password_is_shown_to_nobody() -> None:
    admin = await an_admin()

    await mail_settings.edit(admin, **RIGHT | {'host': ' SMTP.example.org '})

    stored = MailServer(
        host='smtp.example.org',
        security=MailSecurity.STARTTLS,
        user='school',
        password='a secret of the school',
        sender='school@example.org',
    )
    assert (mail_server.current(), stored.port_used) == (stored, 587)
    mail_server.remember(MailServer())
    await mail_settings.load()
    assert mail_server.current() == stored
    shown = await database.read(mail_settings.own, admin)
    assert shown.has_password
    assert 'secret of the school' not in str(asdict(shown)) + repr(stored)
    kept = await database.read(lambda tx: str(tx.execute(text('SELECT * FROM school_settings')).all()))
    assert 'secret of the school' not in kept


@pytest.mark.both_databases
async def test_an_empty_password_keeps_the_stored_one_but_not_for_another_server_or_user() -> None:
    admin = await an_admin()
    await mail_settings.edit(admin, **RIGHT)

    await mail_settings.edit(admin, **RIGHT | {'password': '', 'port': '2525'})
    assert mail_server.current().password == 'a secret of the school'

    for other in {'host': 'evil.example.org'}, {'user': 'eve'}:
        with pytest.raises(Invalid) as refusal:
            await mail_settings.edit(admin, **RIGHT | {'password': ''} | other)
        assert refusal.value.field == 'password'
    await mail_settings.edit(admin, **RIGHT | {'host': ''})
    assert mail_server.current() == MailServer()


async def test_with_another_secret_the_password_is_gone_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = await an_admin()
    await mail_settings.edit(admin, **RIGHT)

    monkeypatch.setenv('SECRET_KEY', 'another secret that is only good for tests')
    settings.cache_clear()
    await mail_settings.load()

    assert mail_server.current().password == ''


@pytest.mark.parametrize(
    ('wrong', 'field'),
    [
        ({'host': 'smtp example'}, 'host'),
        ({'host': 'smtp.example.org\r\nX'}, 'host'),
        ({'host': 'x' * 300}, 'host'),
        ({'host': 'https://smtp.example.org'}, 'host'),
        ({'port': '70000'}, 'port'),
        ({'port': '-1'}, 'port'),
        ({'port': '٣'}, 'port'),
        ({'security': 'maybe'}, 'security'),
        ({'security': 'none'}, 'security'),
        ({'user': 'x' * 300}, 'user'),
        ({'password': ''}, 'password'),
        ({'password': 'x' * 501}, 'password'),
        ({'password': 'a\r\nb'}, 'password'),
        ({'sender': 'school'}, 'sender'),
        ({'sender': ''}, 'sender'),
        ({'sender': 'a@example.org\r\nBcc: b@example.org'}, 'sender'),
        ({'sender': '阿明@example.org'}, 'sender'),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await mail_settings.edit(await an_admin(), **RIGHT | wrong)

    assert refusal.value.field == field
    assert mail_server.current() == MailServer()


async def test_the_environment_wins_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = await an_admin()
    await mail_settings.edit(admin, **RIGHT)

    mails_go_to(MailBox(port=2525), monkeypatch)

    assert mail_server.current().port == 2525
    assert (await database.read(mail_settings.own, admin)).is_of_environment
    with pytest.raises(Refused, match='The environment of this server'):
        await mail_settings.edit(admin, **RIGHT)


async def test_nobody_but_admins_sees_or_changes_it() -> None:
    for person, refusal in ((await an_instructor(), NotFound), (None, NotSignedIn)):
        with pytest.raises(refusal):
            await mail_settings.edit(person, **RIGHT)


@pytest.mark.parametrize(
    ('wrong', 'said'),
    [
        ({'MAIL_HOST': 'smtp.example.org'}, 'MAIL_FROM is missing'),
        ({'MAIL_FROM': 'school'}, 'MAIL_FROM must be an e-mail address'),
        ({'MAIL_SECURITY': 'ssl'}, "MAIL_SECURITY is 'ssl'"),
        ({'MAIL_PORT': '99999'}, "MAIL_PORT is '99999'"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    wrong: dict[str, str], said: str, data_dir: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()

    with pytest.raises(SettingsError, match=said):
        settings()
