"""The people of a course, as those who teach it see them: who learns here, and who was taken out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import exists, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Activity, CourseGroup, Enrollment, Progress, Role, SignIn, User, Verb, verbs_where
from services import access
from services.access import Actor
from services.core.errors import Forbidden, NotFound, Refused
from services.core.events import CourseChanged, PersonNamed
from services.core.text import plain_name, read_name
from services.core.transaction import Transaction
from services.live import course_groups
from services.progress import enrollments
from services.progress.states import EnrollmentState, state_of
from services.study import session_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One learner of a course."""

    user_id: int
    name: str
    email: str | None
    """None for a guest"""
    since: datetime
    percent: int
    last_active: datetime | None
    is_removed: bool
    merged_into: str | None
    """the name of the person whom this guest has turned out to be"""
    group: str = ''
    extra_percent: int = 0
    state: EnrollmentState = EnrollmentState.NOT_STARTED
    completed_at: datetime | None = None
    has_been_here: bool = True
    """False for somebody of a class list who has not come yet"""
    custom: dict[str, str] = field(default_factory=dict)
    """what the school needs to note, by the name of the field"""

    @property
    def is_guest(self) -> bool:
        """Whether they are in the course without an account, and so come back with a code."""
        return self.email is None and not self.is_removed


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The learners of a course by name, those who were taken out among them."""

    title: str
    code: str
    learners: tuple[Participant, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in which there is somebody."""
        return course_groups.in_order(person.group for person in self.learners)

    def of_group(self, group: str) -> 'People':
        """Return the same of one group; of everybody for an empty name."""
        found = tuple(person for person in self.learners if not group or person.group == group)
        return replace(self, learners=found)


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, again: bool = False) -> People:
    """Return who learns in a course, and who was taken out of it; `again` for a page that is open already."""
    course = access.taught_course(tx, actor, course_id)
    if not again:
        access.note_look(tx, actor, 'people', course=course_id)
    return People(title=course.title, code=course.code, learners=tuple(_read(tx, course_id)))


def page(
    tx: Transaction, actor: Actor | None, course_id: int, *, after: int = 0, limit: int, group: str = ''
) -> list[Participant]:
    """Return some of the learners, or of one group, by id, beginning behind the id `after`; removed ones among them."""
    access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'people', course=course_id)
    place = select(col(Enrollment.user_id)).where(col(Enrollment.course_id) == course_id)
    if group:
        place = place.join(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
        place = place.where(col(CourseGroup.name) == group)
    behind = place.where(col(Enrollment.user_id) > after).order_by(col(Enrollment.user_id)).limit(limit)
    user_ids = tx.execute(behind).scalars().all()
    return sorted(_read(tx, course_id, user_ids), key=lambda person: person.user_id)


def one(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> Participant:
    """Return one learner."""
    access.taught_course(tx, actor, course_id)
    for person in _read(tx, course_id, [user_id]):
        return person
    raise NotFound(access.NOT_HERE)


def rename(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, name: str) -> None:
    """Give a guest another name; people with an account choose their own."""
    user = tx.session.get_one(User, _place(tx, actor, course_id, user_id).user_id)
    if user.password_hash:
        raise Forbidden('{name} has an account, and only they can change their name.', name=user.name)
    name = read_name(name)
    user.name, user.plain_name, user.updated_at = name, plain_name(name), tx.now
    tx.session.add(user)
    theirs = col(Enrollment.user_id) == user_id, col(Enrollment.removed_at).is_(None)
    for its_course in tx.execute(select(col(Enrollment.course_id)).where(*theirs)).scalars().all():
        tx.announce(PersonNamed(course_id=its_course, user_id=user_id, name=name))
    tx.note('guest renamed', course=course_id, user=user_id)


def remove(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> None:
    """Take a learner out of a course; everything they did is kept, and comes back with them."""
    place = _place(tx, actor, course_id, user_id)
    if place.removed_at is None:
        place.removed_at = tx.now
        tx.session.add(place)
        session_end.removal(tx, user_id=user_id, course_id=course_id)
        tx.announce(CourseChanged(course_id=course_id))
        tx.note('learner removed', course=course_id, user=user_id)


def bring_back(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> None:
    """Let a learner who was taken out of a course take part again."""
    place = _place(tx, actor, course_id, user_id)
    if tx.session.get_one(User, user_id).merged_into_id:
        raise Refused('This guest has turned out to be somebody else. Separate the two first.')
    if tx.session.get_one(User, user_id).role is Role.PARENT:
        raise Refused('This person is a parent by now, and parents have no place in courses.')
    if place.removed_at is not None:
        place.removed_at = None
        tx.session.add(place)
        tx.session.flush()
        enrollments.recount(tx, course_id, {user_id})  # the course may have shrunk to what they had done
        tx.announce(CourseChanged(course_id=course_id))
        tx.note('learner brought back', course=course_id, user=user_id)


def _place(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> Enrollment:
    access.taught_course(tx, actor, course_id)
    return access.enrollment(tx, course_id, user_id, locked=True)


def _read(tx: Transaction, course_id: int, user_ids: Sequence[int] | None = None) -> list[Participant]:
    """Return all learners of a course, or some of them, by name."""
    theirs = col(Activity.course_id) == course_id, col(Activity.verb).not_in({*_FOR_THEM, Verb.ENROLLED})
    doer = aliased(User)
    whose = func.coalesce(doer.merged_into_id, doer.id)
    last = select(whose, func.max(col(Activity.id))).join(doer, col(Activity.user_id) == doer.id).where(*theirs)
    chosen = true() if user_ids is None else col(Enrollment.user_id).in_(user_ids)
    if user_ids is not None:
        guests = tx.execute(select(col(User.id)).where(col(User.merged_into_id).in_(user_ids))).scalars()
        last = last.where(col(Activity.user_id).in_([*user_ids, *guests]))
    latest = last.group_by(whose).subquery()
    person = aliased(User)
    started = exists().where(col(Progress.course_id) == course_id, col(Progress.user_id) == col(Enrollment.user_id))
    joined = or_(col(User.email).is_not(None), exists().where(col(SignIn.user_id) == col(User.id)))
    rows = tx.execute(
        select(User, Enrollment, col(Activity.at), col(person.name), col(CourseGroup.name), started, joined)
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(person, col(person.id) == col(User.merged_into_id))
        .outerjoin(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
        .outerjoin(latest, latest.c[0] == col(User.id))
        .outerjoin(Activity, col(Activity.id) == latest.c[1])
        .where(col(Enrollment.course_id) == course_id, chosen)
        .order_by(col(User.plain_name), col(User.id))
    )
    return [_participant(*row) for row in rows]


def _participant(
    user: User,
    place: Enrollment,
    at: datetime | None,
    merged_into: str | None,
    group: str | None,
    started: bool,
    joined: bool,
) -> Participant:
    return Participant(
        user_id=user.id,
        name=user.name,
        email=user.email,
        since=place.enrolled_at,
        percent=place.percent,
        last_active=at,
        is_removed=place.removed_at is not None,
        merged_into=merged_into,
        group=group or '',
        extra_percent=place.extra_percent,
        state=state_of(completed=bool(place.completed_at), paused=bool(place.paused_at), started=bool(started)),
        completed_at=place.completed_at,
        has_been_here=at is not None or bool(joined),
        custom=dict(place.custom),
    )


_FOR_THEM = verbs_where(lambda traits: not traits.is_own_deed)
