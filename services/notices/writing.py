"""Writing notices: once for each person, only to people who may know of it, and on the channels that they chose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Dialect, exists, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase

from models import (
    Channel,
    Course,
    CourseInstructor,
    Enrollment,
    Notice,
    NoticeChoice,
    NoticeKind,
    NoticePush,
    NoticeSettings,
    PushState,
    Role,
    User,
    table,
)
from services.core import database, languages, school, zones
from services.core.events import NoticesChanged
from services.core.phrases import Phrase, stored
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.text import plain_name
from services.core.transaction import Transaction
from services.mail import refused
from services.notices import channels, quiet_hours
from services.notices.drafts import Draft
from services.notices.kinds import TRAITS
from services.notices.quiet_hours import QuietHours
from services.quizzes.mastery import owners_of

LONGEST = 1000
"""letters of a title, of a body, and of what is searched of both"""

AT_ONCE = 50
"""notices in one transaction"""

_Written = tuple[int, int, NoticeKind]
"""(id, id of the reader, kind)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Somebody who is notified, with what they chose."""

    has_address: bool
    """whether it is known that mails to their address reach them"""
    zone: str
    language: str
    quiet: QuietHours | None
    choices: Mapping[tuple[NoticeKind, Channel], bool]

    def wants(self, kind: NoticeKind, channel: Channel) -> bool:
        return self.choices.get((kind, channel), channel in TRAITS[kind].usual)


def write(tx: Transaction, drafts: Sequence[Draft]) -> int:
    """Write the notices that are new and that their readers want on any channel; returns how many that were.

    What a guest is notified of reaches the person who they have turned out to be. Nobody is notified of a course that
    is archived, or that they were taken out of.
    """
    if not drafts:
        return 0
    owners = owners_of(tx, {each.user_id for each in drafts})
    wanted = _concerned(tx, [replace(each, user_id=owners.get(each.user_id, each.user_id)) for each in drafts])
    readers = _readers(tx, {each.user_id for each in wanted})
    rows = [row for each in wanted if (row := _row(tx, each, readers.get(each.user_id)))]
    written: list[_Written] = _WRITE.each(tx.connection, rows) if rows else []
    if written:
        _push(tx, written, readers)
        tx.announce(*(NoticesChanged(user_id=user_id) for user_id in sorted({user_id for _, user_id, _ in written})))
        tx.note('notices written', count=len(written))
    return len(written)


async def write_some_at_a_time(drafts: Sequence[Draft]) -> int:
    """Write any number of notices, such as those of a whole school, so that no tap waits long behind them."""
    written = 0
    for start in range(0, len(drafts), AT_ONCE):
        written += await database.write(write, drafts[start : start + AT_ONCE])
    return written


def staff_of(tx: Transaction, course_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return who teaches some courses that are open: their owners and those who help them, while they may teach."""
    found: dict[int, list[int]] = {}
    for course_id, user_id in _STAFF.rows(tx.connection, courses=sorted(set(course_ids))):
        found.setdefault(course_id, []).append(user_id)
    return found


def _concerned(tx: Transaction, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts for learners who are in the course, and for others, who were chosen just now."""
    places = {(each.course_id, each.user_id) for each in drafts if _is_for_learner(each) and each.course_id}
    there = set(_PLACES.rows(tx.connection, places=sorted(places))) if places else set()
    return [each for each in drafts if not _is_for_learner(each) or (each.course_id, each.user_id) in there]


def _is_for_learner(draft: Draft) -> bool:
    return draft.course_id is not None and Role.STUDENT in TRAITS[draft.kind].roles


def _readers(tx: Transaction, user_ids: set[int]) -> dict[int, _Reader]:
    """Return those of some people who can sign in, with what they chose."""
    people = sorted(user_ids)
    choices: dict[int, dict[tuple[NoticeKind, Channel], bool]] = {}
    for user_id, kind, channel, is_on in _CHOICES.rows(tx.connection, people=people):
        choices.setdefault(user_id, {})[kind, channel] = is_on
    return {
        user_id: _Reader(
            has_address=bool(has_address),
            zone=zone,
            language=language,
            quiet=quiet_hours.from_columns(since, until),
            choices=choices.get(user_id, {}),
        )
        for user_id, has_address, zone, language, since, until in _READERS.rows(tx.connection, people=people)
    }


def _row(tx: Transaction, draft: Draft, reader: _Reader | None) -> dict[str, object] | None:
    """Return what is written; None for somebody who does not want it at all."""
    if reader is None:
        return None
    here = channels.available()
    is_in_app = reader.wants(draft.kind, Channel.IN_APP)
    by_mail = reader.has_address and Channel.E_MAIL in here and reader.wants(draft.kind, Channel.E_MAIL)
    if not (is_in_app or by_mail or (Channel.PUSH in here and reader.wants(draft.kind, Channel.PUSH))):
        return None
    return {
        'user_id': draft.user_id,
        'kind': draft.kind,
        'object_key': draft.object_key,
        'occurrence': draft.occurrence,
        'course_id': draft.course_id,
        'learner_id': draft.learner_id,
        'title': stored(draft.title, most=LONGEST),
        'body': stored(draft.body, most=LONGEST) if draft.body else '',
        'searched': searched(reader.language, draft.title, draft.body),
        'address': draft.address,
        'happened_at': draft.happened_at,
        'written_at': tx.now,
        'is_in_app': is_in_app,
        'useful_until': draft.useful_until,
        'mail_due_at': _due(tx, draft.kind, reader) if by_mail else None,
    }


def searched(language: str, *said: Phrase | None) -> str:
    """Return what is searched of a notice: its words as its reader reads them, without what the eye does not see."""
    reader = languages.translations(language or school.current().language or 'en')
    return plain_name(' '.join(each.spoken(reader) for each in said if each))[:LONGEST]


def _due(tx: Transaction, kind: NoticeKind, reader: _Reader) -> datetime:
    """Return when something may go out: what somebody waits for keeps no quiet hours."""
    quiet = None if TRAITS[kind].is_urgent else reader.quiet
    return quiet_hours.not_before(quiet, zones.of(reader.zone), tx.now)


def _push(tx: Transaction, written: Sequence[_Written], readers: Mapping[int, _Reader]) -> None:
    """Let those notices wait for the service that reaches devices that their readers want there."""
    if Channel.PUSH not in channels.available():
        return
    pushes = [
        _WAITING | {'notice_id': notice_id, 'due_at': _due(tx, kind, readers[user_id]), 'created_at': tx.now}
        for notice_id, user_id, kind in written
        if readers[user_id].wants(kind, Channel.PUSH)
    ]
    if pushes:
        _PUSH.each(tx.connection, pushes)


_notices, _pushes = table(Notice), table(NoticePush)
_choices, _settings = table(NoticeChoice), table(NoticeSettings)
_courses, _enrollments = table(Course), table(Enrollment)
_users, _helping = table(User), table(CourseInstructor)
_COLUMNS = (
    'user_id',
    'kind',
    'object_key',
    'occurrence',
    'course_id',
    'learner_id',
    'title',
    'body',
    'searched',
    'address',
    'happened_at',
    'written_at',
    'is_in_app',
    'useful_until',
    'mail_due_at',
)


def _once(dialect: Dialect) -> UpdateBase:
    row = sqlite.insert(_notices) if dialect.name == 'sqlite' else postgresql.insert(_notices)
    return row.on_conflict_do_nothing().returning(_notices.c.id, _notices.c.user_id, _notices.c.kind)


_WRITE = Prepared(_once, columns=_COLUMNS)
_WAITING = {'state': PushState.WAITING, 'holder': '', 'attempts': 0, 'problem': ''}
_PUSH = Prepared(
    insert(_pushes), columns=('notice_id', 'state', 'holder', 'attempts', 'problem', 'due_at', 'created_at')
)
_IS_OPEN = _courses.c.archived_at.is_(None) & _courses.c.deleted_at.is_(None)
_PLACES = Prepared(
    select(_enrollments.c.course_id, _enrollments.c.user_id)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        number_pair_among(_enrollments.c.course_id, _enrollments.c.user_id, 'places'),
        _enrollments.c.removed_at.is_(None),
        _IS_OPEN,
    )
)
_TEACHES = (
    or_(
        _courses.c.owner_id == _users.c.id,
        exists().where(_helping.c.course_id == _courses.c.id, _helping.c.user_id == _users.c.id),
    )
    & or_(_users.c.role == Role.INSTRUCTOR, _users.c.role == Role.ADMIN)
    & _users.c.disabled_at.is_(None)
)
_STAFF = Prepared(
    select(_courses.c.id, _users.c.id)
    .select_from(_courses)
    .join(_users, _TEACHES)
    .where(among(_courses.c.id, 'courses'), _IS_OPEN)
    .order_by(_courses.c.id, _users.c.id)
)
_CHOICES = Prepared(
    select(_choices.c.user_id, _choices.c.kind, _choices.c.channel, _choices.c.is_on).where(
        among(_choices.c.user_id, 'people')
    )
)
_READERS = Prepared(
    select(
        _users.c.id,
        (_users.c.email_confirmed_at.is_not(None) & ~refused.is_off_for(_users)).label('has_address'),
        _users.c.time_zone,
        _users.c.language,
        _settings.c.quiet_from,
        _settings.c.quiet_until,
    )
    .outerjoin(_settings, _settings.c.user_id == _users.c.id)
    .where(among(_users.c.id, 'people'), _users.c.disabled_at.is_(None))
)
