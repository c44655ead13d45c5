"""How a quiz is taken, what it consists of, and what learners see of it when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, exists, select, update
from sqlmodel import col

from models import Attempt, Checkpoint, CheckpointKind, Progress, Question, Quiz, QuizPart, Reveal
from services import access
from services.access import Actor
from services.core import zones
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import CourseChanged
from services.core.text import check_text, line
from services.core.transaction import Transaction
from services.quizzes import limits
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.checking import LONGEST_TAG, MOST_POINTS

MOST_QUESTIONS = 200
"""in one quiz"""
MOST_BANDS = 10
LONGEST_BAND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A question that everybody gets."""

    question_id: int
    title: str = ''
    points: Decimal | None = None
    """None for its own"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Some questions drawn for each attempt, from those of the bank with a tag; from all without one."""

    tag: str
    count: int
    points: Decimal | None = None
    """of each of them"""


QuizItem = Fixed | Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is said to those who reach some percent."""

    from_percent: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a quiz is taken."""

    minutes: int | None = None
    attempts_allowed: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    passing_percent: int = 60
    is_practice: bool = False
    is_adaptive: bool = False
    """whether the next question is chosen by how sure the learner is; it makes practice of it, one at a time"""
    asks_confidence: bool = False
    one_at_a_time: bool = False
    may_go_back: bool = True
    shuffles_questions: bool = False
    shuffles_options: bool = True
    shows_score: Reveal = Reveal.AFTER_SUBMIT
    shows_right: Reveal = Reveal.AFTER_SUBMIT
    shows_solution: Reveal = Reveal.AFTER_CLOSE
    shows_feedback: Reveal = Reveal.AFTER_SUBMIT
    bands: tuple[Band, ...] = ()

    @property
    def shows_at_once(self) -> bool:
        """Tell whether an answer is checked as soon as it is given, so that it cannot be changed."""
        return self.is_adaptive or Reveal.AFTER_ANSWER in (self.shows_right, self.shows_solution, self.shows_feedback)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizShown:
    """A quiz as those see it who teach its course."""

    checkpoint_id: int
    course_id: int
    title: str
    is_published: bool
    has_end: bool
    """whether it closes or is due at some time, so that what is shown after its close can be seen then"""
    rules: Rules
    items: tuple[QuizItem, ...]


def of_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> QuizShown:
    """Return a quiz; one that nobody has set up has no question."""
    checkpoint = _taught(tx, actor, checkpoint_id)
    quiz = tx.session.get(Quiz, checkpoint_id)
    return QuizShown(
        checkpoint_id=checkpoint_id,
        course_id=checkpoint.course_id,
        title=checkpoint.title,
        is_published=bool(quiz and quiz.is_published),
        has_end=bool(checkpoint.due_at or (quiz and quiz.closes_at)),
        rules=rules_of(quiz) if quiz else Rules(),
        items=items_of(tx, checkpoint_id),
    )


def set_rules(tx: Transaction, actor: Actor | None, checkpoint_id: int, rules: Rules) -> None:
    """Change how a quiz is taken; attempts that are going on keep the end that they have, or get a later one."""
    quiz = held(tx, _taught(tx, actor, checkpoint_id))
    if rules.shows_score is Reveal.NEVER and quiz.shows_score is not Reveal.NEVER:
        _hold_failed(tx, checkpoint_id)
    for name, value in columns_of(rules).items():
        setattr(quiz, name, value)
    quiz.updated_at = tx.now
    tx.session.add(quiz)
    limits.extend(tx, quiz.course_id, checkpoint_id=checkpoint_id)
    tx.announce(CourseChanged(course_id=quiz.course_id))


def _hold_failed(tx: Transaction, checkpoint_id: int) -> None:
    """Hold what was graded and not passed, so that `opening` completes the steps of those who have handed in."""
    completed = exists().where(
        col(Progress.user_id) == col(Attempt.user_id),
        col(Progress.checkpoint_id) == checkpoint_id,
        col(Progress.completed_at).is_not(None),
    )
    failed = col(Attempt.checkpoint_id) == checkpoint_id, col(Attempt.is_passed).is_(False)
    tx.execute(update(Attempt).where(*failed, col(Attempt.is_practice).is_(False), ~completed).values(is_held=True))


def set_items(tx: Transaction, actor: Actor | None, checkpoint_id: int, items: Sequence[QuizItem]) -> None:
    """Say of which questions a quiz consists, in order; attempts that have begun keep theirs."""
    quiz = held(tx, _taught(tx, actor, checkpoint_id))
    _check_items(tx, quiz.course_id, items)
    tx.execute(delete(QuizPart).where(col(QuizPart.checkpoint_id) == checkpoint_id))
    tx.session.add_all(_part(checkpoint_id, position, item) for position, item in enumerate(items))
    quiz.updated_at = tx.now
    tx.session.add(quiz)


def add_item(tx: Transaction, actor: Actor | None, checkpoint_id: int, item: QuizItem) -> None:
    """Put one more question, or one more draw, at the end of a quiz."""
    quiz = held(tx, _taught(tx, actor, checkpoint_id))
    set_items(tx, actor, quiz.checkpoint_id, (*items_of(tx, checkpoint_id), item))


def set_up(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, rules: Rules, items: Sequence[QuizItem]
) -> None:
    """Change how a quiz is taken and of what it consists, both or neither."""
    set_rules(tx, actor, checkpoint_id, rules)
    set_items(tx, actor, checkpoint_id, items)


def publish(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, published: bool) -> None:
    """Open a quiz to learners, or close it to those who have not begun; who is in an attempt goes on."""
    quiz = held(tx, _taught(tx, actor, checkpoint_id))
    if published and not items_of(tx, checkpoint_id):
        raise Refused('This quiz has no question yet. Add one before you publish it.')
    quiz.is_published = published
    quiz.updated_at = tx.now
    tx.session.add(quiz)
    tx.announce(CourseChanged(course_id=quiz.course_id))


def make(
    tx: Transaction, checkpoint: Checkpoint, rules: Rules, items: Sequence[QuizItem], *, is_published: bool
) -> None:
    """Give a new checkpoint its quiz, as it was in another course: draws may find fewer questions than they ask for."""
    check_items(items)
    quiz = Quiz(checkpoint_id=checkpoint.id, course_id=checkpoint.course_id, updated_at=tx.now)
    quiz.is_published = is_published
    for name, value in columns_of(rules).items():
        setattr(quiz, name, value)
    tx.session.add(quiz)
    tx.session.flush()
    tx.session.add_all(_part(checkpoint.id, position, item) for position, item in enumerate(items))


def held(tx: Transaction, checkpoint: Checkpoint) -> Quiz:
    """Return the quiz of a checkpoint, a new one where there is none yet."""
    quiz = tx.session.get(Quiz, checkpoint.id)
    if quiz is None:
        quiz = Quiz(checkpoint_id=checkpoint.id, course_id=checkpoint.course_id, updated_at=tx.now)
        tx.session.add(quiz)
        tx.session.flush()
    return quiz


def rules_of(quiz: Quiz) -> Rules:
    """Return how a quiz is taken."""
    bands = tuple(Band(from_percent=int(percent), text=str(text)) for percent, text in quiz.bands)
    return Rules(bands=bands, **{name: getattr(quiz, name) for name in _PLAIN})


def items_of(tx: Transaction, checkpoint_id: int) -> tuple[QuizItem, ...]:
    """Return what a quiz consists of, in order."""
    rows = tx.execute(
        select(QuizPart, Question.title)  # type: ignore[call-overload]  # a column, whatever its annotation says
        .outerjoin(Question, col(Question.id) == col(QuizPart.question_id))
        .where(col(QuizPart.checkpoint_id) == checkpoint_id)
        .order_by(col(QuizPart.position))
    )
    return tuple(_item(part, title or '') for part, title in rows)


_PLAIN = tuple(name for name in Rules.__dataclass_fields__ if name != 'bands')


def _taught(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    if checkpoint.kind is not CheckpointKind.QUIZ:
        raise NotFound('This step is not a quiz.')
    return checkpoint


def _item(part: QuizPart, title: str) -> QuizItem:
    points = None if part.points is None else Decimal(part.points) / HUNDREDTHS
    if part.question_id is not None:
        return Fixed(question_id=part.question_id, title=title, points=points)
    return Draw(tag=part.draw_tag, count=part.draw_count, points=points)


def _part(checkpoint_id: int, position: int, item: QuizItem) -> QuizPart:
    points = None if item.points is None else int(item.points * HUNDREDTHS)
    part = QuizPart(checkpoint_id=checkpoint_id, position=position, points=points)
    if isinstance(item, Fixed):
        part.question_id = item.question_id
    else:
        part.draw_tag, part.draw_count = line(item.tag).lower(), item.count
    return part


def columns_of(rules: Rules) -> Mapping[str, object]:
    """Return the columns for some rules; raises `Invalid` with what cannot be."""
    _within(rules.minutes, 1, limits.MOST_MINUTES, 'minutes')
    _within(rules.attempts_allowed, 1, limits.MOST_ATTEMPTS, 'attempts_allowed')
    _within(rules.passing_percent, 0, 100, 'passing_percent')
    zones.check_year(rules.opens_at, 'opens_at')
    zones.check_year(rules.closes_at, 'closes_at')
    if rules.opens_at and rules.closes_at and rules.closes_at <= rules.opens_at:
        raise Invalid('The quiz closes before it opens. Choose a later end.', field='closes_at')
    if rules.is_adaptive:
        rules = replace(rules, is_practice=True, one_at_a_time=True)
    if not rules.one_at_a_time:
        rules = replace(rules, may_go_back=True)
    columns: dict[str, object] = {name: getattr(rules, name) for name in _PLAIN}
    return columns | {'bands': _bands(rules.bands)}


def _within(number: int | None, least: int, most: int, name: str) -> None:
    if number is not None and not least <= number <= most:
        raise Invalid('Type a number from {least} to {most}.', least=least, most=most, field=name)


def _bands(bands: Sequence[Band]) -> list[list[int | str]]:
    if len(bands) > MOST_BANDS or len({band.from_percent for band in bands}) < len(bands):
        raise Invalid('Use at most {most} bands, each with a beginning of its own.', most=MOST_BANDS, field='bands')
    for band in bands:
        _within(band.from_percent, 0, 100, 'bands')
    ordered = sorted(bands, key=lambda band: -band.from_percent)
    return [[band.from_percent, check_text(band.text, most=LONGEST_BAND, field='bands')] for band in ordered]


def check_items(items: Sequence[QuizItem]) -> None:
    """Raise `Invalid` for what no quiz can consist of, whatever the bank has."""
    asked = sum(item.count if isinstance(item, Draw) else 1 for item in items)
    if asked > MOST_QUESTIONS or len(items) > MOST_QUESTIONS:
        raise Invalid('A quiz can have at most {most} questions.', most=MOST_QUESTIONS, field='items')
    for item in items:
        _check_points(item.points)
        if isinstance(item, Draw) and item.count < 1:
            raise Invalid('Draw at least one question.', field='items')
        if isinstance(item, Draw) and len(line(item.tag).lower()) > LONGEST_TAG:
            raise Invalid('A tag has at most {most} characters.', most=LONGEST_TAG, field='items')
    fixed = [item.question_id for item in items if isinstance(item, Fixed)]
    if len(set(fixed)) < len(fixed):
        raise Invalid('The same question is in the quiz twice. Take one of them out.', field='items')


def _check_items(tx: Transaction, course_id: int, items: Sequence[QuizItem]) -> None:
    check_items(items)
    fixed = [item.question_id for item in items if isinstance(item, Fixed)]
    ours = col(Question.course_id) == course_id, col(Question.deleted_at).is_(None)
    there = set(tx.session.scalars(select(col(Question.id)).where(*ours, col(Question.id).in_(fixed))))
    if there != set(fixed):
        raise NotFound('A question of this quiz is not in the bank. Take it out of the quiz.')
    for draw in (item for item in items if isinstance(item, Draw)):
        _check_draw(tx, course_id, draw, fixed)


def _check_points(points: Decimal | None) -> None:
    if points is None:
        return
    if not points.is_finite() or not 0 < points <= MOST_POINTS or points * HUNDREDTHS % 1:
        raise Invalid(
            'The points must be above 0 and at most {most}, with at most two decimal places.',
            most=int(MOST_POINTS),
            field='items',
        )


def _check_draw(tx: Transaction, course_id: int, draw: Draw, fixed: Collection[int]) -> None:
    tag = line(draw.tag).lower()
    there = len([id_ for id_ in drawable(tx, course_id, tag) if id_ not in fixed])
    if there < draw.count:
        raise Invalid(
            'Only {there} questions can be drawn from “{tag}”; add some, or draw fewer.',
            there=there,
            tag=tag or '*',
            field='items',
        )


def drawable(tx: Transaction, course_id: int, tag: str) -> list[int]:
    """Return the ids of the questions of a bank with a tag; of all without one."""
    ours = col(Question.course_id) == course_id, col(Question.deleted_at).is_(None)
    rows = tx.execute(select(col(Question.id), col(Question.tags)).where(*ours).order_by(col(Question.id)))
    return [id_ for id_, tags in rows if not tag or tag in tags]
