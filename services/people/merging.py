"""Guests who turn out to be somebody else: their work counts as that person's, for as long as that holds.

The log is never rewritten. Who a guest has turned out to be is told by MERGED and UNMERGED in it (`about_id` is
the guest, `words` the id of the person); progress and percentages of both are then told anew from the log.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import uuid4

from sqlalchemy import exists, select, update
from sqlmodel import col

from models import Activity, Enrollment, Goal, Note, Role, User, Verb
from services import access
from services.access import Actor
from services.activity import archive, log, recording
from services.activity.log import Entry
from services.content import positions
from services.core.errors import Refused
from services.core.events import Recorded
from services.core.projection import NOTHING, Begins, Part, Projection
from services.core.transaction import Transaction
from services.live.help import queue
from services.progress import enrollments

NOBODY: Mapping[int, int] = MappingProxyType({})


def merge(tx: Transaction, actor: Actor | None, course_id: int, *, guest_id: int, into_id: int) -> None:
    """Say that a guest is somebody else who learns in the same course; `unmerge` takes it back."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    guest, person = (_learner(tx, course_id, user_id) for user_id in (guest_id, into_id))
    if guest.id == person.id:
        raise Refused('{name} is one person already. Choose somebody else.', name=guest.name)
    if guest.password_hash:
        raise Refused('{name} has an account. Only a guest can turn out to be somebody else.', name=guest.name)
    if not _is_free(tx, guest) or person.merged_into_id:
        raise Refused('One of these two is already merged with somebody. Separate them first.')
    _merge(tx, actor, course_id, guest, person)


def unmerge(tx: Transaction, actor: Actor | None, course_id: int, *, guest_id: int) -> None:
    """Say that a guest is a person of their own after all; everything is as it was."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    access.enrollment(tx, course_id, guest_id)
    guest = tx.session.get_one(User, guest_id)
    if guest.merged_into_id is None:
        raise Refused('{name} stands alone already.', name=guest.name)
    _separate(tx, actor, course_id, guest)


def adopt(tx: Transaction, actor: Actor | None, *, guest: Actor) -> None:
    """Let somebody who has just signed in keep what they did on this device as a guest, their notes and goals too.

    Guests who have turned out to be that guest come along. Where there is nothing to keep (the guest is taken, or
    a teacher signed in), nothing happens.
    """
    actor = access.signed_in(tx, actor)
    person, row = tx.session.get_one(User, actor.user_id), tx.session.get_one(User, guest.user_id)
    if person.role is not Role.STUDENT or row.password_hash or row.merged_into_id or person.merged_into_id:
        return
    theirs = col(Enrollment.user_id) == row.id, col(Enrollment.removed_at).is_(None)
    courses = tx.execute(select(col(Enrollment.course_id)).where(*theirs).order_by(col(Enrollment.id).desc()))
    course_id = courses.scalars().first()
    if course_id is None:
        return
    others = tx.session.scalars(select(User).where(col(User.merged_into_id) == row.id)).all()
    for other in others:
        _separate(tx, actor, course_id, other)
    for each in (*others, row):
        _merge(tx, actor, course_id, each, person)
    for kept in (Note, Goal):
        tx.execute(update(kept).where(col(kept.user_id) == row.id).values(user_id=person.id))


def owners(recorded: Iterable[Recorded], before: Mapping[int, int] = NOBODY) -> dict[int, int]:
    """Return who the guests have turned out to be, as the log tells it; `before` is what it told earlier."""
    found = dict(before)
    for activity in recorded:
        if activity.verb is Verb.MERGED and activity.about_id is not None:
            found[activity.about_id] = int(activity.words)
        elif activity.verb is Verb.UNMERGED and activity.about_id is not None:
            found.pop(activity.about_id, None)
    return found


def rebuild(tx: Transaction, people: set[int], *, guest_id: int | None = None) -> None:
    """Tell anew what people have done, from the log; courses that they complete now, they complete with `guest_id`."""
    theirs = col(User.id).in_(people) | col(User.merged_into_id).in_(people)
    group: dict[int, int | None] = dict(tx.execute(select(col(User.id), col(User.merged_into_id)).where(theirs)).all())
    by = {id_: person for id_, person in group.items() if person is not None}
    part = part_of(tx, frozenset(group), by, with_guest=guest_id)
    for projection in tx.projections:
        projection.rebuild(tx, part)


def part_of(
    tx: Transaction,
    people: frozenset[int],
    by: Mapping[int, int],
    *,
    with_guest: int | None = None,
    begins: Begins = NOTHING,
    until: int | None = None,
    in_pages: bool = False,
) -> Part:
    """Return what the log has of some people; `by` says who guests have turned out to be.

    It begins after those activities that `begins` covers. Where it is too much for the memory, it is read in
    pages, by each projection anew.
    """
    concerned = col(Activity.user_id).in_(people) | col(Activity.about_id).in_(people)
    if begins.since:
        concerned &= col(Activity.id) > begins.since
    if until is not None:
        concerned &= col(Activity.id) <= until
    live = log.Pages(tx=tx, condition=concerned) if in_pages else log.read(tx, concerned)
    both = archive.Both(tx=tx, people=people, live=live, after=begins.since, until=until)
    activities = both if in_pages else list(both)
    return Part(people=people, owners=by, activities=activities, with_guest=with_guest, begins=begins)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare who guests have turned out to be with the log."""
    merged = select(col(User.id), col(User.merged_into_id)).where(
        col(User.id).in_(part.people), col(User.merged_into_id).is_not(None)
    )
    told = {pair for pair in part.owners.items() if pair[0] in part.people}
    stored = {(guest, person) for guest, person in tx.execute(merged)}
    return [f'merged {pair}: in one of log and table only' for pair in told ^ stored]


def _merge(tx: Transaction, actor: Actor, course_id: int, guest: User, person: User) -> None:
    learns = select(col(Enrollment.course_id), col(Enrollment.user_id), col(Enrollment.removed_at))
    learns = learns.where(col(Enrollment.user_id).in_({guest.id, person.id}))
    rows = tx.execute(learns).all()
    has = {course for course, user_id, _ in rows if user_id == person.id}
    for course, user_id, removed_at in rows:
        if user_id == guest.id and removed_at is None and course not in has:
            enrollments.enroll(tx, course_id=course, user_id=person.id, name=person.name)
    _stay_hidden(tx, guest, person)
    queue.close_of(tx, guest.id, by=actor.user_id)
    positions.lend(tx, guest.id, person.id)
    guest.merged_into_id = person.id
    tx.session.add(guest)
    tx.session.flush()
    aside = col(Enrollment.user_id) == guest.id, col(Enrollment.removed_at).is_(None)
    tx.execute(update(Enrollment).where(*aside).values(removed_at=tx.now))
    _tell(tx, actor, Verb.MERGED, course_id, guest.id, person.id)
    rebuild(tx, {guest.id, person.id}, guest_id=guest.id)
    tx.note('guest merged', guest=guest.id, person=person.id, by=actor.user_id)


def _stay_hidden(tx: Transaction, guest: User, person: User) -> None:
    """Keep a person off the projector who chose so under either name."""
    hidden = select(col(Enrollment.course_id)).where(col(Enrollment.user_id) == guest.id, col(Enrollment.is_hidden))
    theirs = col(Enrollment.user_id) == person.id, col(Enrollment.course_id).in_(hidden)
    tx.execute(update(Enrollment).where(*theirs).values(is_hidden=True))


def _separate(tx: Transaction, actor: Actor, course_id: int, guest: User) -> None:
    merged = col(Activity.verb) == Verb.MERGED, col(Activity.about_id) == guest.id
    set_aside_at = (
        tx.execute(select(col(Activity.at)).where(*merged).order_by(col(Activity.id).desc())).scalars().first()
    )
    person_id, guest.merged_into_id = guest.merged_into_id, None
    assert person_id is not None
    tx.session.add(guest)
    tx.session.flush()
    positions.take_back(tx, guest.id, person_id)
    back = col(Enrollment.user_id) == guest.id, col(Enrollment.removed_at) == set_aside_at
    tx.execute(update(Enrollment).where(*back).values(removed_at=None))
    _tell(tx, actor, Verb.UNMERGED, course_id, guest.id, person_id)
    rebuild(tx, {guest.id, person_id})
    tx.note('guest separated', guest=guest.id, person=person_id, by=actor.user_id)


def _tell(tx: Transaction, actor: Actor, verb: Verb, course_id: int, guest_id: int, person_id: int) -> None:
    entry = Entry(
        user_id=actor.user_id,
        tap_id=f'{verb}:{uuid4().hex}',
        verb=verb,
        course_id=course_id,
        about_id=guest_id,
        words=str(person_id),
        zone=actor.time_zone,
    )
    recording.record(tx, [entry])


def _learner(tx: Transaction, course_id: int, user_id: int) -> User:
    place = access.enrollment(tx, course_id, user_id)
    user = tx.session.get_one(User, user_id)
    if place.removed_at and not user.merged_into_id:
        raise Refused('{name} is out of the course. Bring them back first.', name=user.name)
    return user


def _is_free(tx: Transaction, guest: User) -> bool:
    """Tell whether a guest is not merged into anybody, and nobody into them."""
    others = exists().where(col(User.merged_into_id) == guest.id)
    return guest.merged_into_id is None and not tx.execute(select(others)).scalar()


PROJECTION = Projection(name='guests', differences=differences)
"""The log follows the guests."""
