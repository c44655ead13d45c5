"""Entering from a platform: who this is here, a sign-in like any other, and where the link leads."""

from dataclasses import dataclass
from enum import StrEnum

from models import Course, LtiLink, Role, User
from services import access
from services.access import Actor
from services.accounts import first_step, second_factor, sign_ins, tokens
from services.accounts.first_step import Proved
from services.accounts.half_way import HalfWay
from services.accounts.second_factor import Missing
from services.accounts.sign_ins import Entered
from services.core.errors import DomainError, Forbidden, Gone, Invalid, NotFound
from services.core.transaction import Transaction
from services.lms import links, logins, people, roster, scores
from services.lms.links import Target
from services.lms.logins import Open
from services.lms.roles import Part, part_of
from services.progress import enrollments


class Next(StrEnum):
    """What comes after a launch."""

    WELCOME = 'welcome'
    """a teacher who is new here says whether they have an account"""
    CHOOSE = 'choose'
    """a teacher chooses what the link opens, or what is added there"""
    GO = 'go'


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Somebody has come from a platform."""

    next: Next
    entered: Entered | None = None
    target: Target | None = None
    teaches: bool = False
    """whether they teach the course of the target"""
    half_way: HalfWay | None = None
    """set where they need a second factor before they are signed in"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What a teacher who is new here is asked."""

    platform: str
    name: str
    may_make_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is signed in on the device on which a learner arrives, and may be the same person."""

    platform: str
    user_id: int
    name: str
    """of the one who is signed in here"""
    learner: str
    """of the one who comes from there; empty where the platform does not say"""
    is_guest: bool


def present(tx: Transaction, ticket: str, *, browser: str, actor: Actor | None) -> Present | None:
    """Return who is to be asked about before a learner enters: computers are shared, and nothing is joined silently.

    It is a guest, whose work the learner can keep, or a student with an account where the platform's learner is new.
    """
    if actor is None or actor.role is not Role.STUDENT:
        return None
    login = logins.find(tx, ticket, browser=browser)
    person = people.known(tx, login.platform.issuer, login.launch.subject)
    if _part(login) is not Part.LEARNS or (person and (person.id == actor.user_id or person.role is not Role.STUDENT)):
        return None
    if person and not actor.is_guest:
        return None
    return Present(
        platform=login.platform.name,
        user_id=actor.user_id,
        name=actor.name,
        learner=login.launch.name,
        is_guest=actor.is_guest,
    )


def enter(tx: Transaction, ticket: str, *, browser: str, device: str, replaces: str | None = None) -> Arrived:
    """Sign in who a platform has vouched for; nobody is signed in yet where a teacher is new here."""
    login = logins.find(tx, ticket, browser=browser)
    part = _part(login)
    person = people.known(tx, login.platform.issuer, login.launch.subject)
    if person is None and part is Part.TEACHES:
        return Arrived(next=Next.WELCOME)
    if person is None:
        person = _make(tx, login, Role.STUDENT)
    return _enter(tx, login, person, device, replaces)


def welcome(tx: Transaction, ticket: str, *, browser: str) -> Welcome:
    """Return what a teacher who is new here is asked."""
    login = logins.find(tx, ticket, browser=browser)
    return Welcome(
        platform=login.platform.name, name=login.launch.name, may_make_account=login.platform.makes_instructors
    )


def enter_new(tx: Transaction, ticket: str, *, browser: str, device: str, replaces: str | None = None) -> Arrived:
    """Make an instructor's account for a teacher who is new here, and sign them in."""
    login = logins.find(tx, ticket, browser=browser)
    if _part(login) is not Part.TEACHES or not login.platform.makes_instructors:
        raise Forbidden('Instructors need an invitation here. Ask your school for a link.')
    known = people.known(tx, login.platform.issuer, login.launch.subject)
    return _enter(tx, login, known or _make(tx, login, Role.INSTRUCTOR), device, replaces)


def enter_joined(
    tx: Transaction,
    ticket: str,
    proved: Proved,
    *,
    browser: str,
    device: str,
    replaces: str | None = None,
    code: str = '',
    address: str = '',
) -> Arrived | DomainError:
    """Join somebody who is new here with the account whose password they have just given, and sign them in.

    An account with a second factor is joined with its `code` only: the platform enters it from then on. The refusal of
    a wrong code is returned, so that its count is kept.
    """
    login = logins.find(tx, ticket, browser=browser)
    _part(login)
    first_step.succeeded(tx, proved)
    first_step.refuse_local(tx, proved.user_id)
    person = people.known(tx, login.platform.issuer, login.launch.subject)
    is_new = person is None
    if person is None:
        if refusal := _second_factor(tx, proved.user_id, code, address):
            return refusal
        person = tx.session.get_one(User, proved.user_id)
        people.join(tx, login.platform, subject=login.launch.subject, person=person)
        tx.note('joined with a platform', platform=login.platform.platform_id, user=person.id)
    return _enter(tx, login, person, device, replaces, had_factor=is_new)


def _second_factor(tx: Transaction, user_id: int, code: str, address: str) -> DomainError | None:
    """Return why an account cannot be joined with its password alone."""
    match second_factor.missing(tx, user_id):
        case Missing.SET_UP:
            return Forbidden(tokens.SET_UP_FIRST)
        case Missing.CODE if not code:
            return Invalid('Send a code of your authenticator app as well, or a recovery code.', field='code')
        case Missing.CODE:
            return second_factor.check(tx, user_id, code, address=address)
    return None


def _make(tx: Transaction, login: Open, role: Role) -> User:
    return people.make(tx, login.platform, subject=login.launch.subject, name=login.launch.name, role=role)


def _part(login: Open) -> Part:
    part = part_of(login.launch.roles)
    if part is Part.LOOKS_ON:
        raise Forbidden('Mentors and observers do not enter from there. Parents register here with a code.')
    if login.launch.is_deep_linking and part is not Part.TEACHES:
        raise Forbidden('Only those who teach a course can add something to it.')
    return part


def _enter(
    tx: Transaction, login: Open, person: User, device: str, replaces: str | None, *, had_factor: bool = False
) -> Arrived:
    people.check_may_enter(person)
    link = None
    if not login.launch.is_deep_linking:
        link = links.opened(tx, login.platform, login.launch)
        if link is None and part_of(login.launch.roles) is not Part.TEACHES:
            raise NotFound('Nobody has chosen yet what opens here. Ask your teacher to open this link once.')
    half_way = None if had_factor else first_step.half_way(tx, person.id)
    entered = None if half_way else sign_ins.enter(tx, person.id, device, replaces)
    logins.entered(tx, login, person.id)
    tx.note('launched', platform=login.platform.platform_id, user=person.id, link=link.id if link else None)
    if link is None:
        if entered:
            access.teacher(tx, entered.actor)
        return Arrived(next=Next.CHOOSE, entered=entered, half_way=half_way)
    target = Target(course_id=link.course_id, checkpoint_id=link.checkpoint_id, in_class=link.in_class)
    teaches = _let_in(tx, login, person, link)
    return Arrived(next=Next.GO, entered=entered, target=target, teaches=teaches, half_way=half_way)


def _let_in(tx: Transaction, login: Open, person: User, link: LtiLink) -> bool:
    """Let somebody into the course of a link; returns whether they teach it here."""
    course = tx.session.get(Course, link.course_id)
    if course is None or course.deleted_at or course.archived_at:
        raise Gone('The course to which this link leads is archived or deleted. Ask your teacher.')
    actor = Actor(user_id=person.id, sign_in_id=0, role=person.role, name=person.name, is_guest=False)
    if access.teaches(tx, actor, course):
        return True
    if part_of(login.launch.roles) is Part.TEACHES:
        owner = tx.session.get_one(User, course.owner_id)
        raise Forbidden(
            'You teach there, but not in the course here. Ask {name} to add you as an instructor.', name=owner.name
        )
    enrollments.enroll(tx, course_id=course.id, user_id=actor.user_id, name=actor.name)
    roster.note_arrival(tx, login.platform, login.launch, actor.user_id)
    scores.touch(tx, link.id, actor.user_id)
    return False
