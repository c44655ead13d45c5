"""All that is kept of one attempt, for those who teach: what was answered, what is right, when, where and on what."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models import Attempt, AttemptAnswer, AttemptState, DeviceClass, Mode, Quiz, User
from services import access, rubrics
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import grading
from services.quizzes.answer import FORM, Answer
from services.quizzes.asked import rows_of
from services.quizzes.attempts import taught_attempt
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.question import WHOLE, QuestionKind
from services.quizzes.question import Question as Content
from services.quizzes.quiz_settings import rules_of
from services.quizzes.review import Solution, Verdict, band_of, solution_of, verdict_of
from services.rubrics import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """One question of an attempt, with everything that is kept of it."""

    position: int
    question_id: int
    kind: QuestionKind
    text: str
    """what was asked, in Markdown"""
    shown: tuple[int, ...]
    """the places of its options, pairs or parts in the order in which they were shown"""
    answer: Answer | None
    solution: Solution
    verdict: Verdict
    points_earned: Decimal | None
    """None until it is graded"""
    points_possible: Decimal
    saved_at: datetime | None
    seconds: int
    """for how long it was looked at"""
    changes: int
    """how often an answer was replaced by another"""
    confidence: int | None
    auto_feedback: tuple[str, ...]
    """what the question says of such an answer, each a paragraph of Markdown"""
    is_by_hand: bool
    """whether a person has set the points"""
    graded_by: int | None
    graded_at: datetime | None
    remark: str
    marks: tuple[Mark, ...]
    """what it got for each criterion, as the rubric was when it was graded"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt, with everything that is kept of it."""

    attempt_id: int
    user_id: int
    name: str
    time_zone: str
    """as the learner's profile says it now; empty for that of the school"""
    course_id: int
    checkpoint_id: int
    number: int
    state: AttemptState
    is_practice: bool
    mode: Mode
    session_id: int | None
    """the class in which it began"""
    started_at: datetime
    ends_at: datetime | None
    submitted_at: datetime | None
    seconds: int
    """from the beginning to the end, or to the last sign of the learner"""
    is_out_of_time: bool
    late_seconds: int
    score: int | None
    points_earned: Decimal | None
    points_possible: Decimal
    is_passed: bool | None
    passing_percent: int
    auto_feedback: str | None
    """what the quiz says to those who reach this score"""
    feedback: str
    feedback_at: datetime | None
    feedback_by: int | None
    device: DeviceClass
    browser: str
    """and the system on which it runs"""
    address_hash: str
    interruptions: int
    times_left: int
    times_pasted: int
    answers: tuple[AnswerRecord, ...]
    """in the order in which the questions were shown"""


def of_attempt(tx: Transaction, actor: Actor | None, attempt_id: int) -> AttemptRecord:
    """Return all that is kept of an attempt in a course that the actor teaches."""
    row = taught_attempt(tx, actor, attempt_id)
    access.note_look(tx, actor, 'quiz attempt', course=row.course_id, about=row.user_id)
    learner = tx.session.get_one(User, row.user_id)
    is_graded = row.state is AttemptState.GRADED
    bands = rules_of(tx.session.get_one(Quiz, row.checkpoint_id)).bands
    band = band_of(bands, row.score)
    plain = {name: getattr(row, name) for name in _SAME}
    return AttemptRecord(
        attempt_id=row.id,
        name=learner.name,
        time_zone=learner.time_zone,
        seconds=_seconds(row),
        points_earned=Decimal(row.earned) / WHOLE / HUNDREDTHS if is_graded else None,
        points_possible=Decimal(row.possible) / HUNDREDTHS,
        auto_feedback=band.text if band else None,
        answers=tuple(_answer(each, content) for each, content in rows_of(tx, attempt_id)),
        **plain,
    )


_READ = {'answer', 'shown', 'marks'}
_SAME = tuple(name for name in AttemptRecord.__dataclass_fields__ if name in Attempt.model_fields)
_SAME_OF_ANSWER = tuple(
    name for name in AnswerRecord.__dataclass_fields__ if name in AttemptAnswer.model_fields and name not in _READ
)


def _seconds(row: Attempt) -> int:
    end = row.submitted_at or row.seen_at
    return max(0, int((end - row.started_at).total_seconds()))


def _answer(row: AttemptAnswer, content: Content) -> AnswerRecord:
    given = FORM.validate_json(row.answer) if row.answer is not None else None
    points = Decimal(row.points) / HUNDREDTHS
    return AnswerRecord(
        kind=content.kind,
        text=content.text,
        shown=tuple(row.shown),
        answer=given,
        marks=rubrics.read_marks(row.marks),
        solution=solution_of(content),
        verdict=verdict_of(row.credit, is_empty=given is None or given.is_empty),
        points_earned=None if row.credit is None else points * row.credit / WHOLE,
        points_possible=points,
        auto_feedback=grading.grade(content, given).feedback,
        **{name: getattr(row, name) for name in _SAME_OF_ANSWER},
    )
