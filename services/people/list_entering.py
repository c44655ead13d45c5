"""Brings a class list in: slice by slice, so that no tap in a class waits long for the one writer.

Before a slice is written, it is compared whether the course still has the learners for whom the list was planned; if
not, the rest is planned again. A list that was interrupted is completed when it is brought in again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, insert, select, update
from sqlmodel import col

from models import CourseGroup, Enrollment, Role, User, Verb
from services import access
from services.access import Actor
from services.accounts import addresses
from services.activity import log
from services.activity.log import Entry
from services.core import database
from services.core.errors import Refused
from services.core.events import CourseChanged, PersonNamed
from services.core.phrases import phrase
from services.core.secrets import REJOIN_CODE_LENGTH, new_code
from services.core.text import plain_name
from services.core.transaction import Transaction
from services.courses.import_file import BrokenFile
from services.people import class_lists
from services.people.class_lists import EMAIL_FIELD, NUMBER_FIELD
from services.people.list_reading import NO_CHOICES, Choices, Fate, Person

SLICE = 50
"""Lines in one transaction."""
MOST_TRIES = 20
"""How often a list is planned again because learners came or went meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What a plan depends on: as long as it is the same, the plan holds."""

    places: int
    newest: int
    removed: int


class _Moved(Exception):
    """Learners came or went since the list was planned."""


async def bring_in(
    actor: Actor | None, course_id: int, people: Sequence[Person], choices: Choices = NO_CHOICES
) -> tuple[Person, ...]:
    """Do what `class_lists.plan` says; a second time changes nothing."""
    brought: dict[int, Person] = {}
    for _ in range(MOST_TRIES):
        planned, seen = await database.read(_planned, actor, course_id, people, choices)
        waiting = [one for one in planned if one.line not in brought and one.fate is not Fate.LEFT]
        try:
            for start in range(0, len(waiting), SLICE):
                some = waiting[start : start + SLICE]
                done, seen = await database.write(_add, actor, course_id, some, seen)
                brought |= {person.line: person for person in done}
        except _Moved:
            continue
        everybody = tuple(brought.get(person.line, person) for person in planned)
        await database.write(_close, actor, course_id, everybody)
        return everybody
    raise Refused('People are joining this course at this moment. Bring the list in again in a minute.')


def _planned(
    tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person], choices: Choices
) -> tuple[tuple[Person, ...], _Seen]:
    _check_open(tx, actor, course_id)
    planned = class_lists.plan(tx, actor, course_id, people, choices)
    asked = [
        phrase('Line {line}: choose who {name} is.', line=one.line, name=one.name)
        for one in planned
        if one.fate is Fate.ASKED
    ]
    if asked:
        raise BrokenFile(asked)
    return planned, _seen(tx, course_id)


def _add(
    tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person], seen: _Seen
) -> tuple[list[Person], _Seen]:
    """Write one slice of a plan; raises `_Moved` if the course is not as it was planned for."""
    _check_open(tx, actor, course_id)
    if _seen(tx, course_id) != seen:
        raise _Moved
    brought = _added(tx, course_id, people)
    _note(tx, course_id, brought)
    return brought, _seen(tx, course_id)


def _close(tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person]) -> None:
    """Publish once for the whole list that the course has changed."""
    access.taught_course(tx, actor, course_id)
    tx.announce(CourseChanged(course_id=course_id))
    tx.note('class list', course=course_id, lines=dict(Counter(str(person.fate) for person in people)))


def _check_open(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    if access.taught_course(tx, actor, course_id).archived_at:
        raise Refused('This course is archived. Bring it back before you add people to it.')


def _seen(tx: Transaction, course_id: int) -> _Seen:
    facts = func.count(), func.max(col(Enrollment.id)), func.count(col(Enrollment.removed_at))
    ((places, newest, removed),) = tx.execute(select(*facts).where(col(Enrollment.course_id) == course_id))
    return _Seen(places=places, newest=newest or 0, removed=removed)


def _added(tx: Transaction, course_id: int, people: Sequence[Person]) -> list[Person]:
    """Enroll those who are not enrolled, in a few statements."""
    people = list(_with_accounts(tx, people))
    coming = [person for person in people if person.fate in {Fate.NEW, Fate.ENROLLED}]
    enter(tx, {(course_id, person.user_id or 0): {} for person in coming})
    return people


def enter(tx: Transaction, noted: Mapping[tuple[int, int], Mapping[str, str]]) -> None:
    """Enroll people who have no place in a course yet: by course and person, what is noted of each.

    The caller has checked that they may be brought in.
    """
    if not noted:
        return
    place = {'enrolled_at': tx.now, 'percent': 0}
    rows = [place | {'course_id': key[0], 'user_id': key[1], 'custom': dict(noted[key])} for key in noted]
    tx.execute(insert(Enrollment), rows)
    log.append(
        tx,
        [
            Entry(user_id=user_id, tap_id=f'enrolled:{course_id}', verb=Verb.ENROLLED, course_id=course_id)
            for course_id, user_id in noted
        ],
    )
    ids = col(User.id).in_({user_id for _, user_id in noted})
    names = dict(tx.execute(select(col(User.id), col(User.name)).where(ids)).all())
    tx.announce(
        *(PersonNamed(course_id=course_id, user_id=user_id, name=names[user_id]) for course_id, user_id in noted)
    )


def _with_accounts(tx: Transaction, people: Sequence[Person]) -> Iterator[Person]:
    """Make a guest of each person who is new."""
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


def _note(tx: Transaction, course_id: int, people: Sequence[Person]) -> None:
    """Put people into their groups, and keep what identifies learners without an account."""
    present = [person for person in people if person.fate is not Fate.OUT]
    group_ids = _groups(tx, course_id, {person.group for person in present} - {''})
    theirs = select(Enrollment, User).join(User, col(User.id) == col(Enrollment.user_id))
    wanted = col(Enrollment.user_id).in_([person.user_id for person in present])
    places = {
        place.user_id: (place, user.email if addresses.is_proven(user) else None)
        for place, user in tx.execute(theirs.where(col(Enrollment.course_id) == course_id, wanted)).all()
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
    """Return the ids of groups by their name in small letters; missing ones are created."""
    all_ = select(col(CourseGroup.name), col(CourseGroup.id)).where(col(CourseGroup.course_id) == course_id)
    found = {name.casefold(): id_ for name, id_ in tx.execute(all_)}
    for name in sorted(wanted):
        if name.casefold() not in found:
            group = CourseGroup(course_id=course_id, name=name)
            tx.session.add(group)
            tx.session.flush()
            found[name.casefold()] = group.id
    return found
