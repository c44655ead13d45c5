"""A wrong setting is one clear sentence; the secret is made once."""

import os
import re
import stat
from pathlib import Path

import pytest

from settings import SAMPLE_SECRET, Settings, SettingsError, settings

pytestmark = [pytest.mark.usefixtures('data_dir'), pytest.mark.req('O1')]

EXAMPLE = Path(__file__).parents[2] / '.env.example'


@pytest.mark.parametrize(
    ('name', 'value', 'says'),
    [
        ('PORT', 'eighty', 'PORT'),
        ('PORT', '0', 'PORT'),
        ('PORT', '70000', 'PORT'),
        ('PUBLIC_URL', 'waymark.example.org', 'https://waymark.example.org'),
        ('PUBLIC_URL', 'ftp://waymark.example.org', 'https://waymark.example.org'),
        ('PUBLIC_URL', 'https://example.org/way mark', 'https://example.org/waymark'),
        ('PUBLIC_URL', 'https://example.org/../waymark', 'https://example.org/waymark'),
        ('PUBLIC_URL', 'https://example.org/waymark?school=1', 'https://example.org/waymark'),
        ('DATABASE_URL', 'mysql://localhost/waymark', 'SQLite'),
        ('DATABASE_URL', 'waymark.db', 'sqlite:///'),
        ('DATABASE_URL', 'sqlite://', 'SQLite'),
        ('DATABASE_URL', 'sqlite:///:memory:', 'SQLite'),
        ('DATABASE_URL', 'postgresql://localhost:port/waymark', 'DATABASE_URL'),
        ('SECRET_KEY', SAMPLE_SECRET, 'sample value'),
        ('SECRET_KEY', 'short', 'at least 32'),
        ('SCHOOL_NAME', 'S' * 81, 'SCHOOL_NAME'),
        ('MAX_VIDEO_MB', '0', 'MAX_VIDEO_MB'),
        ('MAX_FILE_MB', 'much', 'MAX_FILE_MB'),
        ('MAX_COURSE_MB', '0', 'MAX_COURSE_MB'),
        ('IDLE_AFTER_SECONDS', '29', 'IDLE_AFTER_SECONDS'),
        ('IDLE_AFTER_SECONDS', '1201', 'IDLE_AFTER_SECONDS'),
        ('TIME_ZONE', 'Mars/Olympus', 'Europe/Berlin'),
        ('LOG_LEVEL', 'LOUD', 'DEBUG, INFO, WARNING or ERROR'),
        ('STUDENT_REGISTRATION', 'maybe', 'STUDENT_REGISTRATION'),
        ('INSTRUCTOR_REGISTRATION', 'maybe', 'INSTRUCTOR_REGISTRATION'),
        ('LRS_URL', 'http://lrs.example.org/xapi', 'https://'),
        ('LRS_URL', 'https://key:secret@lrs.example.org/xapi', 'https://'),
        ('LRS_KEY', 'key:secret', 'colon'),
        ('LRS_LEAVE_OUT', '12,Lena', 'numbers or e-mail addresses'),
    ],
)
def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(name, value)

    sentence = refusal()

    assert sentence.startswith(name)
    assert says in sentence
    assert sentence.endswith('.')
    assert '\n' not in sentence


def test_a_record_store_needs_key_and_secret_and_may_be_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('LRS_URL', 'http://127.0.0.1:8000/xapi/')
    assert refusal().startswith('LRS_KEY is missing')
    monkeypatch.setenv('LRS_KEY', 'key')
    assert refusal().startswith('LRS_SECRET is missing')
    monkeypatch.setenv('LRS_SECRET', 'a:secret')
    settings.cache_clear()

    assert settings().lrs_url == 'http://127.0.0.1:8000/xapi'


def test_a_data_folder_that_cannot_be_made_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('in the way')
    monkeypatch.setenv('DATA_DIR', str(tmp_path / 'file' / 'data'))

    assert refusal().startswith('DATA_DIR')


def test_without_any_setting_it_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv('DATA_DIR')
    monkeypatch.delenv('SECRET_KEY')
    monkeypatch.chdir(tmp_path)

    found = settings()

    assert (found.port, found.database_url) == (8080, 'sqlite:///data/waymark.db')
    assert not found.is_https


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    monkeypatch.delenv('SECRET_KEY')
    first = settings().secret_key
    settings.cache_clear()

    assert settings().secret_key == first
    assert len(first) >= 32
    assert stat.S_IMODE((data_dir / 'secret_key').stat().st_mode) == 0o600


def test_of_two_processes_that_start_at_once_the_first_one_makes_the_secret(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    monkeypatch.delenv('SECRET_KEY')
    others = 'the secret of the process that was a moment sooner'

    def link(_: Path, path: Path) -> None:
        path.write_text(others)
        raise FileExistsError

    monkeypatch.setattr(os, 'link', link)
    assert settings().secret_key == others
    assert [each.name for each in data_dir.iterdir()] == ['secret_key'], 'nothing is left behind'


@pytest.mark.parametrize('content', [b'', b'cut off', b'\xff' * 40])
def test_a_damaged_secret_is_told_and_not_replaced(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path, content: bytes
) -> None:
    """A new one would sign everybody out, and change every alias."""
    monkeypatch.delenv('SECRET_KEY')
    data_dir.mkdir()
    (data_dir / 'secret_key').write_bytes(content)

    assert 'damaged' in refusal()
    assert (data_dir / 'secret_key').read_bytes() == content


def test_the_address_may_say_postgresql_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('DATABASE_URL', 'postgresql://me:p%40ss@localhost/waymark')

    assert settings().database_url == 'postgresql+psycopg://me:p%40ss@localhost/waymark'


def test_https_is_known_from_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PUBLIC_URL', 'https://waymark.example.org/')

    assert (settings().is_https, settings().public_url) == (True, 'https://waymark.example.org')
    assert settings().sub_path == ''


def test_the_public_address_may_have_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PUBLIC_URL', 'https://example.org/school/waymark/')

    assert settings().public_url == 'https://example.org/school/waymark'
    assert settings().sub_path == '/school/waymark'


@pytest.mark.req('A9')
@pytest.mark.parametrize(
    ('machine', 'zone'), [('Asia/Tokyo', 'Asia/Tokyo'), (':Asia/Tokyo', 'Asia/Tokyo'), ('EST5', 'UTC')]
)
def test_the_zone_of_the_school_is_by_default_that_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, machine: str, zone: str
) -> None:
    monkeypatch.delenv('TIME_ZONE')
    monkeypatch.setenv('TZ', machine)

    assert settings().time_zone == zone


def test_the_example_explains_every_setting() -> None:
    mentioned = set(re.findall(r'^#? ?([A-Z_]+)=', EXAMPLE.read_text(), re.MULTILINE))

    assert mentioned == {name.upper() for name in Settings.model_fields}


def refusal() -> str:
    settings.cache_clear()
    with pytest.raises(SettingsError) as error:
        settings()
    return str(error.value)
