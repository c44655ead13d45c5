"""Practice that adapts: the next question is the one that the learner gets right about three times in four.

That is judged by how many of all answers to the question were right, how sure the learner is of its skills, and how
many of all their answers were right. No question comes again before all of them have been answered. Why a question was
chosen is said in a sentence, from what the learner has seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, Quiz, Reveal
from services.access import Actor
from services.core import database
from services.core.errors import Gone, Refused
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.quizzes import attempts, skills
from services.quizzes.asked import rows_of
from services.quizzes.attempts import own_attempt
from services.quizzes.estimating import USUAL_RATE, estimate, faded, smoothed
from services.quizzes.predicting import chance
from services.quizzes.question import WHOLE
from services.quizzes.question import Question as Content
from services.quizzes.skill_estimates import Known

AIM = 0.75
"""how probably the next question should be answered right"""
ALIKE = 0.05
"""questions whose rates differ by less are about as hard as each other"""
MOST_RIGHT = 0.6
"""the estimate from which on most of a skill was right"""

Row = tuple[AttemptAnswer, Content]
_CHOSEN = phrase('This one was chosen to be neither too easy nor too hard for you.')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What decides which question is next."""

    rows: Sequence[Row]
    rates: Mapping[int, float]
    """of right answers by all, by question"""
    base: float
    sure: Mapping[str, float]
    """estimates, by the name of the skill"""
    overall: float
    """the rate of right answers of the learner"""
    times: Mapping[int, int]
    """how often the learner has answered a question in other attempts at this quiz"""


async def go_on(actor: Actor | None, attempt_id: int, *, seconds: float = 0) -> bool:
    """Go to the next question of an attempt that adapts; returns whether there is one.

    `seconds` were spent at the question that is left. Choosing reads all answers to these questions, so it is done
    before the write, for which taps would wait.
    """
    position = await database.read(next_place, actor, attempt_id)
    if position is None:
        return False
    await database.write(attempts.go_to, actor, attempt_id, position=position, seconds=seconds)
    return True


def next_place(tx: Transaction, actor: Actor | None, attempt_id: int) -> int | None:
    """Return the position of the question that comes next in an attempt that adapts; None if there is none."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is not AttemptState.IN_PROGRESS:
        raise Gone('This attempt was submitted. Your answers are kept.')
    if not tx.session.get_one(Quiz, attempt.checkpoint_id).is_adaptive:
        raise Refused('In this quiz the questions have a fixed order. Go to the next one.')
    seen = _look(tx, attempt)
    open_rows = [row for row in seen.rows if row[0].answer is None]
    if not open_rows:
        return None
    fewest = min(seen.times.get(row.question_id, 0) for row, _ in open_rows)
    candidates = [row for row in open_rows if seen.times.get(row[0].question_id, 0) == fewest]
    chosen, _ = min(candidates, key=lambda row: (abs(_chance(seen, row) - AIM), row[0].position))
    return chosen.position


def why(tx: Transaction, actor: Actor | None, attempt_id: int) -> Phrase:
    """Return in a sentence why the question was chosen at which an attempt is."""
    attempt = own_attempt(tx, actor, attempt_id)
    if tx.session.get_one(Quiz, attempt.checkpoint_id).shows_right is not Reveal.AFTER_ANSWER:
        return _CHOSEN
    seen = _look(tx, attempt)
    current = next(row for row in seen.rows if row[0].position == attempt.place)
    before = [row for row in seen.rows if row[0].saved_at and row[0].answer and row is not current]
    if not before:
        return _CHOSEN
    last = max(before, key=lambda row: (row[0].saved_at or attempt.started_at, row[0].position))
    return _because(seen, current, last)


def _because(seen: _Seen, current: Row, last: Row) -> Phrase:
    row, content = current
    easier = seen.rates[row.question_id] - seen.rates[last[0].question_id]
    name = min(content.tags, key=lambda each: seen.sure.get(each, 0), default='')
    if name and name not in seen.sure:
        return phrase('This is your first question on “{skill}”.', skill=name)
    got_most = seen.sure.get(name, 0) >= MOST_RIGHT
    if easier < -ALIKE:
        if got_most:
            return phrase('You got most of “{skill}” right, so this one is a bit harder.', skill=name)
        return phrase('This one is a bit harder than the last one.')
    if easier > ALIKE:
        if name and not got_most:
            return phrase('You are still practising “{skill}”, so this one is a bit easier.', skill=name)
        return phrase('This one is a bit easier than the last one.')
    return phrase('This one is about as hard as the last one.')


def _look(tx: Transaction, attempt: Attempt) -> _Seen:
    rows = rows_of(tx, attempt.id)
    rates, base = _rates(tx, [row.question_id for row, _ in rows])
    known = skills.known_of(tx, attempt.course_id, attempt.user_id, for_learner=True)
    given = [(row.credit / WHOLE, content) for row, content in _in_order(rows) if row.credit is not None and row.answer]
    tenths = [each for skill in known.values() for each in skill.tenths]
    return _Seen(
        rows=rows,
        rates=rates,
        base=base,
        sure=_sure(skills.names(tx, attempt.course_id), known, given),
        overall=smoothed(sum(tenths) / 10 + sum(right for right, _ in given), len(tenths) + len(given), base),
        times=_times(tx, attempt),
    )


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Return answers in the order in which they were given."""
    return sorted((row for row in rows if row[0].saved_at), key=lambda row: (row[0].saved_at, row[0].position))


def _sure(
    names: Mapping[int, str], known: Mapping[int, Known], given: Sequence[tuple[float, Content]]
) -> dict[str, float]:
    """Return the estimate of each skill, with the answers of this attempt."""
    rates = {names[skill_id]: each.rate / 100 for skill_id, each in known.items()}
    evidence = {names[skill_id]: each.evidence for skill_id, each in known.items() if each.tenths}
    for right, content in given:
        for name in content.tags:
            evidence[name] = faded(*evidence.get(name, (0.0, 0.0)), right)
    return {name: estimate(*each, rates.get(name, USUAL_RATE)) for name, each in evidence.items()}


def _chance(seen: _Seen, row: Row) -> float:
    """Return how probably the learner answers a question right; of several skills, the weakest decides."""
    answer, content = row
    skill = min((seen.sure.get(name, seen.base) for name in content.tags), default=seen.overall)
    return chance(seen.base, question=seen.rates[answer.question_id], skill=skill, learner=seen.overall)


def _rates(tx: Transaction, question_ids: Sequence[int]) -> tuple[dict[int, float], float]:
    """Return the rates of right answers, by question and of all of these questions."""
    graded = (
        col(AttemptAnswer.question_id).in_(question_ids),
        col(AttemptAnswer.credit).is_not(None),
        col(AttemptAnswer.answer).is_not(None),
    )
    sums = select(col(AttemptAnswer.question_id), func.sum(col(AttemptAnswer.credit)), func.count())
    rows = tx.execute(sums.where(*graded).group_by(col(AttemptAnswer.question_id))).all()
    found = {question_id: ((credit or 0) / WHOLE, count) for question_id, credit, count in rows}
    right, answers = (sum(each[part] for each in found.values()) for part in (0, 1))
    base = smoothed(right, answers, USUAL_RATE)
    return {each: smoothed(*found.get(each, (0.0, 0)), base) for each in question_ids}, base


def _times(tx: Transaction, attempt: Attempt) -> dict[int, int]:
    others = (
        col(Attempt.user_id) == attempt.user_id,
        col(Attempt.checkpoint_id) == attempt.checkpoint_id,
        col(Attempt.id) != attempt.id,
        col(AttemptAnswer.answer).is_not(None),
    )
    counted = select(col(AttemptAnswer.question_id), func.count()).join(
        Attempt, col(Attempt.id) == col(AttemptAnswer.attempt_id)
    )
    rows = tx.execute(counted.where(*others).group_by(col(AttemptAnswer.question_id)))
    return {question_id: count for question_id, count in rows}  # noqa: C416 - rows are no pairs to mypy
