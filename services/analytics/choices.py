"""What people choose for their dashboards of a course: sentences hidden, things ticked off, a comparison wanted."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from models import DashboardChoice, table
from services import access
from services.access import Actor
from services.core.errors import Invalid
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.study.times import same_person

COMPARE = 'compare'
"""the person wants to be compared with the others of the course"""
DONE = 'done:'
"""in front of the key of a thing to do that the person has ticked off"""
KEPT_FOR = timedelta(days=2)
"""longer than a day is in any zone; a thing to do has its day in its key"""
LONGEST = 80
MOST = 500
"""choices of one person in one course"""


def choose(tx: Transaction, actor: Actor | None, course_id: int, *, key: str, chosen: bool) -> None:
    """Choose something for the actor's own dashboard of a course, or take the choice back; idempotent."""
    access.course(tx, actor, course_id)
    assert actor is not None
    if not key or len(key) > LONGEST or not key.isprintable():
        raise Invalid('This cannot be chosen. Load the page again.', field='key')
    mine = tx.session.get(DashboardChoice, (actor.user_id, course_id, key))
    if chosen and mine is None:
        if len(of_person(tx, course_id, actor.user_id)) >= MOST:
            raise Invalid('Too much is hidden here already. Show some of it again first.', field='key')
        row = DashboardChoice(user_id=actor.user_id, course_id=course_id, key=key, chosen_at=tx.now)
        tx.session.add(row)
        tx.session.flush()
        if key.startswith(DONE):
            tx.execute(delete(DashboardChoice).where(*_of_yesterday(tx, actor)))
    elif not chosen:
        people = same_person(tx, actor.user_id)
        theirs = col(DashboardChoice.user_id).in_(people), col(DashboardChoice.course_id) == course_id
        tx.execute(delete(DashboardChoice).where(*theirs, col(DashboardChoice.key) == key))


def of_person(tx: Transaction, course_id: int, user_id: int) -> frozenset[str]:
    """Return what a person has chosen; the caller has checked who may see it."""
    theirs = col(DashboardChoice.user_id).in_(same_person(tx, user_id)), col(DashboardChoice.course_id) == course_id
    return frozenset(tx.execute(select(col(DashboardChoice.key)).where(*theirs)).scalars())


def of_learners(
    tx: Transaction, course_ids: Sequence[int], owners: Mapping[int, int]
) -> dict[tuple[int, int], set[str]]:
    """Return what learners have chosen, by (course, learner); the caller has checked who may see it.

    `owners` are the learners by their own ids, and by those of the guests who have turned out to be them.
    """
    found: dict[tuple[int, int], set[str]] = {}
    for course_id, whose, key in _CHOSEN.rows(tx.connection, courses=list(course_ids), people=list(owners)):
        found.setdefault((course_id, owners[whose]), set()).add(key)
    return found


def done(tx: Transaction, actor: Actor | None, course_id: int) -> frozenset[str]:
    """Return the keys of what the actor has ticked off in the list of a course."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    chosen = of_person(tx, course_id, actor.user_id)
    return frozenset(key.removeprefix(DONE) for key in chosen if key.startswith(DONE))


def _of_yesterday(tx: Transaction, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return which things ticked off nobody asks for any more."""
    return (
        col(DashboardChoice.user_id) == actor.user_id,
        col(DashboardChoice.key).startswith(DONE),
        col(DashboardChoice.chosen_at) < tx.now - KEPT_FOR,
    )


_choices = table(DashboardChoice)
_CHOSEN = Prepared(
    select(_choices.c.course_id, _choices.c.user_id, _choices.c.key).where(
        among(_choices.c.user_id, 'people'), among(_choices.c.course_id, 'courses')
    )
)
