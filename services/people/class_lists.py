"""A class list from another program: read, tried without changing anything, and then brought in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlmodel import col

from models import CourseGroup, Enrollment, Role, User, Verb
from services import access
from services.access import Actor
from services.activity import log
from services.activity.log import Entry
from services.core.database import Transaction
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import CourseChanged, PersonNamed
from services.core.phrases import Phrase, phrase
from services.core.secrets import REJOIN_CODE_LENGTH, new_code
from services.core.text import plain_name, read_address, read_name
from services.courses.import_file import BrokenFile, at_line
from services.people import groups
from services.people.list_columns import HEADINGS, Fact, Facts, Table, facts_of, table_of
from services.people.list_decoding import LONGEST_LIST, MOST_LINES, lines_of, repaired
from services.people.list_matching import Known, Listed, match

__all__ = ['LONGEST_LIST', 'MOST_LINES', 'Choices', 'Fact', 'Fate', 'Person', 'bring_in', 'plan', 'read', 'table']

EMAIL_FIELD, NUMBER_FIELD = 'E-mail', 'ID number'
"""the fields of a learner that keep what a list says of guests, so that the next list knows them again"""
NEW_PERSON = 0
"""the decision that somebody is nobody who is known"""


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
    ASKED = 'asked'
    """may be somebody who is known, or may not: the teacher has to say"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who a line may be about."""

    user_id: int
    name: str
    about: str
    """what is noted of them: an address, a number"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of a list; `code` is how a new guest gets in, once they are brought in."""

    line: int
    name: str
    email: str
    group: str
    number: str = ''
    written: str = ''
    """the name as the file has it, if it was garbled there and has been repaired"""
    fate: Fate = Fate.NEW
    user_id: int | None = None
    code: str = ''
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the teacher has said about a list."""

    columns: Mapping[str, Fact] = field(default_factory=dict)
    """what a column tells, by its heading"""
    decisions: Mapping[int, int] = field(default_factory=dict)
    """by line, the id of the person that it is about, or `NEW_PERSON`"""
    skip_bad_lines: bool = False
    keep_garbled: bool = False


NO_CHOICES = Choices()


def plan(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    content: bytes | Sequence[Person],
    choices: Choices = NO_CHOICES,
) -> tuple[Person, ...]:
    """Return what would become of each line; raises `BrokenFile` with one sentence for each line that is wrong.

    `content` is a file, or what `read` made of it somewhere else.
    """
    access.taught_course(tx, actor, course_id)
    people = read(content, choices) if isinstance(content, bytes) else content
    return tuple(_fated(tx, actor, course_id, people, choices))


def bring_in(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    content: bytes | Sequence[Person],
    choices: Choices = NO_CHOICES,
) -> tuple[Person, ...]:
    """Do what `plan` says; a second time changes nothing."""
    course = access.taught_course(tx, actor, course_id)
    if course.archived_at:
        raise Refused('This course is archived. Bring it back before you add people to it.')
    planned = plan(tx, actor, course_id, content, choices)
    open_ = [
        at_line(one.line, phrase('choose who {name} is.', name=one.name)) for one in planned if one.fate is Fate.ASKED
    ]
    if open_:
        raise BrokenFile(open_)
    brought = _added(tx, course_id, planned)
    _note(tx, course_id, brought)
    tx.announce(CourseChanged(course_id=course_id))
    tx.note('class list', course=course_id, lines=dict(Counter(str(person.fate) for person in brought)))
    return tuple(brought)


def table(content: bytes, choices: Choices = NO_CHOICES) -> Table:
    """Return the columns of a list, and what each seems to tell; raises `BrokenFile`."""
    return table_of(lines_of(content, frozenset(HEADINGS)), choices.columns)


def read(content: bytes, choices: Choices = NO_CHOICES) -> list[Person]:
    """Return the people of a list; raises `BrokenFile`."""
    found = table(content, choices)
    if not found.has_names:
        shown = ', '.join(title for title in found.headings if title)[:200]
        raise BrokenFile([_without_names(found.heading_line, shown)])
    people, problems = [], []
    for row in found.lines:
        facts = facts_of(found, row)
        if facts is None:
            continue
        try:
            people.append(_person(facts, choices))
        except Invalid as error:
            problems.append(at_line(row.number, error.sentence))
    if len(people) > MOST_LINES:
        too_many = phrase(
            'A class list has at most {most} people; this file has {count}.', most=MOST_LINES, count=len(people)
        )
        raise BrokenFile([too_many])
    twice = dict(_twice(people))
    problems += twice.values()
    if problems and not choices.skip_bad_lines:
        raise BrokenFile(problems)
    people = [person for person in people if person.line not in twice]
    if not people:
        raise BrokenFile([phrase('There is nobody in this file.')])
    return people


def _without_names(line: int, headings: str) -> Phrase:
    if not headings:
        return phrase('Line {line} must name the columns, and one of them “name”. It says: nothing.', line=line)
    return phrase(
        'Line {line} must name the columns, and one of them “name”. It says: {headings}.', line=line, headings=headings
    )


def _person(facts: Facts, choices: Choices) -> Person:
    name = facts.name if choices.keep_garbled else repaired(facts.name)
    group = facts.group if choices.keep_garbled else repaired(facts.group)
    if '\ufffd' in name:
        raise Invalid('“{name}” has lost letters. Save the file as “CSV UTF-8” and try again.', name=name[:60])
    email = read_address(facts.email)
    if len(email) > 200 or (email and '@' not in email):
        raise Invalid('“{email}” is not an e-mail address.', email=email[:60])
    return Person(
        line=facts.line,
        name=read_name(name),
        email=email,
        group=groups.check_name(group),
        number=facts.number[:100],
        written=facts.name if name != facts.name else '',
    )


def _twice(people: Sequence[Person]) -> Iterator[tuple[int, Phrase]]:
    seen: dict[tuple[str, str, str], int] = {}
    for person in people:
        key = plain_name(person.name), person.email, person.number
        if key in seen:
            said = phrase(
                '{name} is in line {line} already. Add what tells them apart.', name=person.name, line=seen[key]
            )
            yield person.line, at_line(person.line, said)
        seen.setdefault(key, person.line)


def _fated(
    tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person], choices: Choices
) -> list[Person]:
    known, names = _known(tx, access.signed_in(tx, actor), course_id, people)
    found = match([_listed(person) for person in people], known)
    by_id = {one.user_id: one for one in known}
    in_course = {one.user_id for one in known if names[one.user_id][1]}
    fated = [
        _fate(person, _decided(person, found.same, found.open, choices), found.open, by_id, in_course, names)
        for person in people
    ]
    taken = Counter(person.user_id for person in fated if person.user_id)
    twice = [
        at_line(one.line, phrase('{name} is chosen in another line, too.', name=one.name))
        for one in fated
        if one.user_id and taken[one.user_id] > 1
    ]
    if twice:
        raise BrokenFile(twice)
    return fated


def _decided(
    person: Person, same: Mapping[int, int], open_: Mapping[int, tuple[int, ...]], choices: Choices
) -> int | None:
    """Return who a line is about: an id, `NEW_PERSON`, or None where it has to be asked."""
    if person.line in same:
        return same[person.line]
    if person.line not in open_:
        return NEW_PERSON
    chosen = choices.decisions.get(person.line)
    if chosen is not None and chosen != NEW_PERSON and chosen not in open_[person.line]:
        said = phrase('{name} can only be one of those who are offered.', name=person.name)
        raise BrokenFile([at_line(person.line, said)])
    return chosen


def _fate(
    person: Person,
    user_id: int | None,
    open_: Mapping[int, tuple[int, ...]],
    known: Mapping[int, Known],
    in_course: set[int],
    names: Mapping[int, tuple[str, bool]],
) -> Person:
    if user_id is None:
        offered = (known[id_] for id_ in open_[person.line])
        candidates = tuple(
            Candidate(
                user_id=one.user_id, name=names[one.user_id][0], about=', '.join(sorted(one.numbers | one.emails))
            )
            for one in offered
        )
        return replace(person, fate=Fate.ASKED, candidates=candidates)
    if user_id == NEW_PERSON:
        return person
    if user_id not in in_course:
        return replace(person, user_id=user_id, fate=Fate.ENROLLED)
    return replace(person, user_id=user_id, fate=Fate.HERE if known[user_id].is_here else Fate.OUT)


def _listed(person: Person) -> Listed:
    return Listed(line=person.line, plain=plain_name(person.name), email=person.email, number=person.number.casefold())


def _known(
    tx: Transaction, actor: Actor, course_id: int, people: Sequence[Person]
) -> tuple[list[Known], dict[int, tuple[str, bool]]]:
    """Return those who may be on the list, and by id their name and whether they have a place in the course."""
    places = (
        select(User, col(Enrollment.removed_at), col(Enrollment.custom))
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .where(col(Enrollment.course_id) == course_id, col(User.merged_into_id).is_(None))
        .order_by(col(User.id))
    )
    known, names = [], {}
    for user, removed_at, custom in tx.execute(places).all():
        names[user.id] = user.name, True
        known.append(_someone(user, custom, is_here=removed_at is None))
    emails = [person.email for person in people if person.email]
    for user in _accounts(tx, actor, emails):
        if user.id not in names:
            names[user.id] = user.name, False
            known.append(_someone(user, {}, is_here=False))
    return known, names


def _someone(user: User, custom: Mapping[str, str], *, is_here: bool) -> Known:
    noted, number = custom.get(EMAIL_FIELD, '').casefold(), custom.get(NUMBER_FIELD, '').casefold()
    return Known(
        user_id=user.id,
        plain=user.plain_name,
        emails=frozenset({user.email or '', noted} - {''}),
        numbers=frozenset({number} - {''}),
        owns=user.email or '',
        is_here=is_here,
    )


def _accounts(tx: Transaction, actor: Actor, emails: Sequence[str]) -> list[User]:
    """Return the accounts with these addresses whose people the actor teaches already.

    Others look absent: a list must not tell who has an account, nor give an instructor power over it.
    """
    accounts = select(User).where(col(User.email).in_(emails), col(User.role) == Role.STUDENT)
    found = []
    for user in tx.session.scalars(accounts).all():
        with suppress(NotFound):
            access.student(tx, actor, user.id)
            found.append(user)
    return found


def _added(tx: Transaction, course_id: int, people: Sequence[Person]) -> list[Person]:
    """Give places to those who have none; a thousand people are a few statements."""
    people = list(_with_accounts(tx, people))
    coming = [person for person in people if person.fate in {Fate.NEW, Fate.ENROLLED}]
    if not coming:
        return people
    place = {'course_id': course_id, 'enrolled_at': tx.now, 'percent': 0, 'custom': {}}
    tx.execute(insert(Enrollment), [place | {'user_id': person.user_id} for person in coming])
    tap_id = f'enrolled:{course_id}'
    entries = [
        Entry(user_id=person.user_id or 0, tap_id=tap_id, verb=Verb.ENROLLED, course_id=course_id) for person in coming
    ]
    log.append(tx, entries)
    named = dict(_names(tx, [person.user_id or 0 for person in coming]))
    tx.announce(*(PersonNamed(course_id=course_id, user_id=id_, name=name) for id_, name in named.items()))
    return people


def _with_accounts(tx: Transaction, people: Sequence[Person]) -> Iterator[Person]:
    """Make a guest of everybody who is new."""
    new = [person for person in people if person.fate is Fate.NEW]
    codes = {person.line: new_code(REJOIN_CODE_LENGTH) for person in new}
    rows = [
        {
            'name': person.name,
            'plain_name': plain_name(person.name),
            'role': Role.STUDENT,
            'rejoin_code': codes[person.line],
            'created_at': tx.now,
            'updated_at': tx.now,
        }
        for person in new
    ]
    returned = insert(User).returning(col(User.rejoin_code), col(User.id))
    ids = {code or '': id_ for code, id_ in tx.execute(returned, rows).all()} if rows else {}
    for person in people:
        code = codes.get(person.line, '')
        yield replace(person, user_id=ids[code], code=code) if code else person


def _names(tx: Transaction, user_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(user_ids), 500):
        some = col(User.id).in_(user_ids[start : start + 500])
        yield from tx.execute(select(col(User.id), col(User.name)).where(some))


def _note(tx: Transaction, course_id: int, people: Sequence[Person]) -> None:
    """Put people into their groups, and keep what identifies those who have no account."""
    present = [person for person in people if person.fate is not Fate.OUT]
    group_ids = _groups(tx, course_id, {person.group for person in present} - {''})
    mine = select(Enrollment, col(User.email)).join(User, col(User.id) == col(Enrollment.user_id))
    places = {
        place.user_id: (place, email)
        for place, email in tx.execute(mine.where(col(Enrollment.course_id) == course_id)).all()
    }
    changes = []
    for person in present:
        place, email = places[person.user_id or 0]
        noted = {EMAIL_FIELD: '' if email == person.email else person.email, NUMBER_FIELD: person.number}
        custom = dict(place.custom) | {name: value for name, value in noted.items() if value}
        group_id = group_ids.get(person.group.casefold(), place.group_id)
        if custom != place.custom or group_id != place.group_id:
            changes.append({'id': place.id, 'custom': custom, 'group_id': group_id})
    if changes:
        tx.session.execute(update(Enrollment), changes)


def _groups(tx: Transaction, course_id: int, wanted: set[str]) -> dict[str, int]:
    """Return the ids of groups by their name in small letters; those that are missing are made."""
    all_ = select(col(CourseGroup.name), col(CourseGroup.id)).where(col(CourseGroup.course_id) == course_id)
    found = {name.casefold(): id_ for name, id_ in tx.execute(all_)}
    for name in sorted(wanted):
        if name.casefold() not in found:
            group = CourseGroup(course_id=course_id, name=name)
            tx.session.add(group)
            tx.session.flush()
            found[name.casefold()] = group.id
    return found
