"""What is predicted of the learners of a course, for those who teach it and for the learner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import col

from models import (
    Checkpoint,
    CheckpointKind,
    Course,
    Enrollment,
    Prediction,
    PredictionModel,
    PredictionRun,
    RiskAnswer,
    RiskBand,
    RiskRemark,
    User,
    table,
)
from services import access
from services.access import Actor
from services.analytics.prediction import phrases, shipped, switches
from services.analytics.prediction.outlook import (
    Answer,
    CoursePredictions,
    LearnerPrediction,
    Milestone,
    NextStep,
    Reason,
    Span,
    StepKind,
    Urgency,
)
from services.analytics.prediction.reasons import shows_others
from services.analytics.prediction.silence import SENTENCES, Silence
from services.core.transaction import Transaction


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, again: bool = False) -> CoursePredictions:
    """Return what is predicted of the learners of a course that the actor teaches, the highest risk first.

    With `again`, the page that asks has been noted before.
    """
    course = access.taught_course(tx, actor, course_id)
    if not again:
        access.note_look(tx, actor, 'predictions', course=course_id)
    is_on, run = switches.in_course(tx, course), tx.session.get(PredictionRun, course_id)
    learners = _learners(tx, course, run) if is_on else ()
    return CoursePredictions(
        course_id=course_id,
        is_on=is_on,
        made_at=run.made_at if run and is_on else None,
        model=_model(tx, run),
        learners=tuple(sorted(learners, key=lambda each: _RANK[each.band])),
    )


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> LearnerPrediction:
    """Return what is predicted of one learner: to themselves, and to those who teach the course."""
    access.learner(tx, actor, user_id, course_id)
    if actor is None or actor.user_id != user_id:
        access.note_look(tx, actor, 'prediction', course=course_id, about=user_id)
    course, run = tx.session.get_one(Course, course_id), tx.session.get(PredictionRun, course_id)
    theirs, is_own = col(Enrollment.user_id) == user_id, actor is not None and actor.user_id == user_id
    is_on = switches.in_course(tx, course)
    found = _learners(tx, course, run, theirs, for_learner=is_own) if is_on else ()
    return found[0] if found else _silent(user_id, course_id, tx.session.get_one(User, user_id).name, Silence.OFF)


@dataclass(slots=True)
class _Around:
    """What is needed to show some predictions of one course."""

    run: PredictionRun | None
    is_archived: bool
    titles: Mapping[int, tuple[str, CheckpointKind, datetime | None]]
    """title, kind and due date of each checkpoint"""
    refused: set[int]
    answers: dict[tuple[int, RiskRemark], tuple[RiskAnswer, str]] = field(default_factory=dict)
    for_learner: bool = False
    """whether it is shown to the learner, who must not see what single others did"""


def _learners(
    tx: Transaction, course: Course, run: PredictionRun | None, *whose: ColumnElement[bool], for_learner: bool = False
) -> tuple[LearnerPrediction, ...]:
    here = col(Enrollment.course_id) == course.id, col(Enrollment.removed_at).is_(None)
    same = (col(Prediction.course_id) == col(Enrollment.course_id)) & (
        col(Prediction.user_id) == col(Enrollment.user_id)
    )
    rows = tx.execute(  # columns, not objects: these are hundreds of rows
        select(col(Enrollment.user_id).label('learner_id'), col(User.name), *table(Prediction).columns)
        .join(User, col(User.id) == col(Enrollment.user_id))
        .outerjoin(Prediction, same)
        .where(*here, *whose)
        .order_by(col(Prediction.risk).desc(), col(User.name), col(Enrollment.user_id))
    ).all()
    titles, is_archived = _titles(tx, course.id), course.archived_at is not None
    around = _Around(run, is_archived, titles, switches.refused(tx), _answers(tx, course.id), for_learner)
    return tuple(_shown(course.id, row, around) for row in rows)


def _shown(course_id: int, row: Row[Any], around: _Around) -> LearnerPrediction:
    user_id, name = row.learner_id, row.name
    if user_id in around.refused:
        return _silent(user_id, course_id, name, Silence.OFF)
    if around.is_archived:
        return _silent(user_id, course_id, name, Silence.OVER)
    if row.since is None or around.run is None:
        return _silent(user_id, course_id, name, Silence.NOT_YET)
    silence = Silence(row.silence) if row.silence else None
    is_known = around.run.is_calibrated and row.risk is not None
    return LearnerPrediction(
        user_id=user_id,
        course_id=course_id,
        name=name,
        band=row.band,
        silence=silence,
        why_silent=SENTENCES[silence] if silence else None,
        percent=round(100 * (1 - (row.risk or 0.0))) if is_known else None,
        reasons=tuple(_reasons(row.reasons, around)),
        next_steps=tuple(_steps(row.steps, around)),
        completion=Span(earliest=row.earliest, latest=row.latest) if row.earliest and row.latest else None,
        milestone=_milestone(row, around),
        since=row.since,
        made_at=around.run.made_at,
        contested=_answer(row, RiskRemark.CONTESTED, around),
        dismissed=_answer(row, RiskRemark.DISMISSED, around),
    )


def _silent(user_id: int, course_id: int, name: str, silence: Silence) -> LearnerPrediction:
    return LearnerPrediction(
        user_id=user_id,
        course_id=course_id,
        name=name,
        band=None,
        silence=silence,
        why_silent=SENTENCES[silence],
        percent=None,
    )


def _reasons(kept: Iterable[Mapping[str, Any]], around: _Around) -> Iterable[Reason]:
    for each in kept:
        title = _title(each, around)
        if title is not None and not (around.for_learner and shows_others(each)):
            yield Reason(fact=each['fact'], sentence=phrases.reason(each, title), weight=each['weight'])


def _steps(kept: Sequence[Mapping[str, Any]], around: _Around) -> Iterable[NextStep]:
    for each in kept:
        title = _title(each, around)
        if title is not None:
            yield NextStep(
                kind=StepKind(each['kind']),
                urgency=Urgency(each['urgency']),
                sentence=phrases.step(each, title),
                checkpoint_id=each['checkpoint'],
                band=RiskBand(each['band']) if each['band'] else None,
            )


def _title(kept: Mapping[str, Any], around: _Around) -> str | None:
    """Return the title of the checkpoint of a reason or checkpoint, if it has one; None if that was deleted since."""
    checkpoint_id = kept.get('checkpoint')
    return '' if checkpoint_id is None else around.titles.get(checkpoint_id, (None,))[0]


def _milestone(row: Row[Any], around: _Around) -> Milestone | None:
    if row.next_id is None or row.next_id not in around.titles:
        return None
    title, kind, due_at = around.titles[row.next_id]
    return Milestone(checkpoint_id=row.next_id, kind=kind, title=title, on=row.next_on, due_at=due_at)


def _answer(row: Row[Any], kind: RiskRemark, around: _Around) -> Answer | None:
    """Return what was said of the band in which the learner still is."""
    found = around.answers.get((row.user_id, kind))
    if found is None or found[0].band is not row.band or found[0].said_at < row.since:
        return None
    said, by = found
    return Answer(kind=kind, reason=said.reason, by=by, at=said.said_at)


def _titles(tx: Transaction, course_id: int) -> dict[int, tuple[str, CheckpointKind, datetime | None]]:
    present = col(Checkpoint.course_id) == course_id, col(Checkpoint.deleted_at).is_(None)
    columns = col(Checkpoint.id), col(Checkpoint.title), col(Checkpoint.kind), col(Checkpoint.due_at)
    return {id_: (title, kind, due_at) for id_, title, kind, due_at in tx.execute(select(*columns).where(*present))}


def _answers(tx: Transaction, course_id: int) -> dict[tuple[int, RiskRemark], tuple[RiskAnswer, str]]:
    """Return the latest answer of each kind, by learner, with the name of the person who gave it."""
    here = select(RiskAnswer, col(User.name)).join(User, col(User.id) == col(RiskAnswer.said_by))
    rows = tx.execute(here.where(col(RiskAnswer.course_id) == course_id).order_by(col(RiskAnswer.id)))
    return {(said.user_id, said.kind): (said, by) for said, by in rows}


def _model(tx: Transaction, run: PredictionRun | None) -> str:
    if run is None or not run.model_id:
        return shipped.ORIGIN
    row = tx.session.get_one(PredictionModel, run.model_id)
    return f'{row.origin}, own {row.id}'


_RANK = {RiskBand.HIGH: 0, RiskBand.MEDIUM: 1, RiskBand.LOW: 2, None: 3}
