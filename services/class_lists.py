"""A class list from another program (CSV): read, tried without changing anything, and then brought in."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, Role, User
from services import access, enrollments, groups, guests
from services.access import Actor
from services.core.database import Transaction
from services.core.errors import Invalid, NotFound, Refused
from services.core.text import plain_name, read_address, read_name
from services.course_reader import BrokenFile

LONGEST_LIST = 256 * 1024
"""bytes"""
MOST_LINES = 1_000

NAMES = ('name', 'full name', 'student', 'student name', 'learner')
FIRST_NAMES = ('first name', 'firstname', 'given name', 'forename')
LAST_NAMES = ('last name', 'lastname', 'surname', 'family name')
EMAILS = ('email', 'e-mail', 'mail', 'email address', 'e-mail address')
GROUPS = ('group', 'class', 'set', 'section')


class Fate(StrEnum):
    """What becomes of one line."""

    NEW = 'new'
    """a guest with a code of their own"""
    ENROLLED = 'enrolled'
    """an account, which learns in the course from now on"""
    HERE = 'here'
    """learns here already; only the group is taken over"""
    OUT = 'out'
    """was taken out of the course, and stays out"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of a list; `code` is how a new guest gets in, once they are brought in."""

    line: int
    name: str
    email: str
    group: str
    fate: Fate = Fate.NEW
    user_id: int | None = None
    code: str = ''


def plan(tx: Transaction, actor: Actor | None, course_id: int, content: bytes) -> tuple[Person, ...]:
    """Return what would become of each line; raises `BrokenFile` with one sentence for each line that is wrong."""
    access.taught_course(tx, actor, course_id)
    return tuple(_fated(tx, actor, course_id, read(content)))


def bring_in(tx: Transaction, actor: Actor | None, course_id: int, content: bytes) -> tuple[Person, ...]:
    """Do what `plan` says; a second time changes nothing."""
    course = access.taught_course(tx, actor, course_id)
    if course.archived_at:
        raise Refused('This course is archived. Bring it back before you add people to it.')
    brought = [_bring(tx, course_id, person) for person in _fated(tx, actor, course_id, read(content))]
    fates = Counter(str(person.fate) for person in brought)
    tx.note('class list', course=course_id, lines=dict(fates))
    return tuple(brought)


def read(content: bytes) -> list[Person]:
    """Return the people of a list; raises `BrokenFile`."""
    rows = _rows(content)
    columns = _columns(rows[0])
    people, problems = [], []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            people.append(_person(line, row, columns))
        except Invalid as error:
            problems.append(f'Line {line}: {error}')
    problems += _twice(people)
    if problems:
        raise BrokenFile(problems)
    if not people:
        raise BrokenFile(['There is nobody in this file.'])
    return people


def _rows(content: bytes) -> list[list[str]]:
    if len(content) > LONGEST_LIST:
        raise BrokenFile(['The file is larger than 256 kB; a class list never is.'])
    text = _text(content).replace('\x00', '')
    first = next((line for line in text.splitlines() if line.strip()), '')
    if not first:
        raise BrokenFile(['The file is empty.'])
    delimiter = max(',;\t', key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BrokenFile([f'This is not a table that can be read ({error}). Save it as CSV.']) from error
    if len(rows) > MOST_LINES + 1:
        raise BrokenFile([f'{MOST_LINES} people at a time are the most; this file has {len(rows) - 1} lines.'])
    return rows


def _text(content: bytes) -> str:
    """Return the text of a file; what is not UTF-8 comes from an older spreadsheet."""
    try:
        return content.decode('utf-8-sig')
    except UnicodeDecodeError:
        return content.decode('cp1252', errors='replace')


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return where which fact is; raises `BrokenFile` if there is no name."""
    titles = [' '.join(title.casefold().split()) for title in header]
    wanted = {'name': NAMES, 'first': FIRST_NAMES, 'last': LAST_NAMES, 'email': EMAILS, 'group': GROUPS}
    found = {
        fact: titles.index(title)
        for fact, known in wanted.items()
        if (title := next((title for title in known if title in titles), None))
    }
    if 'name' not in found and not {'first', 'last'} <= found.keys():
        shown = ', '.join(title for title in header if title.strip()) or 'nothing'
        raise BrokenFile([f'Line 1 must name the columns, and one of them “name”. It says: {shown[:200]}.'])
    return found


def _person(line: int, row: Sequence[str], columns: dict[str, int]) -> Person:
    facts = {fact: ' '.join(row[at].split()) if at < len(row) else '' for fact, at in columns.items()}
    name = facts.get('name') or ' '.join(part for part in (facts.get('first'), facts.get('last')) if part)
    name = read_name(name)
    group = groups.check_name(facts.get('group', ''))
    email = read_address(facts.get('email', ''))
    if len(email) > 254 or (email and '@' not in email):
        raise Invalid(f'“{email[:60]}” is no e-mail address.')
    return Person(line=line, name=name, email=email, group=group)


def _twice(people: Sequence[Person]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for person in people:
        key = person.email or plain_name(person.name)
        if key in seen:
            yield f'Line {person.line}: {person.name} is in line {seen[key]} already. Add what tells them apart.'
        seen.setdefault(key, person.line)


def _fated(tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person]) -> Iterator[Person]:
    """Find out who is known: by an account with the address, else by the name within the course."""
    by_email = _accounts(tx, access.signed_in(tx, actor), [person.email for person in people if person.email])
    places = (
        select(col(User.plain_name), col(User.id), col(Enrollment.removed_at))
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .where(col(Enrollment.course_id) == course_id, col(User.merged_into_id).is_(None))
    )
    rows = tx.execute(places).all()
    # of namesakes, whoever is still in the course
    by_name = {name: user_id for name, user_id, _ in sorted(rows, key=lambda row: row[2] is None)}
    here = {user_id: removed_at is None for _, user_id, removed_at in rows}
    for person in people:
        user_id = by_email.get(person.email) or by_name.get(plain_name(person.name))
        if user_id is None:
            yield person
        elif user_id in here:
            yield replace(person, user_id=user_id, fate=Fate.HERE if here[user_id] else Fate.OUT)
        else:
            yield replace(person, user_id=user_id, fate=Fate.ENROLLED)


def _accounts(tx: Transaction, actor: Actor, emails: Sequence[str]) -> dict[str, int]:
    """Return the accounts with these addresses whose people the actor teaches already.

    Others look absent: a list must not tell who has an account, nor give an instructor power over it.
    """
    accounts = select(User).where(col(User.email).in_(emails), col(User.role) == Role.STUDENT)
    found = {}
    for user in tx.session.scalars(accounts).all():
        with suppress(NotFound):
            found[user.email or ''] = access.student(tx, actor, user.id).id
    return found


def _bring(tx: Transaction, course_id: int, person: Person) -> Person:
    if person.fate is Fate.OUT:
        return person
    if person.user_id is None:
        user_id, code = guests.new_guest(tx, course_id=course_id, name=person.name)
        person = replace(person, user_id=user_id, code=code)
    elif person.fate is Fate.ENROLLED:
        name = tx.session.get_one(User, person.user_id).name
        enrollments.enroll(tx, course_id=course_id, user_id=person.user_id, name=name)
    if person.group and person.user_id:
        groups.assign(tx, course_id, person.user_id, person.group)
    return person
