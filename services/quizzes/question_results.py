"""What the attempts at a quiz say of its questions, in words and numbers, for those who teach."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, QuestionVersion, User, table
from services import access
from services.access import Actor
from services.core.phrases import Phrase
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.quizzes import bank, class_answers, item_analysis
from services.quizzes.answer import FORM
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.class_answers import InClasses
from services.quizzes.item_analysis import FEWEST, Item, Whole
from services.quizzes.question import WHOLE, QuestionKind
from services.quizzes.question import Question as Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How often one option was chosen, by the stronger and by the weaker third."""

    text: str
    is_right: bool
    upper: int
    lower: int
    in_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """One question in words and numbers."""

    question_id: int
    kind: QuestionKind
    title: str
    item: Item | None
    """None below ten attempts"""
    said: tuple[Phrase, ...]
    options: tuple[Chosen, ...]
    median_seconds: float
    in_classes: InClasses | None = None
    """what classes have answered to it, beside the attempts; None where no class was asked"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A quiz over the first attempt of each learner."""

    attempts: int
    whole: Whole | None
    questions: tuple[QuestionResult, ...]


def analysis(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Analysis:
    """Return what the first graded attempt of each learner says of the questions."""
    access.taught_checkpoint(tx, actor, checkpoint_id)
    rows = _first_answers(tx, checkpoint_id)
    by_question: dict[int, dict[int, _Answered]] = defaultdict(dict)
    totals: Counter[int] = Counter()
    for row in rows:
        by_question[row.question_id][row.attempt_id] = row
        totals[row.attempt_id] += row.points * row.credit
    ranked = sorted(totals, key=lambda id_: totals[id_])
    third = max(1, len(ranked) // 3)
    lower, upper = set(ranked[:third]), set(ranked[-third:])
    same = {tuple(sorted(answers)) for answers in by_question.values()}
    together = len(same) == 1 and len(ranked) >= FEWEST
    marks = _marks(by_question, ranked) if together else []
    items = _items_together(by_question, marks) if together else {}
    in_classes = class_answers.of_questions(tx, by_question)
    return Analysis(
        attempts=len(ranked),
        whole=item_analysis.whole(marks) if together and len(by_question) > 1 else None,
        questions=tuple(
            replace(
                _question(question_id, answers, totals, items.get(question_id), upper=upper, lower=lower),
                in_classes=in_classes.get(question_id),
            )
            for question_id, answers in by_question.items()
        ),
    )


class _Answered(NamedTuple):
    attempt_id: int
    question_id: int
    content: Content
    points: int
    credit: int
    answer: str | None
    seconds: int


def _first_answers(tx: Transaction, checkpoint_id: int) -> list[_Answered]:
    graded = (
        col(Attempt.checkpoint_id) == checkpoint_id,
        col(Attempt.state) == AttemptState.GRADED,
        col(Attempt.is_practice).is_(False),
    )
    attempts = tx.execute(
        select(func.coalesce(col(User.merged_into_id), col(User.id)), col(Attempt.id))
        .join(User, col(User.id) == col(Attempt.user_id))
        .where(*graded)
        .order_by(col(Attempt.started_at).desc(), col(Attempt.id).desc())
    )
    first = set({user_id: id_ for user_id, id_ in attempts}.values())  # noqa: C416 - rows are no pairs to mypy
    rows = _GRADED_ANSWERS.rows(tx.connection, checkpoint=checkpoint_id)
    contents = _contents(tx, {version_id for _, _, version_id, *_ in rows})
    return [
        _Answered(attempt_id, question_id, contents[version_id], points, credit or 0, answer, seconds)
        for attempt_id, question_id, version_id, points, credit, answer, seconds in rows
        if attempt_id in first
    ]


def _contents(tx: Transaction, version_ids: set[int]) -> dict[int, Content]:
    rows = tx.execute(
        select(col(QuestionVersion.id), col(QuestionVersion.content)).where(col(QuestionVersion.id).in_(version_ids))
    )
    return {id_: bank.content_of(id_, content) for id_, content in rows}


def _marks(by_question: Mapping[int, Mapping[int, _Answered]], attempt_ids: Sequence[int]) -> list[list[float]]:
    return [[_mark(answers[id_]) for answers in by_question.values()] for id_ in attempt_ids]


def _mark(row: _Answered) -> float:
    return row.points * row.credit / (HUNDREDTHS * WHOLE)


def _question(
    question_id: int,
    answers: Mapping[int, _Answered],
    totals: Mapping[int, int],
    item: Item | None,
    *,
    upper: set[int],
    lower: set[int],
) -> QuestionResult:
    rows = list(answers.values())
    content = rows[-1].content
    options = _options(content, rows, upper=upper, lower=lower)
    said = item_analysis.words(_too_few(len(rows)))
    if len(rows) >= FEWEST:
        item = item or _item_alone(rows, totals)
        said = item_analysis.words(item, favourite_wrong=_favourite_wrong(options))
    return QuestionResult(
        question_id=question_id,
        kind=content.kind,
        title=bank.title_of(content),
        item=item,
        said=tuple(said),
        options=options if len(rows) >= FEWEST else (),
        median_seconds=float(median(row.seconds for row in rows)),
    )


def _items_together(
    by_question: Mapping[int, Mapping[int, _Answered]], marks: Sequence[Sequence[float]]
) -> dict[int, Item]:
    """Return the figures of questions that everybody met."""
    most = [max(row.points for row in answers.values()) / HUNDREDTHS for answers in by_question.values()]
    return dict(zip(by_question, item_analysis.items(marks, most), strict=True))


def _item_alone(rows: Sequence[_Answered], totals: Mapping[int, int]) -> Item:
    """Return the figures of a question that some met, beside the rest of what each of them had."""
    marks = [_mark(row) for row in rows]
    rest = [totals[row.attempt_id] / (HUNDREDTHS * WHOLE) - mark for row, mark in zip(rows, marks, strict=True)]
    can_give = max(row.points for row in rows) / HUNDREDTHS
    item = item_analysis.items(list(zip(marks, rest, strict=True)), [can_give, max(1.0, *rest)])[0]
    return replace(item, effective_weight=None)


def _too_few(attempts: int) -> Item:
    return Item(
        attempts=attempts,
        facility=0,
        deviation=0,
        intended_weight=0,
        effective_weight=None,
        discrimination=None,
        efficiency=None,
    )


def _options(content: Content, rows: Sequence[_Answered], *, upper: set[int], lower: set[int]) -> tuple[Chosen, ...]:
    if content.kind not in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.TRUE_FALSE}:
        return ()
    counted: dict[str, Counter[int]] = {name: Counter() for name in ('upper', 'lower', 'all')}
    versions = {id(row.content): row.content for row in rows}
    # Hundreds give the same few answers: each is read once.
    given = Counter((row.answer, id(row.content), row.attempt_id in upper, row.attempt_id in lower) for row in rows)
    for (answer, version, is_upper, is_lower), count in given.items():
        for place in _places(content, versions[version], answer):
            counted['all'][place] += count
            counted['upper'][place] += count * is_upper
            counted['lower'][place] += count * is_lower
    return tuple(
        Chosen(
            text=option.text,
            is_right=option.credit > 0,
            upper=counted['upper'][place],
            lower=counted['lower'][place],
            in_all=counted['all'][place],
        )
        for place, option in enumerate(content.options)
    )


def _places(content: Content, met: Content, answer: str | None) -> Sequence[int]:
    """Return which options of a question were chosen; those of an earlier version by their texts."""
    chosen = FORM.validate_json(answer).chosen if answer else ()
    if content.kind is QuestionKind.TRUE_FALSE:
        return chosen
    texts = {met.options[place].text for place in chosen}
    return [place for place, option in enumerate(content.options) if option.text in texts]


def _favourite_wrong(options: Sequence[Chosen]) -> str:
    """Return the wrong option that more of the stronger third chose than any right one; '' if there is none."""
    wrong = max((each for each in options if not each.is_right), key=lambda each: each.upper, default=None)
    best_right = max((each.upper for each in options if each.is_right), default=0)
    return wrong.text if wrong is not None and wrong.upper > best_right else ''


_attempts, _answers = table(Attempt), table(AttemptAnswer)
_MET = ('attempt_id', 'question_id', 'version_id', 'points', 'credit', 'answer', 'seconds')
_GRADED_ANSWERS = Prepared(
    select(*(_answers.c[name] for name in _MET))
    .join(_attempts, _attempts.c.id == _answers.c.attempt_id)
    .where(
        _attempts.c.checkpoint_id == bindparam('checkpoint'),
        _attempts.c.state == AttemptState.GRADED.value,
        _attempts.c.is_practice.is_(False),
    )
    .order_by(_answers.c.position)
)
