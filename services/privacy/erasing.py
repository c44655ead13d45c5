"""Erasing a person: a pseudonym at once, then everything that they wrote or handed in, some rows at a time.

The person is written down outside of the database first (`erasure_list`), so that whatever happens then, also a restore
of an older back-up, ends with the person erased. What is done to which column, the declarations say.
"""

import asyncio
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select, text, update
from sqlmodel import col

from models import Attempt, AttemptState, Certificate, Enrollment, User
from models.personal import TABLES, Erase
from services import access
from services.access import Actor
from services.accounts import administration, sign_ins, throttle
from services.analytics.prediction import switches
from services.core import clock, database, jobs
from services.core.errors import DomainError, NotFound, Refused
from services.core.events import PersonNamed
from services.core.jobs import Kind
from services.core.secrets import new_code
from services.core.text import plain_name
from services.core.threads import Line
from services.core.transaction import Transaction
from services.live.help import queue
from services.privacy import emptying, erasure_list, holds, rows
from services.privacy.erasure_list import Identity
from services.quizzes import closing
from settings import settings

NAME = 'erasures'
PEOPLE_AT_ONCE = 5_000
MERGED_AT_ONCE = 50
"""pages of a search index"""
TRIES = 20
WAIT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What there was of a person by which they could be found, to be looked for in what is kept of others."""

    ids: frozenset[int]
    names: frozenset[str]


async def erase(actor: Actor | None, user_id: int) -> None:
    """Erase a person for good: they have a pseudonym when this returns, and the rest follows as a job.

    Raises `Refused` where that is not allowed, or has been done.
    """
    await _erase(partial(may_erase, actor=actor, user_id=user_id), partial(give_pseudonym, actor=actor))
    jobs.hurry(NAME)


async def erase_by_operator(user_id: int) -> None:
    """Erase a person from the command line, and wait until nothing is left."""
    await _erase(partial(_identities, user_id=user_id), partial(_give_pseudonym, by=None))
    await purge(user_id)


async def erase_by_itself(user_id: int) -> None:
    """Erase a person whose time is over; the rest follows as a job."""
    await _erase(partial(_identities, user_id=user_id), partial(_give_pseudonym, by=None))
    jobs.hurry(NAME)


async def _erase(check: 'partial[list[Identity]]', give: 'partial[None]') -> None:
    people = await database.write(check)
    word = await _line.run(erasure_list.add, people, now=clock.now())
    try:
        await database.write(give, people=people)
    except DomainError:
        await _line.go_on(erasure_list.take_back, word)
        raise


def may_erase(tx: Transaction, actor: Actor | None, *, user_id: int) -> list[Identity]:
    """Return who goes together with a person; raises `Refused` where one must stay."""
    access.admin(tx, actor)
    return _identities(tx, user_id=user_id)


def _identities(tx: Transaction, *, user_id: int) -> list[Identity]:
    person = tx.session.get(User, user_id)
    if person is None or person.merged_into_id:
        raise NotFound('There is no such person.')
    if person.erased_at:
        raise Refused('{person} is erased already.', person=person.name)
    administration.keep_an_admin(tx, person)
    ids = rows.selves(tx, user_id)
    holds.check(tx, ids)
    return _who(tx, user_id, ids)


def give_pseudonym(tx: Transaction, actor: Actor | None, *, people: list[Identity]) -> None:
    """Let an admin do the first step of an erasure; the first of these people is the one that is meant."""
    actor = access.admin(tx, actor)
    _give_pseudonym(tx, by=actor.user_id, people=people)


def _give_pseudonym(tx: Transaction, *, by: int | None, people: list[Identity]) -> None:
    """End what goes on under the name of a person, take the name away, and put a job for the rest."""
    _identities(tx, user_id=people[0].user_id)  # somebody else may have been faster
    _pseudonymise(tx, people[0].user_id, by=by)


def _pseudonymise(tx: Transaction, user_id: int, *, by: int | None) -> None:
    ids = rows.selves(tx, user_id)
    left = _left(tx, ids)
    for id_ in ids:
        queue.close_of(tx, id_, by=id_)
        going_on = col(Attempt.user_id) == id_, col(Attempt.state) == AttemptState.IN_PROGRESS
        closing.close(tx, tx.session.scalars(select(Attempt).where(*going_on)).all(), by_clock=False)
        sign_ins.end_all(tx, id_)
        switches.stop_for(tx, id_)
    tx.session.flush()
    _withdraw_certificates(tx, ids)
    name = f'Person {new_code(5)}'
    for id_ in ids:
        emptying.empty_person(tx, id_, name, plain_name(name))
    done = {'disabled_at': tx.now, 'erased_at': tx.now, 'updated_at': tx.now, 'erasure_asked_at': None}
    tx.execute(update(User).where(col(User.id).in_(ids)).values(done))
    for part in emptying.mentioning(tx, left.names):
        emptying.work_off(tx, part)
    for told in left.names:
        throttle.forget_address(tx, told)
    places = select(col(Enrollment.course_id), col(Enrollment.user_id)).where(col(Enrollment.user_id).in_(ids))
    tx.announce(*(PersonNamed(course_id=course, user_id=id_, name=name) for course, id_ in tx.execute(places)))
    jobs.put(tx, NAME, str(user_id), due_at=tx.now)
    tx.note('person erased', user=user_id, by=by)


def _left(tx: Transaction, ids: Collection[int]) -> Left:
    found = tx.execute(select(col(User.name), col(User.email)).where(col(User.id).in_(ids)))
    return Left(ids=frozenset(ids), names=frozenset(told for row in found for told in row if told))


def _withdraw_certificates(tx: Transaction, ids: Collection[int]) -> None:
    """Take back the certificates of a person in their own name: that is how a check knows why."""
    for id_ in ids:
        theirs = col(Certificate.user_id) == id_, col(Certificate.revoked_at).is_(None)
        tx.execute(update(Certificate).where(*theirs).values(revoked_at=tx.now, revoked_by=id_))


async def purge(user_id: int) -> None:
    """Delete and empty everything that is left of an erased person; can be begun again at any point."""
    people = await database.read(_erased_selves, user_id)
    if not people:
        return
    # where their commit was not answered, they were taken off the list although they are erased
    await _line.go_on(erasure_list.keep, people, now=clock.now())
    ids = frozenset(each.user_id for each in people)
    for place in await database.read(_places, ids):
        await _line.go_on(_remove, place)
    for part in await database.read(emptying.slices, ids):
        await database.write(emptying.work_off, part)
    await _tidy_indexes()
    for _ in range(TRIES):
        if await database.forget_old_versions():
            return
        await asyncio.sleep(WAIT)


def _erased_selves(tx: Transaction, user_id: int) -> list[Identity]:
    """Return who an erased person was; nobody for anybody else, whatever a job says."""
    ids = rows.selves(tx, user_id)
    return _who(tx, user_id, ids) if tx.session.get_one(User, user_id).erased_at else []


def _who(tx: Transaction, user_id: int, ids: Collection[int]) -> list[Identity]:
    """Return people with these ids, the one that is meant first."""
    found = select(col(User.id), col(User.created_at)).where(col(User.id).in_(ids)).order_by(col(User.id) != user_id)
    return [Identity(user_id=id_, created_at=at) for id_, at in tx.execute(found)]


def _places(tx: Transaction, ids: Collection[int]) -> list[str]:
    return [file.place for file in rows.files(tx, ids) if _goes(file)]


def _goes(file: rows.PersonalFile) -> bool:
    if file.kept.on_erase is not Erase.AS_TABLES:
        return file.kept.on_erase is Erase.DELETE
    column = file.declared.named_by.split('.')[1]
    return any(column in kept.columns and kept.on_erase is Erase.DELETE for kept in TABLES[file.table].personal)


def _remove(place: str) -> None:
    folder = settings().data_dir
    path: Path = folder / place
    if not rows.is_within(folder, path):
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


async def _tidy_indexes() -> None:
    """Let search indexes forget the words of rows that are gone: they keep them until their parts are merged."""
    for name in (name for declared in TABLES.values() for name in declared.copies):
        pages = -MERGED_AT_ONCE
        while await database.write(_merge_index, name, pages):
            pages = MERGED_AT_ONCE


def _merge_index(tx: Transaction, name: str, pages: int) -> bool:
    """Do a part of the work, and return whether there is more; PostgreSQL does it by itself."""
    if tx.connection.dialect.name != 'sqlite':
        return False
    before = tx.execute(text('SELECT total_changes()')).scalar_one()
    merge = f'INSERT INTO {name} ({name}, rank) VALUES (:merge, :pages)'  # noqa: S608 - the name is declared by us
    tx.execute(text(merge), {'merge': 'merge', 'pages': pages})
    changes = tx.execute(text('SELECT total_changes()')).scalar_one() - before
    return pages < 0 or bool(changes >= 2)


async def erase_listed() -> int:
    """Erase those in the erasure list who are here again, as after a restore; returns how many."""
    if not erasure_list.path().exists():
        return 0
    again = after = 0
    while people := await database.read(_not_erased, after):
        for user_id in await _line.run(erasure_list.listed, people):
            again += await database.write(_erase_again, user_id)
        after = people[-1].user_id
    return again


def _not_erased(tx: Transaction, after: int) -> list[Identity]:
    found = select(col(User.id), col(User.created_at)).where(col(User.id) > after, col(User.erased_at).is_(None))
    rows_ = tx.execute(found.order_by(col(User.id)).limit(PEOPLE_AT_ONCE))
    return [Identity(user_id=id_, created_at=at) for id_, at in rows_]


def _erase_again(tx: Transaction, user_id: int) -> int:
    person = tx.session.get_one(User, user_id)
    if person.erased_at:
        return 0  # together with somebody whom they were merged into
    _pseudonymise(tx, user_id, by=None)
    return 1


async def purge_erased() -> None:
    """Finish what `erase_listed` has begun, where no server does it."""
    for user_id in await database.read(_erased):
        await purge(user_id)


def _erased(tx: Transaction) -> list[int]:
    return list(tx.execute(select(col(User.id)).where(col(User.erased_at).is_not(None))).scalars())


def kind() -> Kind:
    """Return the job that erases what is left of people with a pseudonym."""
    return Kind(name=NAME, work=lambda key: purge(int(key)))


_line = Line('erasures', threads=1, most_waiting=100, busy_for=5)
"""reads and writes the erasure list and removes files, one after the other"""
