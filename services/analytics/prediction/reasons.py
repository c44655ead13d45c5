"""Why the risk of a learner is higher than that of one on schedule: the terms of the model that weigh most."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from services.analytics import k_rule
from services.analytics.k_rule import IN_COURSE, Rough
from services.analytics.prediction.facts import NAMES, Floats, Work

MOST = 2
LEAST_WEIGHT = 0.15
"""in log-odds"""
COVERED = {'nothing': {'last_missed', 'few'}, 'missed': {'few'}}
"""what need not be said beside another reason that weighs more or less the same"""
CONTEXT = 'earlier_runs'
"""what nobody can change; it is said beside other reasons, and never alone"""


def reasons(parts: Floats, work: Work, classmates: Work, row: int) -> list[dict[str, Any]]:
    """Return the reasons of one learner, the heaviest first, with the numbers that show them."""
    order = [int(column) for column in np.argsort(-parts) if parts[column] > LEAST_WEIGHT]
    names = [NAMES[column] for column in order]
    covered = {other for name in names for other in COVERED.get(name, ())}
    said = []
    for column in order:
        evidence = _evidence(column, work, classmates, row)
        if NAMES[column] not in covered and _shows_it(evidence):
            said.append({'fact': NAMES[column], 'weight': round(float(parts[column]), 3), **evidence})
    found = said[:MOST]
    return [] if [each['fact'] for each in found] == [CONTEXT] else found


def shows_others(kept: Mapping[str, Any]) -> bool:
    """Tell whether the numbers of a reason show its own learner what some of few others did."""
    if kept['fact'] == 'nothing':
        return k_rule.share(kept['count'], kept['learners'] - 1, k=IN_COURSE) is Rough.HIDDEN
    return 'average' in kept and kept.get('of', 0) <= IN_COURSE  # the learner is one of them


def _shows_it(evidence: Mapping[str, int]) -> bool:
    """Tell whether the numbers show a difference, also when they are rounded."""
    own = evidence.get('score', evidence.get('count', 0))
    return own < evidence.get('average', own + 1)


def _evidence(column: int, work: Work, classmates: Work, row: int) -> dict[str, int]:
    """Return the numbers of a reason."""
    name = NAMES[column]
    if name == 'missed':
        return {'missed': int(work.missed[row]), 'due': int(work.due[row])}
    if name == 'nothing':
        return {'count': int((classmates.handed > 0).sum()), 'learners': classmates.learners}
    if name == 'few':
        return {
            'count': int(work.handed[row]),
            'average': round(float(classmates.handed.mean() if work.usual is None else work.usual[row])),
            'of': classmates.learners,
        }
    if name == 'low_score':
        return {'score': int(work.score[row]), **_average(classmates.score)}
    if name == 'low_last_score':
        return {'score': int(work.last_score[row]), **_average(classmates.last_score)}
    if name == 'late':
        return {'late': int(work.late[row]), 'handed': int(work.handed[row])}
    return {}


def _average(scores: Floats) -> dict[str, int]:
    """Return the average of those who have a score, and of how many it is."""
    return {'average': round(float(np.nanmean(scores))), 'of': int((~np.isnan(scores)).sum())}
