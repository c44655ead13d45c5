"""Whether predictions are made: for the whole school, for one course, of one person. Off means that none are kept."""

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from models import BandChange, Course, Prediction, PredictionRefusal, SchoolSettings, User
from services import access
from services.access import Actor
from services.accounts import school_settings
from services.core.errors import NotFound
from services.core.transaction import Transaction


def in_school(tx: Transaction) -> bool:
    """Tell whether predictions are made in this school; the caller has checked who may know it."""
    row = tx.session.get(SchoolSettings, school_settings.ONLY)
    return row is None or row.predicts


def in_course(tx: Transaction, course: Course) -> bool:
    """Tell whether predictions are made in a course; the caller has checked who may know it."""
    return course.is_predicted and in_school(tx)


def refused(tx: Transaction) -> set[int]:
    """Return the people of whom nothing is predicted, because they do not want it."""
    return set(tx.session.scalars(select(col(PredictionRefusal.user_id))))


def is_on_in_school(tx: Transaction, actor: Actor | None) -> bool:
    """Return for an admin whether predictions are made in this school."""
    access.admin(tx, actor)
    return in_school(tx)


def is_on_of_me(tx: Transaction, actor: Actor | None) -> bool:
    """Tell the actor whether anything is predicted of them."""
    actor = access.participant(tx, actor)
    return tx.session.get(PredictionRefusal, actor.user_id) is None


def switch_school(tx: Transaction, actor: Actor | None, *, on: bool) -> None:
    """Let predictions be made in this school, or remove them all and make no more."""
    actor = access.admin(tx, actor)
    id_ = school_settings.ONLY
    row = tx.session.get(SchoolSettings, id_) or SchoolSettings(id=id_, created_at=tx.now, updated_at=tx.now)
    row.predicts, row.updated_at = on, tx.now
    tx.session.add(row)
    if not on:
        _forget(tx)
    tx.note('predictions switched', on=on, by=actor.user_id)


def switch_course(tx: Transaction, actor: Actor | None, course_id: int, *, on: bool) -> None:
    """Let predictions be made in a course, or remove its predictions and make no more."""
    course = access.taught_course(tx, actor, course_id)
    course.is_predicted = on
    tx.session.add(course)
    if not on:
        _forget(tx, col(Prediction.course_id) == course_id)
    tx.note('predictions switched', on=on, course=course_id, by=actor.user_id if actor else 0)


def switch_mine(tx: Transaction, actor: Actor | None, *, on: bool) -> None:
    """Let something be predicted of the actor, or remove what was and predict nothing from now on."""
    actor = access.participant(tx, actor)
    _switch_person(tx, actor.user_id, on=on)
    tx.note('predictions switched', on=on, about=actor.user_id, by=actor.user_id)


def switch_person(tx: Transaction, actor: Actor | None, user_id: int, *, on: bool) -> None:
    """Do the same for somebody who has asked an admin for it."""
    actor = access.admin(tx, actor)
    if tx.session.get(User, user_id) is None:
        raise NotFound('There is nothing here.')
    _switch_person(tx, user_id, on=on)
    tx.note('predictions switched', on=on, about=user_id, by=actor.user_id)


def stop_for(tx: Transaction, user_id: int) -> None:
    """Predict nothing of a person from now on; the caller has checked that it may."""
    _switch_person(tx, user_id, on=False)


def _switch_person(tx: Transaction, user_id: int, *, on: bool) -> None:
    row = tx.session.get(PredictionRefusal, user_id)
    if on and row is not None:
        tx.session.delete(row)
    if not on:
        if row is None:
            tx.session.add(PredictionRefusal(user_id=user_id, since=tx.now))
        _forget(tx, col(Prediction.user_id) == user_id)
        tx.execute(delete(BandChange).where(col(BandChange.user_id) == user_id))


def _forget(tx: Transaction, *whose: ColumnElement[bool]) -> None:
    """Remove predictions; when somebody came into which band stays, for the quality of predictions is published."""
    tx.execute(delete(Prediction).where(*whose))
