"""What learners see of their own answers: each part from when on the quiz shows it, and before that it is absent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from models import Attempt, AttemptAnswer, AttemptState, Checkpoint, Quiz
from services import rubrics
from services.access import Actor
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.quizzes import attempts, grading, past, revealing
from services.quizzes.answer import FORM
from services.quizzes.asked import Asked, asked_of, rows_of
from services.quizzes.attempts import Paper, own_attempt
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.question import WHOLE, NumberAnswer, QuestionKind
from services.quizzes.question import Question as Content
from services.quizzes.quiz_settings import Band, rules_of
from services.quizzes.revealing import Sees
from services.rubrics import Mark


class Verdict(StrEnum):
    """How right an answer is."""

    RIGHT = 'right'
    PARTLY = 'partly'
    WRONG = 'wrong'
    EMPTY = 'empty'
    """nothing was answered"""
    WAITING = 'waiting'
    """a person has still to grade it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What would have been right; only the part of the question's kind is filled."""

    options: tuple[int, ...] = ()
    """the places of the right options"""
    numbers: tuple[NumberAnswer, ...] = ()
    texts: tuple[str, ...] = ()
    """patterns: `*` stands for any letters"""
    pairs: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of one answer; None is what may not be shown yet, or what there is not."""

    verdict: Verdict | None
    points: Decimal | None
    solution: Solution | None
    feedback: tuple[str, ...] | None
    """Markdown, each a paragraph"""
    remark: str | None
    """what the person who graded it says, as Markdown"""
    marks: tuple[Mark, ...] = ()
    """what it got for each criterion of a rubric, from when on the remark is shown"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One question of a submitted attempt."""

    asked: Asked
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A submitted attempt as its learner sees it; None is what may not be shown yet, or what there is not."""

    attempt_id: int
    checkpoint_id: int
    course_id: int
    title: str
    number: int
    is_practice: bool
    started_at: datetime
    submitted_at: datetime
    is_out_of_time: bool
    late_seconds: int
    is_graded: bool
    sees: Sees
    is_more_to_come: bool
    """whether something is shown only after the quiz has closed"""
    waits_for_last: bool
    """whether what would have been right is shown only after the last attempt, or once everything is right"""
    passing_percent: int
    score: int | None
    is_passed: bool | None
    earned: Decimal | None
    possible: Decimal
    band: str | None
    """what is said to those who reach this score, as Markdown"""
    feedback: str | None
    """what a teacher says of the whole attempt, as Markdown"""
    interruptions: int
    times_left: int
    times_pasted: int
    questions: tuple[Reviewed, ...]


def review(tx: Transaction, actor: Actor | None, attempt_id: int) -> Review:
    """Return a submitted attempt of the actor, as much of it as the quiz shows now."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS or attempt.submitted_at is None:
        raise Refused('This attempt is still going on. Hand it in before you look at it.')
    quiz = tx.session.get_one(Quiz, attempt.checkpoint_id)
    return of_attempt(tx, attempt, attempt.submitted_at, revealing.of_quiz(tx, quiz, attempt.user_id))


def of_attempt(tx: Transaction, attempt: Attempt, submitted_at: datetime, sees: Sees) -> Review:
    """Return a submitted attempt, as much of it as somebody sees."""
    rules = rules_of(tx.session.get_one(Quiz, attempt.checkpoint_id))
    is_graded = attempt.state is AttemptState.GRADED
    score = attempt.score if sees.score else None
    band = band_of(rules.bands, score) if sees.feedback else None
    waits = revealing.waits_for_last(rules, sees)
    return Review(
        attempt_id=attempt.id,
        checkpoint_id=attempt.checkpoint_id,
        course_id=attempt.course_id,
        title=tx.session.get_one(Checkpoint, attempt.checkpoint_id).title,
        number=attempt.number,
        is_practice=attempt.is_practice,
        started_at=attempt.started_at,
        submitted_at=submitted_at,
        is_out_of_time=attempt.is_out_of_time,
        late_seconds=attempt.late_seconds,
        is_graded=is_graded,
        sees=sees,
        is_more_to_come=revealing.of_submitted(rules, is_over=True) != replace(sees, solution=sees.solution or waits),
        waits_for_last=waits,
        passing_percent=attempt.passing_percent,
        score=score,
        is_passed=attempt.is_passed if sees.score else None,
        earned=_earned(attempt) if sees.score and is_graded else None,
        possible=Decimal(attempt.possible) / HUNDREDTHS,
        band=band.text if band else None,
        feedback=(attempt.feedback or None) if sees.feedback and is_graded else None,
        interruptions=attempt.interruptions,
        times_left=attempt.times_left,
        times_pasted=attempt.times_pasted,
        questions=tuple(
            Reviewed(asked=asked_of(row, content), shown=_shown(row, content, sees, is_graded=is_graded))
            for row, content in rows_of(tx, attempt.id)
        ),
    )


def checked(tx: Transaction, actor: Actor | None, attempt_id: int, position: int) -> Shown:
    """Return what is shown at once of an answer, while its attempt goes on."""
    shown = all_checked(tx, actor, attempt_id).get(position)
    if shown is None:
        raise NotFound('This answer has not been checked yet.')
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An attempt as its learner sees it now: the paper while it goes on, and the review afterwards."""

    paper: Paper | None = None
    checked: Mapping[int, Shown] = field(default_factory=dict)
    """what is shown of answers that were checked while the attempt goes on"""
    review: Review | None = None
    attempts_left: int | None = None
    """how many more the learner has after this one; None for as many as they like"""


def seen(tx: Transaction, actor: Actor | None, attempt_id: int) -> Seen:
    """Return an attempt of the actor, as much of it as the quiz shows now."""
    attempt = own_attempt(tx, actor, attempt_id)
    quiz = tx.session.get_one(Quiz, attempt.checkpoint_id)  # held here, it is read once for all that follows
    left = past.left(tx, quiz, attempt)
    if attempt.state is not AttemptState.IN_PROGRESS:
        return Seen(review=review(tx, actor, attempt_id), attempts_left=left)
    paper, checked = going_on(tx, actor, attempt_id)
    return Seen(paper=paper, checked=checked, attempts_left=left)


def going_on(tx: Transaction, actor: Actor | None, attempt_id: int) -> tuple[Paper, Mapping[int, Shown]]:
    """Return an attempt that goes on, with what is shown of the answers that were checked so far."""
    paper = attempts.paper(tx, actor, attempt_id)
    return paper, all_checked(tx, actor, attempt_id) if paper.rules.shows_at_once else {}


def all_checked(tx: Transaction, actor: Actor | None, attempt_id: int) -> Mapping[int, Shown]:
    """Return what is shown at once of all answers that were checked so far, by their positions."""
    attempt = own_attempt(tx, actor, attempt_id)
    sees = revealing.while_going_on(tx, tx.session.get_one(Quiz, attempt.checkpoint_id), attempt.user_id)
    return {
        row.position: _shown(row, content, sees, is_graded=False)
        for row, content in rows_of(tx, attempt_id)
        if row.credit is not None
    }


def _shown(row: AttemptAnswer, content: Content, sees: Sees, *, is_graded: bool) -> Shown:
    given = FORM.validate_json(row.answer) if row.answer is not None else None
    credit = row.credit
    has_points = sees.right and sees.score and credit is not None
    return Shown(
        verdict=verdict_of(credit, is_empty=given is None or given.is_empty) if sees.right else None,
        points=Decimal(row.points) / HUNDREDTHS * (credit or 0) / WHOLE if has_points else None,
        solution=solution_of(content) if sees.solution else None,
        feedback=grading.grade(content, given).feedback if sees.feedback else None,
        remark=(row.remark or None) if sees.feedback and is_graded else None,
        marks=rubrics.read_marks(row.marks) if sees.feedback and has_points and is_graded else (),
    )


def verdict_of(credit: int | None, *, is_empty: bool) -> Verdict:
    """Return how right an answer is that is worth so much."""
    if credit is None:
        return Verdict.WAITING
    if credit == WHOLE:
        return Verdict.RIGHT
    if credit:
        return Verdict.PARTLY
    return Verdict.EMPTY if is_empty else Verdict.WRONG


def solution_of(content: Content) -> Solution:
    """Return what would have been right, without what is said about it."""
    numbers = (each for each in content.numbers if each.credit == WHOLE and not each.is_any)
    least = 1 if content.kind is QuestionKind.MULTIPLE_CHOICE else WHOLE
    return Solution(
        options=tuple(place for place, option in enumerate(content.options) if option.credit >= least),
        numbers=tuple(replace(each, feedback='') for each in numbers),
        texts=tuple(each.pattern for each in content.texts if each.credit == WHOLE),
        pairs=tuple((pair.left, pair.right) for pair in content.pairs if pair.left),
        order=content.order,
    )


def band_of(bands: tuple[Band, ...], score: int | None) -> Band | None:
    """Return the first band that a score reaches; the highest comes first."""
    if score is None:
        return None
    return next((band for band in bands if score >= band.from_percent), None)


def _earned(attempt: Attempt) -> Decimal:
    return Decimal(attempt.earned) / WHOLE / HUNDREDTHS
