"""The leaderboard of a course: for learners who want to take part, under names of their own, their neighbours only.

Only those who take part are in it, and only they see it. It has neither ranks nor a total, so that it says nothing of
those who are not.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from models import Course, Enrollment, LeaderboardPlace, PointTotal, User
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotEnrolled, Refused
from services.core.text import line, plain_name
from services.core.transaction import Transaction
from services.motivation import parts
from settings import settings

LONGEST_ALIAS = 40
FEWEST = 3
"""learners who take part, before anything is shown"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One who takes part, as the others see them."""

    alias: str
    points: int
    is_self: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """What a learner sees of the leaderboard of a course."""

    course_id: int
    title: str
    alias: str
    """their own; empty where they do not take part"""
    neighbours: tuple[Neighbour, ...]
    """most points first; empty while too few take part"""


def own(tx: Transaction, actor: Actor | None, course_id: int) -> Leaderboard:
    """Return what the actor sees of the leaderboard of a course that they learn in."""
    actor, course = _learner(tx, actor, course_id)
    place = tx.session.get(LeaderboardPlace, (actor.user_id, course_id))
    return Leaderboard(
        course_id=course_id,
        title=course.title,
        alias=place.alias if place else '',
        neighbours=_neighbours(tx, actor.user_id, course_id) if place else (),
    )


def all_own(tx: Transaction, actor: Actor | None) -> tuple[Leaderboard, ...]:
    """Return those of all courses of the actor that have one, the newest course first."""
    actor = access.signed_in(tx, actor)
    learning = select(col(Enrollment.course_id)).where(
        col(Enrollment.user_id) == actor.user_id, col(Enrollment.removed_at).is_(None)
    )
    open_ = col(Course.deleted_at).is_(None), col(Course.archived_at).is_(None), col(Course.shows_leaderboard)
    found = select(col(Course.id)).where(col(Course.id).in_(learning), *open_).order_by(col(Course.id).desc())
    course_ids = list(tx.execute(found).scalars())
    on = parts.in_courses(tx, set(course_ids)) if course_ids else {}
    return tuple(own(tx, actor, course_id) for course_id in course_ids if on[course_id].leaderboard)


def join(tx: Transaction, actor: Actor | None, course_id: int, *, alias: str) -> None:
    """Let the actor take part under a name that does not give them away; or change that name."""
    actor, _ = _learner(tx, actor, course_id)
    tx.session.get(Course, course_id, with_for_update=True)  # two who choose one name at the same moment
    alias = _check_alias(tx, actor, course_id, alias)
    place = tx.session.get(LeaderboardPlace, (actor.user_id, course_id))
    if place is None:
        place = LeaderboardPlace(user_id=actor.user_id, course_id=course_id, alias=alias, joined_at=tx.now)
    place.alias = alias
    tx.session.add(place)
    tx.note('leaderboard joined', course=course_id, user=actor.user_id)


def leave(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Let the actor take part no more; nothing of them stays in it."""
    actor = access.signed_in(tx, actor)
    access.course(tx, actor, course_id)
    if place := tx.session.get(LeaderboardPlace, (actor.user_id, course_id)):
        tx.session.delete(place)
        tx.note('leaderboard left', course=course_id, user=actor.user_id)


def _learner(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Actor, Course]:
    actor = access.signed_in(tx, actor)
    course = access.course(tx, actor, course_id)
    if not access.enrolled(tx, actor.user_id, course_id):
        raise NotEnrolled
    if not parts.in_course(tx, course_id).leaderboard:
        raise Refused('This course has no leaderboard.')
    return actor, course


def _check_alias(tx: Transaction, actor: Actor, course_id: int, typed: str) -> str:
    alias = line(typed[: 4 * LONGEST_ALIAS])
    if not alias:
        raise Invalid('Choose a name that says nothing of who you are.', field='alias')
    if len(alias) > LONGEST_ALIAS:
        raise Invalid('This name is too long; use at most {most} characters.', most=LONGEST_ALIAS, field='alias')
    plain = plain_name(alias)
    others = col(LeaderboardPlace.course_id) == course_id, col(LeaderboardPlace.user_id) != actor.user_id
    taken = tx.execute(select(col(LeaderboardPlace.alias)).where(*others)).scalars()
    learners = select(col(Enrollment.user_id)).where(col(Enrollment.course_id) == course_id)
    real = select(col(User.id)).where(col(User.plain_name) == plain, col(User.id).in_(learners))
    if plain in map(plain_name, taken) or tx.execute(real.limit(1)).first():
        raise Invalid('This name is taken. Choose another one.', field='alias')
    return alias


def _neighbours(tx: Transaction, user_id: int, course_id: int) -> tuple[Neighbour, ...]:
    points = func.coalesce(col(PointTotal.points), 0)
    here = (col(Enrollment.user_id) == col(LeaderboardPlace.user_id)) & (col(Enrollment.course_id) == course_id)
    theirs = (col(PointTotal.user_id) == col(LeaderboardPlace.user_id)) & (col(PointTotal.course_id) == course_id)
    rows = tx.execute(
        select(col(LeaderboardPlace.user_id), col(LeaderboardPlace.alias), points)
        .join(Enrollment, here)
        .join(PointTotal, theirs, isouter=True)
        .where(col(LeaderboardPlace.course_id) == course_id, col(Enrollment.removed_at).is_(None))
        .order_by(points.desc(), col(LeaderboardPlace.alias))
    ).all()
    if len(rows) < FEWEST:
        return ()
    size = settings().leaderboard_size
    at = next((place for place, row in enumerate(rows) if row[0] == user_id), 0)
    first = max(0, min(at - size // 2, len(rows) - size))
    return tuple(
        Neighbour(alias=alias, points=number, is_self=whose == user_id)
        for whose, alias, number in rows[first : first + size]
    )
