"""From the record of a course to what is predicted of its learners. Pure: the same record gives the same again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import RiskBand
from services.analytics.prediction import completion, facts
from services.analytics.prediction.facts import Floats, Work
from services.analytics.prediction.model import Model
from services.analytics.prediction.next_steps import HELPED, next_steps
from services.analytics.prediction.reasons import reasons
from services.analytics.prediction.record import Record
from services.analytics.prediction.silence import Silence

HIGH, LOW = 0.7, 0.25
"""from which risk on a learner is in the high band, and up to which in the low one"""
FEWEST_CHECKPOINTS, FEWEST_DATED, FEWEST_LEARNERS = 5, 2, 5
FEWEST_DUE, EARLY = 2, 0.15
"""it is too early with fewer things due, unless so much of the time is over"""
NEW_FOR = 7.0
"""days"""

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is predicted of one learner, with the numbers that its sentences are made of."""

    user_id: int
    band: RiskBand | None = None
    silence: Silence | None = None
    risk: float | None = None
    reasons: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    earliest: date | None = None
    latest: date | None = None
    next_id: int | None = None
    next_on: date | None = None


def of_course(record: Record, model: Model, at: float, *, shift: float = 0.0) -> Iterator[Forecast]:
    """Yield what is predicted at a moment of each learner of a course; `shift` is what is known of the course."""
    silences = list(silences_of(record, at))
    outlook = completion.of_course(record, at)
    risk = _risks(record, model, at, shift) if None in silences else None
    for row, silence in enumerate(silences):
        found = _completion(record, outlook, row) if silence not in _DONE_WITH else {}
        if silence is None and risk is not None:
            found |= risk.of(row)
        yield Forecast(user_id=int(record.people[row]), silence=silence, **found)


def silences_of(record: Record, at: float) -> Iterator[Silence | None]:
    """Yield for each learner why nothing can be said of them at a moment; None where something can."""
    of_all = _silence_of_all(record, at)
    is_early = record.elapsed(at) < EARLY
    due = (record.due <= at).sum(axis=1)
    for row in range(len(record.people)):
        rules = (
            (record.completed[row] <= at, Silence.COMPLETED),
            (of_all is Silence.OVER, of_all),
            (record.is_paused[row], Silence.PAUSED),
            (of_all is not None, of_all),
            (at - record.enrolled[row] < NEW_FOR, Silence.JUST_ENROLLED),
            (is_early and due[row] < FEWEST_DUE, Silence.TOO_EARLY),
        )
        yield next((silence for holds, silence in rules if holds), None)


def _silence_of_all(record: Record, at: float) -> Silence | None:
    """Return why nothing can be said of anybody in a course."""
    rules = (
        (record.is_archived or at > record.judged, Silence.OVER),
        (len(record.checkpoints) < FEWEST_CHECKPOINTS, Silence.SMALL_COURSE),
        (record.dated < FEWEST_DATED, Silence.NO_DATES),
        (len(record.classmates(at)) < FEWEST_LEARNERS, Silence.SMALL_CLASS),
    )
    return next((silence for holds, silence in rules if holds), None)


def band_of(risk: float) -> RiskBand:
    """Return the band of a risk."""
    if risk >= HIGH:
        return RiskBand.HIGH
    return RiskBand.LOW if risk <= LOW else RiskBand.MEDIUM


def values_of(record: Record, at: float) -> facts.Facts:
    """Return the facts of all learners at a moment, beside those who make up the class then."""
    work = record.work(at)
    return facts.of_class(work, work.of(record.classmates(at)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Risks:
    """The risks of a class, why they are so, and what they would be after catching up."""

    record: Record
    work: Work
    classmates: Work
    at: float
    risk: Floats
    parts: Floats
    """what each fact adds to the log-odds, beside a learner on schedule"""
    helped: Floats
    """the risk after handing in one, two, … of what is missing"""

    def of(self, row: int) -> dict[str, Any]:
        risk = float(self.risk[row])
        band = band_of(risk)
        why = reasons(self.parts[row], self.work, self.classmates, row) if band is not RiskBand.LOW else []
        bands = [band_of(float(each)) for each in self.helped[:, row]]
        for reason in why:
            if reason['fact'] == 'last_missed':
                reason['checkpoint'] = _last_due(self.record, row, self.at)
        return {
            'band': band,
            'risk': round(risk, 4),
            'reasons': why,
            'steps': next_steps(self.record, row, self.at, band=band, after=bands),
        }


def _risks(record: Record, model: Model, at: float, shift: float) -> _Risks:
    work, elapsed = record.work(at), record.elapsed(at)
    classmates = work.of(record.classmates(at))
    found = facts.of_class(work, classmates)
    weights = model.weights(elapsed)
    helped = [facts.of_class(work.caught_up(number), classmates).values for number in range(1, HELPED + 1)]
    return _Risks(
        record=record,
        work=work,
        classmates=classmates,
        at=at,
        risk=model.risks(found.values, elapsed, shift=shift),
        parts=(found.values - found.on_schedule) * weights,
        helped=np.stack([model.risks(values, elapsed, shift=shift) for values in helped]),
    )


def _last_due(record: Record, row: int, at: float) -> int:
    due: NDArray[np.float64] = np.where(record.due[row] <= at, record.due[row], -np.inf)
    return record.checkpoints[int(np.argmax(due))].checkpoint_id


def _completion(record: Record, outlook: completion.Outlook, row: int) -> dict[str, Any]:
    column = int(outlook.next_column[row])
    return {
        'earliest': _date(outlook.earliest[row]),
        'latest': _date(outlook.latest[row]),
        'next_id': record.checkpoints[column].checkpoint_id if column >= 0 else None,
        'next_on': _date(outlook.next_at[row]),
    }


def _date(days: float) -> date | None:
    return None if np.isnan(days) else EPOCH + timedelta(days=int(days))


_DONE_WITH = {Silence.COMPLETED, Silence.OVER, Silence.PAUSED}
