"""What people say of a prediction: its learner contests it, somebody who teaches them dismisses it, with a reason.

Both leave a trace in the log, where the words do not stand, and hold until the learner comes into another band.
"""

from uuid import uuid4

from sqlalchemy import delete
from sqlmodel import col

from models import Prediction, RiskAnswer, RiskBand, RiskRemark, Verb
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core.errors import Invalid, NotEnrolled, Refused
from services.core.text import check_text
from services.core.transaction import Transaction

LONGEST_REASON = 280


def contest(tx: Transaction, actor: Actor | None, course_id: int, *, reason: str = '') -> None:
    """Contest what is predicted of the actor in a course; those who teach it see that, and why."""
    actor = access.signed_in(tx, actor)
    access.course(tx, actor, course_id)
    if not access.enrolled(tx, actor.user_id, course_id):
        raise NotEnrolled
    band = _band(tx, course_id, actor.user_id)
    _keep(tx, actor, course_id, actor.user_id, RiskRemark.CONTESTED, band, _checked(reason))
    _record(tx, actor, Verb.RISK_CONTESTED, course_id, band)
    tx.note('prediction contested', course=course_id, about=actor.user_id, band=band.value)


def dismiss(tx: Transaction, actor: Actor | None, course_id: int, user_id: int, *, reason: str) -> None:
    """Dismiss what is predicted of a learner in a course that the actor teaches, and say why."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    access.enrollment(tx, course_id, user_id, removed=False)
    band, reason = _band(tx, course_id, user_id), _checked(reason)
    if not reason:
        raise Invalid('Say why the prediction is wrong, or does not matter.', field='reason')
    _keep(tx, actor, course_id, user_id, RiskRemark.DISMISSED, band, reason)
    _record(tx, actor, Verb.RISK_DISMISSED, course_id, band, about=user_id)
    tx.note('prediction dismissed', course=course_id, about=user_id, by=actor.user_id, band=band.value)


def _band(tx: Transaction, course_id: int, user_id: int) -> RiskBand:
    found = tx.session.get(Prediction, (course_id, user_id))
    if found is None or found.band is None:
        raise Refused('Nothing is predicted here at the moment.')
    return found.band


def _checked(reason: str) -> str:
    return check_text(reason, most=LONGEST_REASON, field='reason').strip()


def _keep(
    tx: Transaction, actor: Actor, course_id: int, user_id: int, kind: RiskRemark, band: RiskBand, reason: str
) -> None:
    here = col(RiskAnswer.course_id) == course_id, col(RiskAnswer.user_id) == user_id
    same = col(RiskAnswer.kind) == kind, col(RiskAnswer.said_by) == actor.user_id
    tx.execute(delete(RiskAnswer).where(*here, *same))  # what they say now replaces it; every dashboard reads them all
    tx.session.add(
        RiskAnswer(
            course_id=course_id,
            user_id=user_id,
            kind=kind,
            band=band,
            reason=reason,
            said_by=actor.user_id,
            said_at=tx.now,
        )
    )


def _record(
    tx: Transaction, actor: Actor, verb: Verb, course_id: int, band: RiskBand, *, about: int | None = None
) -> None:
    entry = Entry(
        user_id=actor.user_id,
        tap_id=uuid4().hex,
        verb=verb,
        course_id=course_id,
        about_id=about,
        details={'band': band.value},
        zone=actor.time_zone,
    )
    recording.record(tx, [entry])
