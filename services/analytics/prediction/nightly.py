"""Makes the predictions of all courses every night, one course after the other in a reader's thread, and on demand.

A course is read once; what has changed since the last night is written some learners at a time. A night that was
interrupted goes on where it was: each course says when it was made last.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlmodel import col

from models import Course, Prediction, PredictionModel, PredictionRun
from services import access
from services.access import Actor
from services.analytics.prediction import calibration, forecast, reading_record, shipped, storing, switches
from services.analytics.prediction.calibration import Finished, Own
from services.analytics.prediction.reading_record import days_of
from services.analytics.prediction.storing import Made
from services.core import database, server_log, threads, zones
from services.core.errors import Refused
from services.core.jobs import Kind
from services.core.transaction import Transaction

LOOK_EVERY = timedelta(hours=1)
HOUR = 3
"""of the night of the school, from which on predictions are made"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Which courses are copies of which."""

    first: Mapping[int, int]
    """by course: the first of its runs"""

    def before(self, course_id: int) -> list[int]:
        """Return the earlier runs of a course."""
        first_id = self.first.get(course_id, course_id)
        return [id_ for id_, first in self.first.items() if first == first_id and id_ < course_id]


def kind() -> Kind:
    """Return the job that makes predictions."""
    return Kind(name='predictions', work=lambda _: make_all(), repeats=LOOK_EVERY)


async def make_all() -> int:
    """Make the predictions of every course that has none of this night; returns how many courses that were."""
    due = await database.read(_due)
    if not due:
        return 0
    works: list[Callable[[], Awaitable[object]]] = [_learn, *(partial(make, course_id) for course_id in due)]
    failed: list[Exception] = []
    for work in works:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the others are made all the same; the job tells of it below
            server_log.write_problem('predictions failed', error)
            failed.append(error)
    if failed:
        raise failed[0]
    return len(due)


async def make_now(actor: Actor | None, course_id: int) -> None:
    """Make the predictions of a course anew, for somebody who teaches it."""
    await database.read(_may_make, actor, course_id)
    await make(course_id)


async def make(course_id: int) -> None:
    """Make the predictions of one course."""
    made = await database.read(_made, course_id)
    if made is None:
        return
    for some in made.slices():
        await database.write(storing.store, made, some)
    await database.write(storing.finish, made)


def last_night(now: datetime) -> datetime:
    """Return when the latest night began in which predictions are made."""
    zone = zones.school()
    begins = zones.start_of_day(zone, zones.local_date(zone, now)) + timedelta(hours=HOUR)
    return begins if begins <= now else begins - timedelta(days=1)


def _may_make(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    course = access.taught_course(tx, actor, course_id)
    if not switches.in_course(tx, course):
        raise Refused('Predictions are switched off. Switch them on first.')


def _due(tx: Transaction) -> list[int]:
    """Return the courses whose predictions are older than this night."""
    if not switches.in_school(tx):
        return []
    made = select(col(PredictionRun.course_id)).where(col(PredictionRun.made_at) >= last_night(tx.now))
    open_ = col(Course.deleted_at).is_(None), col(Course.archived_at).is_(None), col(Course.is_predicted)
    due = select(col(Course.id)).where(*open_, col(Course.id).not_in(made)).order_by(col(Course.id))
    return list(tx.session.scalars(due))


def _made(tx: Transaction, course_id: int) -> Made | None:
    """Return what has to be written for one course."""
    course = tx.session.get(Course, course_id)
    if course is None or course.deleted_at or not switches.in_course(tx, course):
        return None
    runs = _runs(tx)
    record = reading_record.read(tx, course, runs.before(course_id))
    model_id, own = _own(tx)
    first_id, refused = runs.first.get(course_id, course_id), switches.refused(tx)
    at = float(days_of([tx.now])[0])
    found = [
        each
        for each in forecast.of_course(record, own.model, at, shift=own.shift(first_id))
        if each.user_id not in refused
    ]
    known = tx.session.scalars(select(Prediction).where(col(Prediction.course_id) == course_id))
    return storing.compare(
        record, found, {row.user_id: row for row in known}, model_id=model_id, is_calibrated=own.knows(first_id)
    )


def _own(tx: Transaction) -> tuple[int, Own]:
    """Return the model of this school with its id: the latest, or the shipped one with 0."""
    row = tx.session.scalars(select(PredictionModel).order_by(col(PredictionModel.id).desc()).limit(1)).first()
    if row is None or row.origin != shipped.ORIGIN:
        return 0, calibration.as_shipped()
    return row.id, storing.own_of(row)


async def _learn() -> None:
    """Learn from the courses that are over, if there are more of them than last time."""
    over, known = await database.read(_over)
    if over == known:
        return
    courses = [found for course_id in over if (found := await database.read(_finished, course_id))]
    own = await threads.shared.run(calibration.own, courses)  # it takes seconds, for which taps would wait
    await database.write(_keep_model, own, over)


def _over(tx: Transaction) -> tuple[list[int], list[int]]:
    """Return the courses that are over, and those that the latest model knows."""
    judged = select(col(PredictionRun.course_id)).join(Course, col(Course.id) == col(PredictionRun.course_id))
    is_over = col(PredictionRun.judged_at) <= tx.now, col(Course.deleted_at).is_(None)
    over = list(tx.session.scalars(judged.where(*is_over).order_by(col(PredictionRun.course_id))))
    row = tx.session.scalars(select(PredictionModel).order_by(col(PredictionModel.id).desc()).limit(1)).first()
    is_current = row is not None and row.origin == shipped.ORIGIN
    return over, list(row.courses) if row is not None and is_current else []


def _finished(tx: Transaction, course_id: int) -> Finished | None:
    course, runs = tx.session.get_one(Course, course_id), _runs(tx)
    record = reading_record.read(tx, course, runs.before(course_id))
    return calibration.finished(record, runs.first.get(course_id, course_id))


def _keep_model(tx: Transaction, own: Own, over: Sequence[int]) -> None:
    tx.session.add(storing.row_of(own, origin=shipped.ORIGIN, courses=over, at=tx.now))
    tx.note('prediction model learned', courses=len(over), learners=own.learners)


def _runs(tx: Transaction) -> Runs:
    """Return the courses that are copies, or were copied, each with the first of its runs."""
    origins = select(col(Course.id), col(Course.copied_from_id)).where(col(Course.copied_from_id).is_not(None))
    copied = {id_: from_id for id_, from_id in tx.execute(origins) if from_id is not None}
    first: dict[int, int] = {}
    for course_id in sorted({*copied, *copied.values()}):
        origin = course_id
        while origin in copied:
            origin = copied[origin]  # a copy has a higher id than its original
        first[course_id] = origin
    return Runs(first=first)
