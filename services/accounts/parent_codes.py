"""Codes with which parents link themselves to a child: made by the child or the school, good once, for a week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select
from sqlmodel import col

from models import ParentBlock, ParentCode, ParentLink, ParentSummary, Role, User
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import ParentsChanged
from services.core.phrases import phrase
from services.core.secrets import CLASS_CODE_LENGTH, new_code, read_code
from services.core.transaction import Transaction

LIFETIME = timedelta(days=7)
MOST_PARENTS = 5
MOST_CODES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCode:
    """A code that nobody has used yet."""

    code_id: int
    code: str
    expires_at: datetime
    by_child: bool
    """whether the child made it, and not the school"""


def make(tx: Transaction, actor: Actor | None, *, child_id: int) -> OpenCode:
    """Make a code for one parent of a child; the child does, those who teach the child, or an admin."""
    child = concerned(tx, actor, child_id, locked=True)
    assert actor is not None
    check_can_have(child)
    if child_id == actor.user_id and is_guarded(tx, child_id):
        raise Refused('Your school hands out the codes for your parents. Ask there for one.')
    _check_room(tx, child_id)
    if len(open_codes(tx, child_id)) >= MOST_CODES:
        raise Refused('There are {most} codes already. Hand these out, or take one back.', most=MOST_CODES)
    made = ParentCode(
        child_id=child_id,
        code=_free_code(tx),
        made_by=actor.user_id,
        made_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    tx.session.add(made)
    tx.session.flush()
    tx.note('parent code made', child=child_id, by=actor.user_id)
    tx.announce(ParentsChanged(people=(child_id,)))
    return _open(made)


def take_back(tx: Transaction, actor: Actor | None, *, child_id: int, code_id: int) -> None:
    """Let a code lead nowhere from now on."""
    concerned(tx, actor, child_id)
    assert actor is not None
    its = col(ParentCode.id) == code_id, col(ParentCode.child_id) == child_id
    if not tx.change(delete(ParentCode).where(*its)):
        raise NotFound('This code was used or taken back already.')
    tx.note('parent code taken back', child=child_id, by=actor.user_id)
    tx.announce(ParentsChanged(people=(child_id,)))


def add_child(tx: Transaction, actor: Actor | None, *, code: str) -> int:
    """Link one more child to a parent who is signed in; returns the id of the child. The caller counts wrong codes."""
    return use(tx, access.parent(tx, actor).user_id, code)


def check(tx: Transaction, typed: str) -> None:
    """Raise `Invalid` for a code that is wrong, used or old; nothing is changed."""
    wanted = col(ParentCode.code) == read_code(typed), col(ParentCode.expires_at) > tx.now
    if not tx.execute(select(exists().where(*wanted))).scalar():
        raise Invalid(_WRONG, field='code')


def use(tx: Transaction, parent_id: int, typed: str) -> int:
    """Link a parent to the child of a code, which is good once; raises `Invalid` for one that is wrong, used or old.

    A person whom the school keeps from the child gets the same sentence as with a wrong code.
    """
    wanted = col(ParentCode.code) == read_code(typed), col(ParentCode.expires_at) > tx.now
    found: ParentCode | None = tx.execute(select(ParentCode).where(*wanted).with_for_update()).scalar_one_or_none()
    if found is None:
        raise Invalid(_WRONG, field='code')
    child = _person(tx, found.child_id, locked=True)
    if child.role is not Role.STUDENT or tx.session.get(ParentBlock, (parent_id, child.id)) is not None:
        raise Invalid(_WRONG, field='code')
    if tx.session.get(ParentLink, (parent_id, child.id)) is not None:
        return child.id  # the code stays good for the other parent
    _check_room(tx, child.id)
    tx.session.delete(found)
    tx.session.add(ParentLink(parent_id=parent_id, child_id=child.id, linked_at=tx.now))
    if tx.session.get(ParentSummary, parent_id) is None:
        tx.session.add(ParentSummary(parent_id=parent_id))
    tx.session.flush()
    tx.note('parent linked', parent=parent_id, child=child.id, code_by=found.made_by)
    tx.announce(ParentsChanged(people=(child.id, parent_id)))
    return child.id


def end_links_of(tx: Transaction, user_id: int) -> None:
    """End all links of a person whose role changes, to parents and to children, and the codes that would make new ones.

    Their pages are told: a parent may have the child on the screen.
    """
    theirs = or_(col(ParentLink.parent_id) == user_id, col(ParentLink.child_id) == user_id)
    ended = tx.execute(delete(ParentLink).where(theirs).returning(col(ParentLink.parent_id), col(ParentLink.child_id)))
    people = {each for link in ended for each in link}
    tx.execute(delete(ParentCode).where(col(ParentCode.child_id) == user_id))
    if people:
        tx.announce(ParentsChanged(people=tuple(sorted(people))))


def forget_old(tx: Transaction) -> int:
    """Delete the codes that nobody can use; returns how many."""
    return tx.change(delete(ParentCode).where(col(ParentCode.expires_at) <= tx.now))


def concerned(tx: Transaction, actor: Actor | None, child_id: int, *, locked: bool = False) -> User:
    """Return a child for whose links the actor may speak: for themselves, for their learners, an admin for anybody."""
    actor = access.signed_in(tx, actor)
    if child_id != actor.user_id:
        access.student(tx, actor, child_id)
    elif not actor.may_learn:
        raise NotFound('There is no such person, or they do not learn in one of your courses.')
    return _person(tx, child_id, locked=locked)


def check_can_have(child: User) -> None:
    """Raise `Refused` for a person who can have no parents here."""
    if child.role is not Role.STUDENT:
        raise Refused('Parents are linked to students only.')
    if child.password_hash is None:
        raise Refused('{person} needs an account first. Then parents can be linked.', person=child.name)


def open_codes(tx: Transaction, child_id: int) -> tuple[OpenCode, ...]:
    """Return the codes for a child that are still good, the oldest first; the caller has checked who may see them."""
    theirs = col(ParentCode.child_id) == child_id, col(ParentCode.expires_at) > tx.now
    rows = tx.execute(select(ParentCode).where(*theirs).order_by(col(ParentCode.id))).scalars()
    return tuple(map(_open, rows))


def is_guarded(tx: Transaction, child_id: int) -> bool:
    """Tell whether the school keeps somebody from a child; then only the school makes codes."""
    return bool(tx.execute(select(exists().where(col(ParentBlock.child_id) == child_id))).scalar())


def _open(row: ParentCode) -> OpenCode:
    return OpenCode(code_id=row.id, code=row.code, expires_at=row.expires_at, by_child=row.made_by == row.child_id)


def _check_room(tx: Transaction, child_id: int) -> None:
    linked = select(func.count()).select_from(ParentLink).where(col(ParentLink.child_id) == child_id)
    if tx.execute(linked).scalar_one() >= MOST_PARENTS:
        raise Refused('{most} parents are linked already. End one of these links first.', most=MOST_PARENTS)


def _person(tx: Transaction, user_id: int, *, locked: bool) -> User:
    """Return a person; a `locked` one waits for others who count their parents, so that five stay five."""
    query = select(User).where(col(User.id) == user_id)
    found: User = tx.execute(query.with_for_update() if locked else query).scalar_one()
    return found


def _free_code(tx: Transaction) -> str:
    while True:
        code = new_code(CLASS_CODE_LENGTH)
        if not tx.execute(select(exists().where(col(ParentCode.code) == code))).scalar():
            return code


_WRONG = phrase('This code is wrong, used or too old. Ask your child or the school for a new one.')
