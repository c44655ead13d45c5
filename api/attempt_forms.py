"""Attempts as the program of a learner is answered: an offer, the paper of one that goes on, and its review."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from api.rubric_forms import MarkSeen
from api.types import Exact, Said, SaidOrNot, Shape
from services.core.errors import Invalid
from services.enums import Reveal
from services.quizzes import numbers, review
from services.quizzes.answer import Answer
from services.quizzes.asked import Asked
from services.quizzes.past import Past
from services.quizzes.question import QuestionKind, Tolerance
from services.quizzes.revealing import Sees
from services.quizzes.review import Seen, Verdict


class Choice(Shape):
    """Something to choose, by its place in the question, in the order in which it is shown."""

    place: int
    text: str


class AskedShown(Shape):
    """A question as it is shown to those who answer it: without anything that says what is right."""

    position: int
    kind: QuestionKind
    text: str
    points: Exact
    rule: SaidOrNot = Field(description='how several parts of an answer count')
    options: tuple[Choice, ...] = Field(description='options, or parts to be put in order')
    lefts: tuple[str, ...]
    rights: tuple[Choice, ...]
    answer: Answer | None = Field(description='what is saved')
    read_as: str | None = Field(description='how the number was read that was typed', examples=['1.5'])
    confidence: int | None
    is_checked: bool = Field(description='whether it was checked at once, so that it cannot be changed')

    @classmethod
    def of(cls, asked: Asked) -> 'AskedShown':
        """Return what a client is answered."""
        same = {name: getattr(asked, name) for name in cls.model_fields if hasattr(asked, name)}
        return cls(
            **same | {'options': _choices(asked.options), 'rights': _choices(asked.rights)}, read_as=_read(asked)
        )


class NumberShown(Shape):
    """A number that is right."""

    value: Said
    tolerance: Said
    tolerance_kind: Tolerance


class PairShown(Shape):
    """Two things that belong together."""

    left: str
    right: str


class SolutionShown(Shape):
    """What would have been right; only the part of the question's kind is filled."""

    options: tuple[int, ...] = Field(description='the places of the right options')
    numbers: tuple[NumberShown, ...]
    texts: tuple[str, ...]
    pairs: tuple[PairShown, ...]
    order: tuple[str, ...]

    @classmethod
    def of(cls, solution: review.Solution) -> 'SolutionShown':
        """Return what a client is answered."""
        return cls(
            options=solution.options,
            numbers=tuple(NumberShown.model_validate(each) for each in solution.numbers),
            texts=solution.texts,
            pairs=tuple(PairShown(left=left, right=right) for left, right in solution.pairs),
            order=solution.order,
        )


class AnswerShown(Shape):
    """What is shown of one answer; null is what may not be shown yet, or what there is not."""

    verdict: Verdict | None
    points: Exact | None
    solution: SolutionShown | None
    feedback: tuple[str, ...] | None
    remark: str | None
    marks: tuple[MarkSeen, ...] = Field(description='what it got for each criterion of a rubric')

    @classmethod
    def of(cls, shown: review.Shown) -> 'AnswerShown':
        """Return what a client is answered."""
        solution = None if shown.solution is None else SolutionShown.of(shown.solution)
        return cls(
            verdict=shown.verdict,
            points=shown.points,
            solution=solution,
            feedback=shown.feedback,
            remark=shown.remark,
            marks=tuple(MarkSeen.model_validate(each) for each in shown.marks),
        )


class QuestionSeen(BaseModel):
    """A question of an attempt, and what is shown of its answer; null before it may be shown."""

    asked: AskedShown
    shown: AnswerShown | None


class RulesSeen(Shape):
    """How a quiz is taken, as learners see it."""

    minutes: int | None
    attempts_allowed: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    passing_percent: int
    is_practice: bool
    is_adaptive: bool
    asks_confidence: bool
    one_at_a_time: bool
    may_go_back: bool
    shuffles_questions: bool
    shuffles_options: bool
    shows_score: Reveal
    shows_right: Reveal
    shows_solution: Reveal
    shows_feedback: Reveal


class Offered(Shape):
    """What a learner is told of a quiz before an attempt begins."""

    checkpoint_id: int
    course_id: int
    title: str
    description: str
    rules: RulesSeen
    minutes: int | None = Field(description='with the extra time of the learner')
    closes_at: datetime | None
    has_end: bool = Field(
        description='whether the quiz closes or is due at some time; without, nothing is shown that waits for its close'
    )
    again_until: datetime | None = Field(
        description=(
            'until when those can begin again who have passed, or are not told whether they have: then what is right is'
            ' shown to them'
        )
    )
    attempts_left: int | None
    questions: int
    past: tuple[Past, ...]
    open_id: int | None = Field(description='the attempt that is going on')
    problem: SaidOrNot = Field(description='why no attempt can begin now')


class PaperShown(Shape):
    """An attempt that is going on."""

    rules: RulesSeen
    started_at: datetime
    ends_at: datetime | None
    extra_minutes: int
    place: int = Field(description='the position of the question that is shown, where they are shown one at a time')


class ReviewShown(Shape):
    """A submitted attempt, as much of it as the quiz shows now."""

    is_practice: bool
    started_at: datetime
    submitted_at: datetime
    is_out_of_time: bool
    late_seconds: int
    is_graded: bool
    sees: Sees
    is_more_to_come: bool = Field(description='whether something is shown only after the quiz has closed')
    waits_for_last: bool = Field(
        description='whether what would have been right is shown only after the last attempt, or once all is right'
    )
    passing_percent: int
    score: int | None
    is_passed: bool | None
    earned: Exact | None
    possible: Exact
    band: str | None = Field(description='what is said to those who reach this score, as Markdown')
    feedback: str | None
    interruptions: int
    times_left: int = Field(description='how often the learner looked at another window, as far as programs said so')
    times_pasted: int


class AttemptSeen(BaseModel):
    """An attempt as its learner sees it: `paper` while it goes on, `review` once it is submitted."""

    attempt_id: int
    checkpoint_id: int
    course_id: int
    title: str
    number: int
    attempts_left: int | None = Field(description='after this one; null for as many as the learner likes')
    paper: PaperShown | None
    review: ReviewShown | None
    questions: tuple[QuestionSeen, ...]


def attempt_seen(seen: Seen) -> AttemptSeen:
    """Return what the learner of an attempt is answered."""
    whole = seen.paper or seen.review
    assert whole is not None
    return AttemptSeen(
        attempt_id=whole.attempt_id,
        checkpoint_id=whole.checkpoint_id,
        course_id=whole.course_id,
        title=whole.title,
        number=whole.number,
        attempts_left=seen.attempts_left,
        paper=PaperShown.model_validate(seen.paper) if seen.paper else None,
        review=ReviewShown.model_validate(seen.review) if seen.review else None,
        questions=tuple(_questions(seen)),
    )


def _questions(seen: Seen) -> Iterator[QuestionSeen]:
    if seen.review:
        for each in seen.review.questions:
            yield QuestionSeen(asked=AskedShown.of(each.asked), shown=AnswerShown.of(each.shown))
    for asked in seen.paper.asked if seen.paper else ():
        checked = seen.checked.get(asked.position)
        yield QuestionSeen(asked=AskedShown.of(asked), shown=AnswerShown.of(checked) if checked else None)


def _choices(places: Sequence[tuple[int, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(place=place, text=text) for place, text in places)


def _read(asked: Asked) -> str | None:
    if asked.kind is not QuestionKind.NUMERIC or asked.answer is None:
        return None
    try:
        return numbers.shown(numbers.read(asked.answer.text))
    except Invalid:
        return None
