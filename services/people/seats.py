"""Where learners sit: the seating plan of a course, as those who teach it see the room from the front."""

import re
from collections.abc import Mapping

from sqlalchemy import select, update
from sqlmodel import col

from models import Enrollment, User
from services import access
from services.access import Actor
from services.core import name_order
from services.core.errors import Invalid
from services.core.events import LearnerSeated
from services.core.transaction import Transaction

ROWS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
MOST_ACROSS = 20
_SEAT = re.compile(r'([A-Z]) ?(\d{1,2})')


def put(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, seat: str) -> None:
    """Give a learner a seat such as B4, or none; who sits there already takes the seat that is left."""
    access.taught_course(tx, actor, course_id)
    place = access.enrollment(tx, course_id, user_id, removed=False)
    seat = check(seat)
    taken = {held: who for who, held in _seats(tx, course_id).items()}
    changes = {user_id: seat}
    if seat and (other := taken.get(seat, user_id)) != user_id:
        changes[other] = place.seat
    _give(tx, course_id, changes)


def fill(tx: Transaction, actor: Actor | None, course_id: int, *, across: int) -> int:
    """Seat all who have no seat, in the order of their names, from the front; return how many that were.

    A row has so many seats `across`. Those for whom there is no room keep standing.
    """
    access.taught_course(tx, actor, course_id)
    if not 1 <= across <= MOST_ACROSS:
        raise Invalid('A row has between 1 and {most} seats.', most=MOST_ACROSS, field='across')
    people = _seats(tx, course_id)
    taken = set(people.values())
    free = (seat for row in ROWS for number in range(1, across + 1) if (seat := f'{row}{number}') not in taken)
    changes = dict(zip((user_id for user_id, seat in people.items() if not seat), free, strict=False))
    _give(tx, course_id, changes)
    return len(changes)


def check(seat: str) -> str:
    """Return a seat as it is kept, or raise `Invalid`; nothing is a good answer."""
    typed = seat.strip().upper()
    if not typed:
        return ''
    found = _SEAT.fullmatch(typed)
    if not found or not 1 <= int(found[2]) <= MOST_ACROSS:
        raise Invalid('Type a row and a place, such as B4, or nothing.', field='seat')
    return f'{found[1]}{int(found[2])}'


def _seats(tx: Transaction, course_id: int) -> dict[int, str]:
    """Return the seats of all who take part, by the order of their names."""
    people = (
        select(col(User.id), col(User.name), col(Enrollment.seat))
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .where(col(Enrollment.course_id) == course_id, col(Enrollment.removed_at).is_(None))
        .order_by(col(User.name), col(User.id))
    )
    in_order = name_order.in_order(tx.execute(people).all(), lambda each: each.name)
    return {user_id: seat for user_id, _name, seat in in_order}


def _give(tx: Transaction, course_id: int, changes: Mapping[int, str]) -> None:
    for user_id, seat in changes.items():
        theirs = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == user_id
        tx.execute(update(Enrollment).where(*theirs).values(seat=seat))
        tx.announce(LearnerSeated(course_id=course_id, user_id=user_id, seat=seat))
    if changes:
        tx.note('seats', course=course_id, count=len(changes))
