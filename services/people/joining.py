"""Joining with a code: guests without an account, people with one, and coming back on another device."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from sqlalchemy import bindparam, exists, insert, select
from sqlmodel import col

from models import Course, Enrollment, LiveSession, Role, User, table
from services import access
from services.access import Actor
from services.accounts import guessing
from services.accounts.guessing import Origin
from services.accounts.sign_ins import Entered, enter
from services.core import database
from services.core.buckets import Buckets
from services.core.errors import Gone, Invalid, NotFound, Refused, TooManyAttempts
from services.core.phrases import phrase
from services.core.secrets import REJOIN_CODE_LENGTH, new_code, read_code
from services.core.server_address import network_of
from services.core.sql.prepared import Prepared
from services.core.text import LONGEST_NAME, LONGEST_PLAIN_NAME, plain_name, read_name
from services.core.transaction import Transaction
from services.people import guest_limits
from services.progress import enrollments

guests_from_browser = Buckets(
    name='guests of a browser',
    at_once=guest_limits.FROM_BROWSER,
    per_second=1 / 180,
    sentence=phrase(
        'Many people have joined on this device already. Ask your instructor to put you on the class list.'
    ),
)
guests_from_address = Buckets(
    name='guests of an address',
    at_once=1_000,
    per_second=1.0,
    sentence=phrase('Very many people are joining from your network. Try again in a moment.'),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What somebody with a class code is told before joining."""

    course_id: int
    title: str
    subject: str
    description: str
    """as Markdown"""
    is_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody is in a class; `entered` is there when their device got a new token."""

    course_id: int
    entered: Entered | None = None


@database.quick
def look_up(tx: Transaction, code: str) -> Invited:
    """Return the class that a code leads to, or raise a sentence that says why it does not."""
    found = _INVITED.rows(tx.connection, code=read_code(code))
    if not found:
        raise NotFound(_NO_CLASS, field='code')
    ((course_id, title, subject, description, archived_at, code_open, is_running),) = found
    if archived_at:
        raise Gone('This course is archived, so nobody can join it.', field='code')
    if not code_open:
        raise Refused('Joining this class is closed. Ask your instructor to open it.', field='code')
    return Invited(course_id=course_id, title=title, subject=subject, description=description, is_running=is_running)


@database.quick
def join_as_guest(tx: Transaction, *, code: str, name: str, device: str, replaces: str | None = None) -> Joined:
    """Join with a class code and a name; the device is signed in as a new guest."""
    course_id, guest_id = admit(tx, code=code, name=name)
    return Joined(course_id=course_id, entered=enter(tx, guest_id, device, replaces))


def admit(tx: Transaction, *, code: str, name: str) -> tuple[int, int]:
    """Let a new guest take part in the course of a class code; returns the ids of the course and the guest."""
    invited = look_up(tx, code)
    name = read_name(name)
    _check_room(tx, invited.course_id)
    if _is_taken(tx, invited.course_id, name):
        offer = _free_variant(tx, invited.course_id, name)
        raise Invalid(
            'Somebody called {name} is here already. Join as “{offered}”, or add your surname. '
            'If that is you on another device, use your own code there.',
            name=name,
            offered=offer,
            field='name',
            offer=offer,
        )
    guest_id, _ = new_guest(tx, course_id=invited.course_id, name=name)
    tx.note('guest joined', course=invited.course_id, user=guest_id)
    return invited.course_id, guest_id


def new_guest(tx: Transaction, *, course_id: int, name: str) -> tuple[int, str]:
    """Make a guest who learns in a course; returns their id and the code with which they come back.

    The caller has checked the name, and who may add people.
    """
    code = new_code(REJOIN_CODE_LENGTH)
    guest = {
        'name': name,
        'plain_name': plain_name(name),
        'role': Role.STUDENT,
        'rejoin_code': code,
        'created_at': tx.now,
        'updated_at': tx.now,
    }
    ((guest_id,),) = _NEW_GUEST.rows(tx.connection, **guest)
    enrollments.enroll(tx, course_id=course_id, user_id=guest_id, name=name)
    return guest_id, code


def join(tx: Transaction, actor: Actor | None, *, code: str) -> Joined:
    """Enroll somebody who is signed in; those who teach the course are led to it as well."""
    actor = access.participant(tx, actor)
    invited = look_up(tx, code)
    course = tx.session.get_one(Course, invited.course_id)
    if not access.teaches(tx, actor, course):
        enrollments.enroll(tx, course_id=invited.course_id, user_id=actor.user_id, name=actor.name)
    return Joined(course_id=invited.course_id)


@database.quick
def is_here_as(tx: Transaction, actor: Actor | None, *, code: str, name: str) -> bool:
    """Tell whether somebody who signed in takes part in the course of a code under the name that they typed."""
    actor = access.participant(tx, actor)
    invited = look_up(tx, code)
    if plain_name(actor.name) != plain_name(read_name(name)):
        return False
    mine = col(Enrollment.user_id) == actor.user_id, col(Enrollment.course_id) == invited.course_id
    return tx.execute(select(exists().where(*mine, col(Enrollment.removed_at).is_(None)))).scalar_one()


def join_course(tx: Transaction, actor: Actor | None, course_id: int, *, code: str) -> Joined:
    """Enroll somebody who is signed in, with a code that must be the one of this course."""
    access.participant(tx, actor)
    if not any(id_ == course_id for id_, *_ in _INVITED.rows(tx.connection, code=read_code(code))):
        raise NotFound(_NO_CLASS, field='code')
    return join(tx, actor, code=code)


def rejoin(
    tx: Transaction, *, code: str, device: str, address: str, browser: str = '', replaces: str | None = None
) -> Joined:
    """Sign a guest in on another device with the short code of theirs."""
    guest_id = recognise(tx, code=code, address=address, browser=browser)
    latest = select(col(Enrollment.course_id)).where(col(Enrollment.user_id) == guest_id)
    course_id = tx.execute(latest.order_by(col(Enrollment.id).desc())).scalars().first()
    return Joined(course_id=course_id or 0, entered=enter(tx, guest_id, device, replaces))


def recognise(tx: Transaction, *, code: str, address: str, browser: str = '') -> int:
    """Return the id of the guest who has this short code; wrong ones are counted for where they come from."""
    with guessing.rejoin_codes.counted(Origin(address=address, browser=browser)):
        mine = select(col(User.id)).where(col(User.rejoin_code) == read_code(code))
        guest_id: int | None = tx.execute(mine).scalar_one_or_none()
        if guest_id is None:
            raise NotFound('Nobody has this code. It is on your other device, under “All steps”.', field='code')
    tx.note('guest rejoined', user=guest_id)
    return guest_id


def rejoin_code(tx: Transaction, actor: Actor | None) -> str | None:
    """Return the code with which a guest comes back on another device; accounts have none."""
    actor = access.signed_in(tx, actor)
    return tx.session.get_one(User, actor.user_id).rejoin_code


@contextmanager
def arriving(origin: Origin, *, code: str = '') -> Iterator[None]:
    """Let somebody join as a guest inside, unless very many have joined from the same browser or address lately.

    Those who teach the class of the `code` are told when a browser is turned away.
    """
    network = network_of(origin.address)
    guests_from_address.check(network)
    if origin.browser:
        try:
            guests_from_browser.check(origin.browser)
        except TooManyAttempts:
            guest_limits.turn_away(code)
            raise
    yield
    guests_from_address.take(network)
    if origin.browser:
        guests_from_browser.take(origin.browser)


def _check_room(tx: Transaction, course_id: int) -> None:
    here = guest_limits.count(tx, course_id)
    if here >= guest_limits.MOST_GUESTS:
        raise Refused(
            'This class has {count} guests and takes no more. Tell your instructor: under “People” they can remove '
            'those who do not belong there, and a new code keeps strangers out.',
            count=here,
            field='code',
        )


def _is_taken(tx: Transaction, course_id: int, name: str) -> bool:
    return bool(_NAMESAKE.rows(tx.connection, name=plain_name(name), course=course_id))


def _free_variant(tx: Transaction, course_id: int, name: str) -> str:
    """Return the name with the first number that nobody in the course has; ends, as each number is another name."""
    taken = {plain for (plain,) in _NAMES.rows(tx.connection, course=course_id)}
    variants = (_numbered(name, number) for number in count(2))
    return next(variant for variant in variants if plain_name(variant) not in taken)


def _numbered(name: str, number: int) -> str:
    """Return a name with a number behind it, cut so that both fit where names are kept."""
    for length in range(LONGEST_NAME - len(str(number)) - 1, 0, -1):
        variant = f'{name[:length]} {number}'
        if len(plain_name(variant)) <= LONGEST_PLAIN_NAME:
            break
    return variant


_NO_CLASS = phrase('No class has this code. Look at the screen again: the code has six characters.')

_users, _courses = table(User), table(Course)
_classes, _enrollments = table(LiveSession), table(Enrollment)
_INVITED = Prepared(
    select(
        _courses.c.id,
        _courses.c.title,
        _courses.c.subject,
        _courses.c.description,
        _courses.c.archived_at,
        _courses.c.code_open,
        exists().where(_classes.c.course_id == _courses.c.id, _classes.c.ended_at.is_(None)).label('is_running'),
    ).where(_courses.c.code == bindparam('code'), _courses.c.deleted_at.is_(None))
)
_NAMESAKE = Prepared(
    select(_users.c.id)
    .join(_enrollments, _enrollments.c.user_id == _users.c.id)
    .where(
        _users.c.plain_name == bindparam('name'),
        _enrollments.c.course_id == bindparam('course'),
        _enrollments.c.removed_at.is_(None),
    )
    .limit(1)
)
_NAMES = Prepared(
    select(_users.c.plain_name)
    .join(_enrollments, _enrollments.c.user_id == _users.c.id)
    .where(_enrollments.c.course_id == bindparam('course'), _enrollments.c.removed_at.is_(None))
)
_NEW_GUEST = Prepared(
    insert(_users).returning(_users.c.id),
    columns=('name', 'plain_name', 'role', 'rejoin_code', 'created_at', 'updated_at'),
)
