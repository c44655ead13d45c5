"""What would become of a class list: who of it is who of the course, and who is new. Nothing is changed here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, Role, User
from services import access
from services.access import Actor
from services.accounts import addresses
from services.core.errors import NotFound
from services.core.phrases import phrase
from services.core.text import plain_name
from services.core.transaction import Transaction
from services.courses.import_file import BrokenFile
from services.people.list_matching import Known, Listed, match
from services.people.list_reading import NEW_PERSON, NO_CHOICES, Candidate, Choices, Fate, Person

EMAIL_FIELD, NUMBER_FIELD = 'E-mail', 'ID number'
"""the fields of a learner that keep what a list says of guests, so that the next list knows them again"""


def check(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Raise unless the actor teaches the course, before a file of theirs is read."""
    access.taught_course(tx, actor, course_id)


def plan(
    tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person], choices: Choices = NO_CHOICES
) -> tuple[Person, ...]:
    """Return what would become of each line; raises `BrokenFile` where two lines are decided to be one person."""
    access.taught_course(tx, actor, course_id)
    return tuple(_fated(tx, actor, course_id, people, choices))


def _fated(
    tx: Transaction, actor: Actor | None, course_id: int, people: Sequence[Person], choices: Choices
) -> list[Person]:
    known, names = _known(tx, access.signed_in(tx, actor), course_id, people)
    found = match([_listed(person) for person in people if person.fate is not Fate.LEFT], known)
    by_id = {one.user_id: one for one in known}
    in_course = {one.user_id for one in known if names[one.user_id][1]}
    fated = [
        _fate(person, _decided(person, found.same, found.open, choices), found.open, by_id, in_course, names)
        for person in people
    ]
    taken = Counter(person.user_id for person in fated if person.user_id)
    twice = [
        phrase('Line {line}: {name} is chosen in another line, too.', **_named(one))
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
        said = phrase('Line {line}: {name} can only be one of those who are offered.', **_named(person))
        raise BrokenFile([said])
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
                user_id=one.user_id, name=names[one.user_id][0], about=', '.join(sorted(one.numbers | one.addresses))
            )
            for one in offered
        )
        return replace(person, fate=Fate.ASKED, candidates=candidates)
    if user_id == NEW_PERSON:
        return person  # new, or one who has left
    if user_id not in in_course:
        return replace(person, user_id=user_id, fate=Fate.ENROLLED)
    return replace(person, user_id=user_id, fate=Fate.HERE if known[user_id].is_here else Fate.OUT)


def _named(person: Person) -> dict[str, object]:
    return {'line': person.line, 'name': person.name}


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
            known.append(_someone(user, {}, is_here=False, is_found=True))
    return known, names


def _someone(user: User, custom: Mapping[str, str], *, is_here: bool, is_found: bool = False) -> Known:
    noted, number = custom.get(EMAIL_FIELD, '').casefold(), custom.get(NUMBER_FIELD, '').casefold()
    own = user.email if user.email and addresses.is_proven(user) else ''
    claims = '' if own else user.email or ''
    return Known(
        user_id=user.id,
        plain=user.plain_name,
        emails=frozenset({own, noted} - {''}),
        numbers=frozenset({number} - {''}),
        owns=own,
        claims=claims,
        is_found_by_claim=is_found and bool(claims),
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
