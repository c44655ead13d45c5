"""What would help a learner: the cheapest change first, with the band that would follow from it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models import RiskBand
from services.analytics.prediction.outlook import StepKind, Urgency
from services.analytics.prediction.record import Record

HELPED = 3
"""how many missing checkpoints are tried out"""
MOST = 3
WITHIN_NOW, WITHIN_SOON = 2.0, 7.0
"""days until something is due"""
LOW_SCORE = 60.0
"""below which it helps to go through a checkpoint again"""


def next_steps(
    record: Record, row: int, at: float, *, band: RiskBand, after: Sequence[RiskBand]
) -> list[dict[str, Any]]:
    """Return the next steps of a learner; `after` has the bands after catching up with one checkpoint, two, and so
    on.
    """
    steps = [*_catch_up(record, row, at, band, after), *_go_on(record, row, at)]
    if band is not RiskBand.LOW:
        steps += _again(record, row, at, band)
    return steps[:MOST]


def _catch_up(record: Record, row: int, at: float, band: RiskBand, after: Sequence[RiskBand]) -> list[dict[str, Any]]:
    """Return what is missing: what was due last, then the shortest, until the band would be a lower one."""
    missing = [int(column) for column in record.missing(row, at)]
    if not missing:
        return []
    last = max(missing, key=lambda column: record.due[row, column])
    order = sorted(missing, key=lambda column: (column != last, record.checkpoints[column].minutes, column))
    found = []
    for column, then in zip(order, after, strict=False):
        lowers = then is not band
        found.append(_step(StepKind.CATCH_UP, record, column, _URGENCY[band], then if lowers else None))
        if lowers:
            break
    return found


def _go_on(record: Record, row: int, at: float) -> list[dict[str, Any]]:
    """Return what is due next, unless it is done already or far away."""
    ahead = np.where((record.due[row] > at) & (record.done[row] > at), record.due[row] - at, np.inf)
    if not len(ahead) or (days := float(ahead.min())) > 2 * WITHIN_SOON:
        return []
    urgency = Urgency.NOW if days <= WITHIN_NOW else Urgency.SOON if days <= WITHIN_SOON else Urgency.LATER
    return [_step(StepKind.GO_ON, record, int(ahead.argmin()), urgency, None)]


def _again(record: Record, row: int, at: float, band: RiskBand) -> list[dict[str, Any]]:
    """Return the checkpoint with the lowest score, if that is low."""
    known = np.where((record.scored[row] <= at) & (record.score[row] < LOW_SCORE), record.score[row], np.inf)
    if not len(known) or np.isinf(known.min()):
        return []
    return [_step(StepKind.AGAIN, record, int(known.argmin()), _URGENCY[band], None)]


def _step(kind: StepKind, record: Record, column: int, urgency: Urgency, band: RiskBand | None) -> dict[str, Any]:
    return {
        'kind': kind.value,
        'checkpoint': record.checkpoints[column].checkpoint_id,
        'urgency': urgency.value,
        'band': band.value if band else None,
    }


_URGENCY = {RiskBand.HIGH: Urgency.NOW, RiskBand.MEDIUM: Urgency.SOON, RiskBand.LOW: Urgency.LATER}
