"""Who a teacher should look at: what the record says of today, together with what is predicted, as one list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models import RiskBand
from services import access
from services.access import Actor
from services.analytics import attention, prediction
from services.analytics.attention import Ground, Need, Reason, Why
from services.analytics.educator import MatrixRow
from services.analytics.prediction import LearnerPrediction, answers
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction

WHY: Mapping[Why, Phrase] = {
    Why.TALKED: phrase('I have talked with them'),
    Why.KNOWN: phrase('I know why'),
    Why.NO_PROBLEM: phrase('It is not a problem'),
}
SAID: Mapping[Reason, frozenset[str]] = {
    Reason.OVERDUE: frozenset({'missed', 'last_missed', 'nothing', 'few'}),
    Reason.BELOW: frozenset({'nothing', 'few'}),
}
"""Reasons of a prediction that need not be said beside what the record says of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A learner who needs a look."""

    user_id: int
    name: str
    group: str
    band: RiskBand | None
    """how likely they are not to complete the course; None where that is not predicted, or was dismissed"""
    grounds: tuple[Ground, ...]
    """what the record says of today"""
    reasons: tuple[Phrase, ...]
    """what raises the risk"""
    also: tuple[Phrase, ...]
    """those reasons of a high risk that the grounds do not say already"""
    helps: Phrase | None
    """the cheapest change that would help"""
    contested: str | None
    """what the learner says of the prediction, if they contest it"""
    message: Phrase

    @property
    def is_urgent(self) -> bool:
        """Whether they wait for somebody, are at high risk, or need a look for several reasons."""
        waits = any(ground.reason is Reason.WAITING for ground in self.grounds)
        return waits or self.band is RiskBand.HIGH or len(self.grounds) > 1


def of_course(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    title: str,
    rows: Sequence[MatrixRow],
    needs: Sequence[Need],
) -> tuple[Watched, ...]:
    """Return who needs a look, the most urgent first: of those learners whose figures the actor has just read."""
    predicted = prediction.of_course(tx, actor, course_id, again=True)
    risks = {each.user_id: each for each in predicted.learners if each.band and not each.dismissed}
    known = {need.user_id: need for need in needs}
    found = [
        _watched(row, title, known.get(row.user_id), risks.get(row.user_id))
        for row in rows
        if row.user_id in known or _is_high(risks.get(row.user_id))
    ]
    return tuple(sorted(found, key=_place))


def dismiss(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    user_id: int,
    reasons: Sequence[Reason],
    risk: bool,
    why: Why,
) -> None:
    """Have a learner not shown for these reasons, and if it is one of them, for their `risk`."""
    access.taught_course(tx, actor, course_id)
    for reason in reasons:
        attention.dismiss(tx, actor, course_id, user_id=user_id, reason=reason, why=why)
    if risk:
        answers.dismiss(tx, actor, course_id, user_id, reason=str(WHY[why]))


def _watched(row: MatrixRow, title: str, need: Need | None, risk: LearnerPrediction | None) -> Watched:
    usual = phrase(
        'Hello {name}, how is it going with “{course}”? What would help you to go on?',
        name=row.name,
        course=title,
    )
    return Watched(
        user_id=row.user_id,
        name=row.name,
        group=row.group,
        band=risk.band if risk else None,
        grounds=need.grounds if need else (),
        reasons=tuple(reason.sentence for reason in risk.reasons) if risk else (),
        also=_also(risk, need) if risk and _is_high(risk) else (),
        helps=risk.next_steps[0].sentence if risk and risk.next_steps else None,
        contested=risk.contested.reason if risk and risk.contested else None,
        message=need.message if need else usual,
    )


def _also(risk: LearnerPrediction, need: Need | None) -> tuple[Phrase, ...]:
    said = {fact for ground in need.grounds for fact in SAID.get(ground.reason, ())} if need else set()
    return tuple(reason.sentence for reason in risk.reasons if reason.fact not in said)


def _is_high(risk: LearnerPrediction | None) -> bool:
    return risk is not None and risk.band is RiskBand.HIGH


def _place(watched: Watched) -> tuple[bool, bool, int, str]:
    waits = any(ground.reason is Reason.WAITING for ground in watched.grounds)
    return not waits, watched.band is not RiskBand.HIGH, -len(watched.grounds), watched.name
