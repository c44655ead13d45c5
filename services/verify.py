"""The proof that the projections are nothing but the log: what each says of everybody, compared with the log.

People are compared some at a time, and a log that one person alone has made too long for that is read in pages, so
that memory stays bounded however many people and activities there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Checkpoint, Course, Verb
from services import followers, snapshots
from services.activity import archive, following, log
from services.core import looks
from services.core.errors import Refused
from services.core.projection import NOTHING, Begins
from services.core.transaction import Transaction
from services.people import merging, slices
from services.people.merging import NOBODY
from services.people.slices import People
from services.progress import enrollments
from services.snapshots import LogSnapshot, Writer

TELL_EVERY = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How far a comparison is, and what it has found in its latest part."""

    activities: int
    of: int
    differences: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keeping:
    """The snapshot that is written on the way."""

    writer: Writer
    horizon: int


def differences(tx: Transaction) -> list[str]:
    """Return one line for everything in which a projection differs from the log; none is expected."""
    return [line for compared in compare(tx) for line in compared.differences]


def report(
    tx: Transaction, say: Callable[[str], object], *, begin_at: Path | None = None, save: Path | None = None
) -> int:
    """Compare everything and say what differs and, from time to time, how far it is; returns how much differs.

    It begins at a snapshot if there is one, and saves another if nothing differs.
    """
    start = snapshots.opened(begin_at, tx.projections) if begin_at else None
    writer = Writer(save, tx.projections) if save else None
    found = 0
    try:
        found = _report(compare(tx, start, writer), say)
        if writer and not found:
            writer.finish()
            say(f'saved to {save}, up to activity {writer.horizon:,}')
    finally:
        if writer:
            writer.give_up()
    return found


def _report(comparison: Iterable[Compared], say: Callable[[str], object]) -> int:
    found, told_at = 0, 0
    for compared in comparison:
        found += len(compared.differences)
        for line in compared.differences:
            say(line)
        if compared.activities - told_at >= TELL_EVERY or compared.activities == compared.of:
            told_at = compared.activities
            say(f'{compared.activities:,} of {compared.of:,} activities compared, {found:,} differences')
    return found


def compare(tx: Transaction, start: LogSnapshot | None = None, writer: Writer | None = None) -> Iterator[Compared]:
    """Compare everything, some people at a time, and yield what was found so far.

    With a snapshot, only what was recorded after its horizon is folded, and everything of people who came later, and
    of those whose guests have changed. A writer is given what the log says, in the same pass.
    """
    since = start.horizon if start else 0
    total, done = _count_all(tx, since), 0
    yield Compared(activities=0, of=total, differences=_of_the_whole(tx))
    merged = col(Activity.verb).in_((Verb.MERGED, Verb.UNMERGED)) & (col(Activity.id) > since)
    by = merging.owners(log.read(tx, merged), start.owners if start else NOBODY)
    keeping = _begin_keeping(tx, writer, since, by) if writer else None
    known: set[int] = set()
    for people, begins in _going_on(tx, start, by, known):
        done += people.activities
        found = _differences(tx, people, by, begins, keeping)
        yield Compared(activities=done, of=max(done, total), differences=found)
    for people in slices.everybody(tx, by, known):
        done += people.activities
        found = _differences(tx, people, by, NOTHING, keeping)
        yield Compared(activities=done, of=max(done, total), differences=found)


def _differences(
    tx: Transaction, people: People, by: Mapping[int, int], begins: Begins, keeping: _Keeping | None
) -> list[str]:
    in_pages = people.activities > slices.ACTIVITIES_AT_ONCE
    if keeping:
        states = [state for projection in tx.projections for state in projection.states]
        until = keeping.horizon
        part = merging.part_of(tx, people.ids, by, begins=begins, until=until, in_pages=in_pages)
        begins = Begins(since=until, states={state.name: part.folded(tx, state) for state in states})
        keeping.writer.keep(people.ids, begins.states)
    part = merging.part_of(tx, people.ids, by, begins=begins, in_pages=in_pages)
    found = [line for projection in tx.projections for line in projection.differences(tx, part)]
    tx.session.expunge_all()
    return found


def _begin_keeping(tx: Transaction, writer: Writer, since: int, by: Mapping[int, int]) -> _Keeping:
    """Begin a snapshot at the last activity that all followers have taken."""
    newest = tx.execute(select(func.max(col(Activity.id)))).scalar() or 0
    horizon = min(newest, *(following.position(tx, each.name) or 0 for each in followers.ALL))
    if horizon < since:
        raise Refused('What follows the log has not caught up with it. Let the server run for a moment first.')
    writer.begin(horizon, by)
    return _Keeping(writer=writer, horizon=horizon)


def _going_on(
    tx: Transaction, start: LogSnapshot | None, by: Mapping[int, int], known: set[int]
) -> Iterator[tuple[People, Begins]]:
    """Yield the people of a snapshot with what it knows of them, unless their guests are others now, and note them."""
    if start is None:
        return
    if start.horizon > (tx.execute(select(func.max(col(Activity.id)))).scalar() or 0):
        raise Refused('This snapshot is of a later moment than the database.')
    guests = slices.guests(tx, by)
    groups = slices.by_head(guests)
    for kept in start:
        owned = {guest: person for guest, person in by.items() if guest in kept.people}
        was_owned = {guest: person for guest, person in start.owners.items() if guest in kept.people}
        together = {other for id_ in kept.people for other in (guests.get(id_, id_), *groups.get(id_, ()))}
        if owned == was_owned and together <= kept.people:
            known |= kept.people
            number = sum(slices.counts(tx, kept.people, start.horizon).values())
            begins = Begins(since=start.horizon, states=kept.states)
            yield People(ids=kept.people, activities=number), begins


def _count_all(tx: Transaction, since: int) -> int:
    live = select(func.count()).select_from(Activity).where(col(Activity.id) > since)
    return tx.execute(live).scalar_one() + archive.count_all(tx, since)


def _of_the_whole(tx: Transaction) -> list[str]:
    """Compare what is of nobody in particular."""
    return [*_course_differences(tx), *looks.broken(tx), *archive.broken(tx)]


def _course_differences(tx: Transaction) -> list[str]:
    """Compare how many checkpoints count in each course with what the course says."""
    counting = dict(
        tx.execute(
            select(col(Checkpoint.course_id), func.count())
            .where(enrollments.counted())
            .group_by(col(Checkpoint.course_id))
        ).all()
    )
    return [
        f'course {course_id}: {number} count instead of {counting.get(course_id, 0)}'
        for course_id, number in tx.execute(select(col(Course.id), col(Course.counted)))
        if number != counting.get(course_id, 0)
    ]
