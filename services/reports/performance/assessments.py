"""What a learner's quizzes, assignments and projects are worth, as the gradebook has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from sqlalchemy import func, select
from sqlmodel import col

from models import Attempt, CheckpointKind, Submission, SubmissionState
from services.analytics.course_facts import CountedCheckpoint
from services.analytics.learner_facts import LearnerFacts
from services.core import zones
from services.core.markdown_words import words_of
from services.core.transaction import Transaction
from services.grades.book import Cell, Mark, OwnGrades, Thing
from services.reports.performance.document import (
    Assessments,
    AssignmentResult,
    ProjectResult,
    QuizResult,
    ScoreTrend,
)
from services.rubrics import read_marks

PROJECT = 'project'
"""the tag of checkpoints whose assignments are projects"""
COLLABORATION, PRESENTATION = 'collaboration', 'presentation'
"""how the criteria of rubrics begin whose points a report names"""
CHANGE = 5
"""points against the mean of the quizzes before, from which on a score is better or worse"""
FULL_SCORE = 100
"""extra credit counts as this in a trend, so that full marks are never a step back"""
LONGEST_FEEDBACK = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a learner handed in at one checkpoint: the newest of it."""

    at: datetime
    is_late: bool = False
    feedback: str = ''
    marks: Mapping[str, int]
    """by the criterion of the rubric, in percent"""


def assessments(
    facts: LearnerFacts, grades: OwnGrades, quizzes: Mapping[int, datetime], handed_in: Mapping[int, Work]
) -> Assessments:
    """Return the graded work of the span: what was handed in or due in it, and what was set by hand."""
    checkpoints = {checkpoint.checkpoint_id: checkpoint for checkpoint in facts.checkpoints}
    weights = weights_of(grades)
    taken, assigned, projects = [], [], []
    for thing, cell in zip(grades.things, grades.row.cells, strict=True):
        checkpoint = checkpoints.get(thing.checkpoint_id)
        if checkpoint is None:
            continue
        at = quizzes.get(thing.checkpoint_id)
        work = handed_in.get(thing.checkpoint_id)
        if not _is_in_span(facts, checkpoint, cell, at or (work.at if work else None)):
            continue
        weight = weights.get(thing.checkpoint_id)
        if checkpoint.kind is CheckpointKind.QUIZ:
            taken.append(_quiz(thing, cell, at, weight))
        elif PROJECT in {tag.casefold() for tag in checkpoint.tags}:
            projects.append(_project(thing, cell, work))
        else:
            assigned.append(_assignment(thing, cell, work, weight, due_at=facts.learner.due(checkpoint)))
    return Assessments(quizzes=with_trends(taken), assignments=tuple(assigned), projects=tuple(projects))


def weights_of(grades: OwnGrades) -> dict[int, float]:
    """Return how much each graded thing counts in the grade, in percent, once all of them have a score."""
    counted = [thing for thing in grades.things if thing.counts]
    if not grades.how.categories:
        return {thing.checkpoint_id: round(100 / len(counted), 1) for thing in counted}
    by_category = {
        category.category_id: [thing for thing in counted if thing.category_id == category.category_id]
        for category in grades.how.categories
    }
    whole = sum(category.weight for category in grades.how.categories if by_category[category.category_id])
    return {
        thing.checkpoint_id: round(100 * category.weight / whole / len(things), 1)
        for category in grades.how.categories
        if (things := by_category[category.category_id]) and whole
        for thing in things
    }


def with_trends(taken: list[QuizResult]) -> tuple[QuizResult, ...]:
    """Return quizzes by day, each beside the mean of those before; pure."""
    found: list[QuizResult] = []
    before: list[int] = []
    for quiz in sorted(
        taken, key=lambda quiz: (quiz.date is None, quiz.date, quiz.id) if quiz.date else (True, quiz.id)
    ):
        found.append(_trending(quiz, before))
        if quiz.score is not None:
            before.append(min(quiz.score, FULL_SCORE))
    return tuple(found)


def quizzes_taken(tx: Transaction, facts: LearnerFacts, people: Sequence[int]) -> dict[int, datetime]:
    """Return which quizzes the learner submitted in the span, with the newest moment; practice does not count."""
    since, until = span(facts)
    rows = tx.execute(
        select(col(Attempt.checkpoint_id), func.max(col(Attempt.submitted_at)))
        .where(
            col(Attempt.user_id).in_(people),
            col(Attempt.course_id) == facts.course.id,
            col(Attempt.is_practice).is_(False),
            col(Attempt.submitted_at) >= since,
            col(Attempt.submitted_at) < until,
        )
        .group_by(col(Attempt.checkpoint_id))
    )
    return {checkpoint_id: at for checkpoint_id, at in rows if at is not None}


def assignments_done(tx: Transaction, facts: LearnerFacts, people: Sequence[int]) -> dict[int, Work]:
    """Return what the learner handed in in the span, by checkpoint; feedback once it was returned."""
    since, until = span(facts)
    rows = tx.execute(
        select(
            col(Submission.checkpoint_id),
            col(Submission.submitted_at),
            col(Submission.late_seconds),
            col(Submission.state),
            func.substr(col(Submission.feedback), 1, 1_000),
            col(Submission.marks),
        )
        .where(
            col(Submission.user_id).in_(people),
            col(Submission.course_id) == facts.course.id,
            col(Submission.state) != SubmissionState.DRAFT,
            col(Submission.submitted_at) >= since,
            col(Submission.submitted_at) < until,
        )
        .order_by(col(Submission.number))
    )
    return {
        checkpoint_id: _work(at, late > 0, feedback if state is SubmissionState.RETURNED else '',
                             marks if state is SubmissionState.RETURNED else [])
        for checkpoint_id, at, late, state, feedback, marks in rows
        if at is not None
    }  # fmt: skip


def span(facts: LearnerFacts) -> tuple[datetime, datetime]:
    """Return when the span of a report begins and is over, where the learner is."""
    return zones.start_of_day(facts.zone, facts.since), zones.start_of_day(facts.zone, facts.until + timedelta(days=1))


def _is_in_span(facts: LearnerFacts, checkpoint: CountedCheckpoint, cell: Cell, at: datetime | None) -> bool:
    if at is not None:
        return True
    due_at = facts.learner.due(checkpoint)
    if due_at is not None:
        since, until = span(facts)
        return since <= due_at < until
    return cell.mark is Mark.SET


def _quiz(thing: Thing, cell: Cell, at: datetime | None, weight: float | None) -> QuizResult:
    return QuizResult(id=thing.checkpoint_id, title=thing.title, date=at, score=cell.score, weight=weight, trend=None)


def _assignment(
    thing: Thing, cell: Cell, work: Work | None, weight: float | None, *, due_at: datetime | None
) -> AssignmentResult:
    # what was late as it was handed in is not any more, once more time was agreed on or the date is gone
    is_late = work is not None and work.is_late and due_at is not None and work.at > due_at
    return AssignmentResult(
        id=thing.checkpoint_id,
        title=thing.title,
        submitted=work.at if work else None,
        grade=cell.score,
        weight=weight,
        feedback_summary=work.feedback if work else '',
        late=cell.mark is Mark.LATE or is_late,
    )


def _project(thing: Thing, cell: Cell, work: Work | None) -> ProjectResult:
    def scored(criterion: str) -> int | None:
        found = [share for name, share in (work.marks if work else {}).items() if name.startswith(criterion)]
        return found[0] if found else None

    return ProjectResult(
        id=thing.checkpoint_id,
        title=thing.title,
        grade=cell.score,
        collaboration_score=scored(COLLABORATION),
        presentation_score=scored(PRESENTATION),
    )


def _work(at: datetime, is_late: bool, feedback: str, marks: list[list[int | str]]) -> Work:
    words = words_of(feedback) if feedback.strip() else ''
    read = read_marks(marks)
    return Work(
        at=at,
        is_late=is_late,
        feedback=words if len(words) <= LONGEST_FEEDBACK else f'{words[: LONGEST_FEEDBACK - 1]}…',
        marks={mark.criterion.casefold(): round(100 * mark.points / mark.most) for mark in read if mark.most},
    )


def _trending(quiz: QuizResult, before: list[int]) -> QuizResult:
    if quiz.score is None or not before:
        return quiz
    change = min(quiz.score, FULL_SCORE) - fmean(before)
    trend = ScoreTrend.STABLE if abs(change) < CHANGE else ScoreTrend.IMPROVING if change > 0 else ScoreTrend.DECLINING
    return QuizResult(id=quiz.id, title=quiz.title, date=quiz.date, score=quiz.score, weight=quiz.weight, trend=trend)
