"""Everything that the environment or `.env` can change, typed, in one place."""

import base64
import os
import re
import secrets
import stat
from contextlib import suppress
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SAMPLE_SECRET = 'change-me'  # noqa: S105 - nothing secret about it
"""What `.env.example` shows; refused, because everybody knows it."""

NAMELESS = 'Waymark'
"""What a school is called that nobody has given a name."""

SUB_PATH = '(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?'
"""What a path of PUBLIC_URL looks like: names that mean the same however they are written."""

SHORTEST_SECRET = 32
SHORTEST_KEY, LONGEST_KEY = 24, 64
"""bytes of what signs notices, as Standard Webhooks has it"""


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one sentence for the operator."""


class Registration(StrEnum):
    """Who may register an account of a kind."""

    OPEN = 'open'
    CODE = 'code'
    INVITATION = 'invitation'


class OidcProvider(BaseModel):
    """A provider of sign-ins (OpenID Connect); `docs/operations.md` explains each part."""

    model_config = ConfigDict(frozen=True, extra='forbid', hide_input_in_errors=True)

    name: str = Field(pattern='^[a-z0-9-]{1,30}$')
    label: str = Field(min_length=1, max_length=60)
    issuer: str = Field(max_length=255)
    client_id: str = Field(min_length=1, max_length=255)
    client_secret: str = ''
    scopes: str = 'openid email profile'
    creates: bool = True
    domains: tuple[str, ...] = ()
    roles_claim: str = ''
    roles: dict[str, Literal['student', 'instructor', 'admin']] = {}
    trusts_second_factor: bool = False

    @field_validator('issuer')
    @classmethod
    def _issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        is_local = parts.hostname in {'localhost', '127.0.0.1', '::1'}
        if not parts.hostname or parts.query or not (parts.scheme == 'https' or (parts.scheme == 'http' and is_local)):
            raise ValueError('must look like https://login.example.org')
        return value

    @field_validator('domains')
    @classmethod
    def _domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.strip().lower().removeprefix('@') for domain in value)


class Settings(BaseSettings):
    """The settings; each is explained in `.env.example`."""

    model_config = SettingsConfigDict(env_file='.env', env_ignore_empty=True, extra='ignore', frozen=True)

    host: str = '0.0.0.0'  # noqa: S104 - phones in the classroom must reach it
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ''
    school_name: str = Field(default=NAMELESS, min_length=1, max_length=80)
    welcome_text: str = Field(default='', max_length=2_000)
    time_zone: str = ''
    data_dir: Path = Path('data')
    database_url: str = ''
    redis_url: str = Field(default='', validate_default=True)
    secret_key: str = ''
    log_level: str = 'INFO'
    metrics_token: str = ''
    trusted_proxies: str = '127.0.0.1,::1'
    student_registration: Registration = Registration.OPEN
    instructor_registration: Registration = Registration.INVITATION
    age_of_consent: int = Field(default=0, ge=0, le=21)
    second_factor_required: bool = False
    oidc_providers: str = ''
    local_sign_in: bool = Field(default=True, validate_default=True)
    close_after_minutes: int = Field(default=180, ge=1)
    max_video_mb: int = Field(default=500, ge=1)
    max_file_mb: int = Field(default=25, ge=1)
    max_course_mb: int = Field(default=2000, ge=1)
    api_requests_per_second: int = Field(default=20, ge=1)
    idle_after_seconds: int = Field(default=120, ge=30, le=1200)
    leaderboard_size: int = Field(default=11, ge=3, le=100)
    backup_keep: int = Field(default=0, ge=0, le=1000)
    analytics_retention_days: int = Field(default=730, ge=0, le=36_500)
    guest_retention_days: int = Field(default=365, ge=0, le=36_500)
    activity_archive_months: int = Field(default=0, ge=0, le=1_200)
    mail_host: str = ''
    mail_port: int = Field(default=0, ge=0, le=65535)
    mail_security: Literal['starttls', 'tls', 'none'] = 'starttls'
    mail_user: str = ''
    mail_password: str = ''
    mail_from: str = Field(default='', validate_default=True)
    email_enabled: bool = True
    push_notifications_enabled: bool = False
    notification_service_url: str = Field(default='', validate_default=True)
    notification_service_secret: str = Field(default='', validate_default=True)
    lrs_url: str = Field(default='', max_length=500)
    lrs_key: str = Field(default='', validate_default=True)
    lrs_secret: str = Field(default='', validate_default=True)
    lrs_leave_out: str = ''

    @field_validator('public_url')
    @classmethod
    def _public_url(cls, value: str) -> str:
        parts = urlsplit(value)
        is_plain = parts.scheme in {'http', 'https'} and parts.netloc and not (parts.query or parts.fragment)
        if value and not (is_plain and re.fullmatch(SUB_PATH, parts.path)):
            raise ValueError('must look like https://waymark.example.org or https://example.org/waymark')
        return value.rstrip('/')

    @field_validator('time_zone')
    @classmethod
    def _time_zone(cls, value: str) -> str:
        if value and value not in zone_names():
            raise ValueError('must be the name of a time zone such as Europe/Berlin')
        return value

    @field_validator('database_url')
    @classmethod
    def _database_url(cls, value: str) -> str:
        if not value:
            return value
        try:
            url = make_url(value)
        except ArgumentError as error:
            raise ValueError('must look like sqlite:///data/waymark.db or postgresql://user@host/name') from error
        if url.get_backend_name() == 'postgresql':
            return url.set(drivername='postgresql+psycopg').render_as_string(hide_password=False)
        if url.get_backend_name() != 'sqlite' or not url.database or url.database == ':memory:':
            raise ValueError('must be an SQLite file (sqlite:///data/waymark.db) or PostgreSQL (postgresql://…)')
        return value

    @field_validator('redis_url')
    @classmethod
    def _redis_url(cls, value: str, info: ValidationInfo) -> str:
        if value and urlsplit(value).scheme not in {'redis', 'rediss', 'unix'}:
            raise ValueError('must look like redis://localhost:6379')
        if value and not str(info.data.get('database_url', '')).startswith('postgresql'):
            raise ValueError('is for several processes, which need PostgreSQL: give DATABASE_URL as well')
        return value

    @field_validator('secret_key')
    @classmethod
    def _secret_key(cls, value: str) -> str:
        if value == SAMPLE_SECRET:
            raise ValueError('is still the sample value; remove it and Waymark makes one of its own')
        if value and len(value) < SHORTEST_SECRET:
            raise ValueError(f'is too short; it needs at least {SHORTEST_SECRET} characters')
        return value

    @field_validator('log_level')
    @classmethod
    def _log_level(cls, value: str) -> str:
        if value.upper() not in {'DEBUG', 'INFO', 'WARNING', 'ERROR'}:
            raise ValueError('must be DEBUG, INFO, WARNING or ERROR')
        return value.upper()

    @field_validator('metrics_token')
    @classmethod
    def _metrics_token(cls, value: str) -> str:
        if value and len(value) < SHORTEST_SECRET:
            raise ValueError(f'is too short; it needs at least {SHORTEST_SECRET} characters')
        return value

    @field_validator('trusted_proxies')
    @classmethod
    def _trusted_proxies(cls, value: str) -> str:
        for each in value.split(','):
            try:
                ip_network(each.strip())
            except ValueError as error:
                raise ValueError('must be addresses or networks such as 127.0.0.1,10.0.0.0/8') from error
        return value

    @field_validator('oidc_providers')
    @classmethod
    def _oidc_providers(cls, value: str) -> str:
        if not value:
            return value
        try:
            names = [provider.name for provider in TypeAdapter(tuple[OidcProvider, ...]).validate_json(value)]
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            place = '.'.join(map(str, first['loc'])) or 'the whole'
            raise ValueError(f'must be a list as in .env.example; {place}: {first["msg"]}') from None
        if len(set(names)) < len(names):
            raise ValueError('has two providers with one name; give each its own')
        if find_spec('joserfc') is None:
            raise ValueError('needs a package more; install it with: pip install joserfc')
        return value

    @field_validator('local_sign_in')
    @classmethod
    def _local_sign_in(cls, value: bool, info: ValidationInfo) -> bool:
        if not value and not info.data.get('oidc_providers'):
            raise ValueError('is false, and there is no other way to sign in: give OIDC_PROVIDERS as well')
        return value

    @field_validator('mail_from')
    @classmethod
    def _mail_from(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get('mail_host') and not value:
            raise ValueError('is missing: with MAIL_HOST, say from which address mails come')
        if value and not re.fullmatch(r'[^@\s]+@[^@\s]+', value):
            raise ValueError('must be an e-mail address such as school@example.org')
        return value

    @field_validator('notification_service_url')
    @classmethod
    def _notification_service_url(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get('push_notifications_enabled') and not value:
            raise ValueError('is missing: with PUSH_NOTIFICATIONS_ENABLED, say where the service is')
        parts = urlsplit(value)
        if value and (parts.scheme not in {'http', 'https'} or not parts.hostname or parts.username or parts.fragment):
            raise ValueError('must look like https://push.example.org/notices')
        return value

    @field_validator('notification_service_secret')
    @classmethod
    def _notification_service_secret(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get('push_notifications_enabled') and not value:
            raise ValueError('is missing: with PUSH_NOTIFICATIONS_ENABLED, say with which key notices are signed')
        if not value:
            return value
        try:
            key = base64.b64decode(value.removeprefix('whsec_'), validate=True)
        except ValueError as error:
            raise ValueError('must look like whsec_ and then 24 to 64 bytes in Base64') from error
        if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
            raise ValueError('must look like whsec_ and then 24 to 64 bytes in Base64')
        return value

    @field_validator('lrs_url')
    @classmethod
    def _lrs_url(cls, value: str) -> str:
        parts = urlsplit(value)
        is_local = parts.hostname in {'localhost', '127.0.0.1', '::1'}
        is_safe = parts.scheme == 'https' or (parts.scheme == 'http' and is_local)
        has_more = parts.username or parts.query or parts.fragment
        if value and (not is_safe or not parts.hostname or has_more):
            raise ValueError('must look like https://lrs.example.org/xapi')
        return value.rstrip('/')

    @field_validator('lrs_key', 'lrs_secret')
    @classmethod
    def _lrs_access(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get('lrs_url') and not value:
            raise ValueError('is missing: with LRS_URL, say with which key and secret statements may be written')
        if info.field_name == 'lrs_key' and ':' in value:
            raise ValueError('must not have a colon in it')
        return value

    @field_validator('lrs_leave_out')
    @classmethod
    def _lrs_leave_out(cls, value: str) -> str:
        for each in value.split(',') if value else ():
            if not (each.strip().isdecimal() or '@' in each):
                raise ValueError('must be numbers or e-mail addresses of people such as 12,lena@example.org')
        return value

    @property
    def is_https(self) -> bool:
        """Whether people reach the server through HTTPS, so that cookies may insist on it."""
        return self.public_url.startswith('https://')

    @property
    def sub_path(self) -> str:
        """The path below which people reach the server, such as `/waymark`; empty where it has a name of its own."""
        return urlsplit(self.public_url).path


@cache
def settings() -> Settings:
    """Return the settings of this process, with the parts that depend on the data folder filled in.

    Raises `SettingsError` with one sentence. Creates the data folder and, on first start, the secret in it.
    """
    try:
        given = Settings()
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error
    _check_data_dir(given.data_dir)
    return given.model_copy(
        update={
            'database_url': given.database_url or f'sqlite:///{given.data_dir / "waymark.db"}',
            'time_zone': given.time_zone or _zone_of_machine(),
            'secret_key': given.secret_key or _kept_secret(given.data_dir / 'secret_key'),
        }
    )


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones; Python looks for them in every folder of them, each time that it is asked."""
    return frozenset(available_timezones())


def _zone_of_machine() -> str:
    """Return the name of the time zone that this machine is set to; UTC where it does not say."""
    link = os.path.realpath(os.environ.get('TZ', '').removeprefix(':') or '/etc/localtime')
    names = (os.environ.get('TZ', '').removeprefix(':'), link.partition('/zoneinfo/')[2])
    return next((name for name in names if name in zone_names()), 'UTC')


def _check_data_dir(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f'DATA_DIR: the folder {folder} cannot be made ({error.strerror}).') from error
    if not os.access(folder, os.W_OK):
        raise SettingsError(f'DATA_DIR: the folder {folder} cannot be written to.')


def _kept_secret(path: Path) -> str:
    """Return the secret kept in the data folder; the first start creates it, readable by the owner only."""
    if not path.exists():
        _make_secret(path)
    kept = _read(path).strip()
    if len(kept) < SHORTEST_SECRET or not kept.isascii():
        todo = 'Put it back from a back-up. Without the file a new secret is made, and what the old one signed fails.'
        raise SettingsError(f'The secret in {path} is damaged. {todo}')
    return kept.decode()


def _make_secret(path: Path) -> None:
    """Make it whole or not at all: of two processes that start at once, the first one counts for both."""
    part = path.with_suffix(f'.{secrets.token_hex(4)}.part')
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(descriptor, 'w') as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, path)
    except OSError as error:
        raise SettingsError(f'DATA_DIR: the secret {path} cannot be made ({error.strerror}).') from error
    finally:
        part.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        todo = 'It has to belong to the account that runs Waymark.'
        raise SettingsError(f'DATA_DIR: the secret {path} cannot be read ({error.strerror}). {todo}') from error


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first['loc'][0]).upper() if first['loc'] else 'A setting'
    said = str(first['msg']).removeprefix('Value error, ')
    if first['type'] == 'value_error':
        return f'{name} {said}. Set it in the environment or in .env.'
    return f'{name} is {first["input"]!r}, but: {said}. Set it in the environment or in .env.'
