"""Answers to one version of a question, graded by another: what they are worth, and where their options are there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from models import AttemptAnswer, Change, Question, QuestionVersion
from services.core.transaction import Transaction
from services.quizzes import bank, grading
from services.quizzes.answer import FORM, Answer
from services.quizzes.question import WHOLE
from services.quizzes.question import Question as Content


def catch_up(tx: Transaction, attempt_ids: Sequence[int]) -> None:
    """Grade the answers of attempts that end now by all that was decided on newer versions while they went on.

    A regrade takes attempts that are over; who was still writing would keep a key that everybody knows to be wrong.
    """
    behind = (
        select(AttemptAnswer, QuestionVersion)
        .join(QuestionVersion, col(QuestionVersion.id) == col(AttemptAnswer.version_id))
        .join(Question, col(Question.id) == col(AttemptAnswer.question_id))
        .where(
            col(AttemptAnswer.attempt_id).in_(attempt_ids),
            col(AttemptAnswer.is_by_hand).is_(False),
            col(AttemptAnswer.credit).is_not(None),
            col(Question.version) > col(QuestionVersion.number),
        )
    )
    rows = tx.execute(behind.execution_options(populate_existing=True)).all()
    if not rows:
        return
    decided = (
        select(QuestionVersion)
        .where(
            col(QuestionVersion.question_id).in_({row.question_id for row, _ in rows}),
            col(QuestionVersion.change) != Change.FROM_NOW_ON,
        )
        .order_by(col(QuestionVersion.number))
    )
    versions = tx.session.scalars(decided).all()
    for row, asked in rows:
        known = bank.content_of(asked.id, asked.content)
        for version in versions:
            content = bank.content_of(version.id, version.content)
            is_newer = version.question_id == row.question_id and version.number > asked.number
            if is_newer and fits(known, content, version.change) and grade_by(tx, version, content, row, known):
                known = known if version.change is Change.FULL_CREDIT else content


def grade_by(tx: Transaction, version: QuestionVersion, content: Content, row: AttemptAnswer, known: Content) -> bool:
    """Grade an answer to the version `known` by a later one; returns whether that has changed anything."""
    credit = credit_after(version.change, content, known, answer=row.answer, before=row.credit or 0)
    if version.keeps_better and credit < (row.credit or 0):
        return False
    if version.change is not Change.FULL_CREDIT:
        places = _places(known, content)
        row.answer = _written(row.answer, known, content)
        row.shown = [places[place] for place in row.shown if place in places]
        row.version_id = version.id
    row.credit, row.graded_at = credit, tx.now
    tx.session.add(row)
    return True


def credit_after(change: Change, content: Content, known: Content, *, answer: str | None, before: int) -> int:
    """Return what an answer to the version `known` is worth after a change that made it `content`."""
    if change is Change.FULL_CREDIT:
        return WHOLE
    if change is Change.FROM_NOW_ON:
        return before
    written = _written(answer, known, content)
    given = FORM.validate_json(written) if written is not None else None
    credit = grading.grade(content, given).credit
    after = before if credit is None else credit
    return max(before, after) if change is Change.ACCEPT_BOTH else after


def fits(known: Content, content: Content, change: Change) -> bool:
    """Tell whether answers to the version `known` can be graded anew after a change that made it `content`."""
    if change is Change.FULL_CREDIT:
        return True
    return known.kind is content.kind and len(_places(known, content)) >= len(_texts(known))


def _places(known: Content, content: Content) -> Mapping[int, int]:
    """Return where the options, pairs or parts of a version are in another one."""
    if known.options and not any(option.text for option in known.options):
        return {place: place for place in range(len(known.options))}
    before, after = _texts(known), _texts(content)
    there = {text: place for place, text in enumerate(after)}
    return {place: there[text] for place, text in enumerate(before) if text in there}


def _texts(content: Content) -> list[str]:
    pairs = [f'{pair.left}\n{pair.right}' for pair in content.pairs]
    return [option.text for option in content.options] or pairs or list(content.order)


def _written(answer: str | None, known: Content, content: Content) -> str | None:
    """Return an answer that names the places of another version of its question."""
    if answer is None or known == content:
        return answer
    given, places = FORM.validate_json(answer), _places(known, content)
    moved = replace(
        given,
        chosen=tuple(sorted(places[each] for each in given.chosen if each in places)),
        order=tuple(places[each] for each in given.order if each in places),
        pairs=_moved_pairs(given, known, content, places),
    )
    return FORM.dump_json(moved, exclude_defaults=True).decode()


def _moved_pairs(given: Answer, known: Content, content: Content, places: Mapping[int, int]) -> tuple[int | None, ...]:
    if not given.pairs:
        return ()
    rights = {pair.right: place for place, pair in reversed(list(enumerate(content.pairs)))}
    lefts: list[int | None] = [None] * sum(bool(pair.left) for pair in content.pairs)
    for place, chosen in enumerate(given.pairs):
        if place in places and places[place] < len(lefts) and chosen is not None:
            lefts[places[place]] = rights.get(known.pairs[chosen].right)
    return tuple(lefts)
