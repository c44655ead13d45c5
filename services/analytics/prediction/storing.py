"""Writing predictions: only what has changed, with the moment at which a learner came into another band."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert
from sqlmodel import col

from models import BandChange, Course, Prediction, PredictionModel, PredictionRun, table
from services.analytics.prediction import switches
from services.analytics.prediction.calibration import Own
from services.analytics.prediction.forecast import Forecast
from services.analytics.prediction.model import Model
from services.analytics.prediction.record import DAY, Record
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

AT_ONCE = 200
"""learners in one commit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What has to be written for one course."""

    course_id: int
    changed: Sequence[Forecast]
    since: Mapping[int, datetime]
    """of those who stay in their band: since when they have been in it"""
    moved: AbstractSet[int]
    """those who came into another band, or out of all"""
    left: Sequence[int]
    """those of whom nothing is predicted now"""
    run: Mapping[str, Any]

    def slices(self) -> Iterator[Sequence[Forecast]]:
        """Yield what has changed, some at a time."""
        for start in range(0, len(self.changed), AT_ONCE):
            yield self.changed[start : start + AT_ONCE]


def compare(
    record: Record, found: Sequence[Forecast], known: Mapping[int, Prediction], *, model_id: int, is_calibrated: bool
) -> Made:
    """Return what has to be written, given what is stored."""
    people = {each.user_id for each in found}
    same = {
        each.user_id: known[each.user_id].since
        for each in found
        if each.user_id in known and known[each.user_id].band is each.band
    }
    before = {user_id: row.band for user_id, row in known.items()}
    moments = {'begins_at': record.begins, 'ends_at': record.ends, 'half_at': record.half, 'judged_at': record.judged}
    return Made(
        course_id=record.course_id,
        changed=[each for each in found if _is_news(each, known.get(each.user_id))],
        since=same,
        moved={each.user_id for each in found if before.get(each.user_id) is not each.band},
        left=[user_id for user_id in known if user_id not in people],
        run={
            'course_id': record.course_id,
            'model_id': model_id,
            'is_calibrated': is_calibrated,
            **{name: _moment(days) for name, days in moments.items()},
        },
    )


def store(tx: Transaction, made: Made, some: Sequence[Forecast]) -> None:
    """Write some predictions, unless they were switched off meanwhile."""
    course = tx.session.get(Course, made.course_id)
    if course is None or not switches.in_course(tx, course):
        return
    refused = switches.refused(tx)
    wanted = [each for each in some if each.user_id not in refused]
    rows = [_row(each, made, tx.now) for each in wanted]
    if rows:
        _STORE.each(tx.connection, rows)
    moved = [
        {'course_id': made.course_id, 'user_id': each.user_id, 'band': each.band, 'model_id': made.run['model_id']}
        for each in wanted
        if each.user_id in made.moved
    ]
    if moved:
        tx.execute(insert(BandChange), [{**each, 'at': tx.now} for each in moved])


def finish(tx: Transaction, made: Made) -> None:
    """Remove what is out of date, and write down that the course is done."""
    gone = col(Prediction.course_id) == made.course_id, col(Prediction.user_id).in_(made.left)
    if made.left:
        tx.execute(delete(Prediction).where(*gone))
    _RUN.each(tx.connection, [{**made.run, 'made_at': tx.now}])
    tx.note('predictions made', course=made.course_id, changed=len(made.changed))


def own_of(row: PredictionModel) -> Own:
    """Return the model that a row keeps."""
    return Own(model=Model(coefficients=np.array(row.coefficients)), levels=row.levels, learners=row.learners)


def row_of(own: Own, *, origin: str, courses: Sequence[int], at: datetime) -> PredictionModel:
    """Return the row that keeps a model."""
    return PredictionModel(
        origin=origin,
        learners=own.learners,
        courses=list(courses),
        coefficients=[float(value) for value in own.model.coefficients],
        levels=dict(own.levels),
        made_at=at,
    )


def _is_news(found: Forecast, known: Prediction | None) -> bool:
    return known is None or any(getattr(known, name) != value for name, value in _columns(found).items())


def _columns(found: Forecast) -> dict[str, Any]:
    columns = {name: getattr(found, name) for name in _FROM_FORECAST}
    return {**columns, 'silence': found.silence.value if found.silence else ''}


def _row(found: Forecast, made: Made, now: datetime) -> dict[str, Any]:
    since = made.since.get(found.user_id, now)
    return {'course_id': made.course_id, 'user_id': found.user_id, **_columns(found), 'since': since}


def _moment(days: float) -> datetime | None:
    return datetime.fromtimestamp(days * DAY, UTC) if np.isfinite(days) else None


_FROM_FORECAST = ('band', 'risk', 'reasons', 'steps', 'earliest', 'latest', 'next_id', 'next_on')
_STORE = upsert(
    table(Prediction),
    ('course_id', 'user_id', *_FROM_FORECAST, 'silence', 'since'),
    key=('course_id', 'user_id'),
)
_RUN = upsert(
    table(PredictionRun),
    ('course_id', 'model_id', 'is_calibrated', 'begins_at', 'ends_at', 'half_at', 'judged_at', 'made_at'),
    key=('course_id',),
)
