"""The predictions of the Greek school: every band, every reason and checkpoint, and what was said of them."""

from datetime import date, timedelta

from models import BandChange, Prediction, PredictionRun, RiskBand
from services.access import Actor
from services.analytics.prediction import Silence, answers
from services.core import database
from services.core.transaction import Transaction
from tests.factories.classes import ClassAtHand

SPAN = {'earliest': date(2030, 5, 12), 'latest': date(2030, 5, 30), 'next_on': date(2030, 4, 2)}


async def greek_predictions(klass: ClassAtHand, student: Actor) -> None:
    """Predict something of everybody in a class; the student and their teacher have answered."""
    await database.write(_predict, klass, student)
    await database.write(answers.contest, student, klass.course_id, reason='Διάβασα αλλού.')
    for learner in klass.learners[:1]:
        reason = {'reason': 'Ξέρω γιατί.'}
        await database.write(answers.dismiss, klass.teacher, klass.course_id, learner.user_id, **reason)


def _predict(tx: Transaction, klass: ClassAtHand, student: Actor) -> None:
    days = [timedelta(days=-number) for number in (60, 35, 20, 6)]
    begins, half, ends, judged = (tx.now + each for each in days)
    tx.session.add(
        PredictionRun(
            course_id=klass.course_id,
            is_calibrated=True,
            begins_at=begins,
            half_at=half,
            ends_at=ends,
            judged_at=judged,
            made_at=tx.now,
        )
    )
    checkpoint = klass.checkpoints[1]
    reasons = [
        {'fact': 'missed', 'missed': 3, 'due': 4},
        {'fact': 'nothing', 'count': 5, 'learners': 8},
        {'fact': 'last_missed', 'checkpoint': checkpoint},
        {'fact': 'few', 'count': 1, 'average': 4},
        {'fact': 'low_score', 'score': 40, 'average': 70},
        {'fact': 'low_last_score', 'score': 30, 'average': 70},
        {'fact': 'late', 'late': 2, 'handed': 3},
        {'fact': 'tardy'},
        {'fact': 'earlier_runs'},
    ]
    steps = [
        {'kind': 'catch_up', 'checkpoint': checkpoint, 'urgency': 'now', 'band': 'medium'},
        {'kind': 'go_on', 'checkpoint': checkpoint, 'urgency': 'soon', 'band': 'low'},
        {'kind': 'again', 'checkpoint': checkpoint, 'urgency': 'later', 'band': None},
    ]
    weighed = [{**each, 'weight': 0.5} for each in reasons]
    for user_id, band in ((student.user_id, RiskBand.HIGH), *zip(_ids(klass), _BANDS, strict=False)):
        told = {'risk': 0.8, 'reasons': weighed, 'steps': steps, 'next_id': checkpoint, **SPAN}
        _add(tx, klass, user_id, since=half, band=band, **told)
        tx.session.add(BandChange(course_id=klass.course_id, user_id=user_id, band=band, model_id=0, at=begins))
    for user_id, silence in zip(_ids(klass)[len(_BANDS) :], Silence, strict=False):
        _add(tx, klass, user_id, since=half, silence=silence.value)


def _add(tx: Transaction, klass: ClassAtHand, user_id: int, **columns: object) -> None:
    tx.session.add(Prediction(course_id=klass.course_id, user_id=user_id, **columns))


def _ids(klass: ClassAtHand) -> list[int]:
    return [each.user_id for each in klass.learners]


_BANDS = RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW
