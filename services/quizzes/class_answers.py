"""Answers to questions in class, once the question is over: graded, evidence for skills, and figures of the question.

They count for no grade. A job grades them in slices, so that the end of a class waits for nothing. Where a later
version of the question says that answers are graded anew, those in class are, too (`regrading.edit`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import case, func, select
from sqlmodel import col

from models import Change, LiveAnswer, LiveQuestion, Mode, QuestionVersion, User
from services.access import Actor
from services.activity import recording
from services.core import database
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.quizzes import bank, grading, other_versions, skill_results
from services.quizzes.answer import FORM
from services.quizzes.question import WHOLE
from services.quizzes.question import Question as Content
from services.quizzes.skill_results import Source

NAME = 'class answers'
EVERY = timedelta(seconds=30)
AT_ONCE = 50
"""answers that are graded in one transaction"""
MOST_TIMES = 20
"""of which the answers count: what was asked long ago was another class, and often another text"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InClasses:
    """What classes have answered to one question of the bank, whichever of its versions they were asked."""

    times: int
    """how often it was asked; the latest of them count"""
    answered: int
    """by how many people, each time they answered"""
    right_percent: int | None
    """of those answers; None where there are none"""
    facility: float | None
    """mean credit, 0 to 1, as item analysis has it; None where there are none"""
    last_at: datetime


def kind() -> Kind:
    """Return the job that grades what was answered in class."""
    return Kind(name=NAME, work=lambda _: grade_all(), repeats=EVERY)


async def grade_all() -> None:
    """Grade all answers whose question is over, some in a commit."""
    while await database.write(grade_some) == AT_ONCE:
        pass


def grade_some(tx: Transaction) -> int:
    """Grade some answers whose question is over, and record what they show of skills; returns how many."""
    rows = tx.execute(
        select(LiveAnswer, LiveQuestion)
        .join(LiveQuestion, col(LiveQuestion.id) == col(LiveAnswer.live_question_id))
        .where(*_WAITS, col(LiveQuestion.put_away_at).is_not(None))
        .order_by(col(LiveAnswer.saved_at), col(LiveAnswer.user_id))
        .limit(AT_ONCE)
        .with_for_update(of=LiveAnswer)
    ).all()
    keys = _keys(tx, {(asked.question_id, asked.version_id) for _, asked in rows})
    sources = []
    for answer, asked in rows:
        answer.credit, tags = _graded(keys[asked.question_id, asked.version_id], answer.answer)
        sources.append(_source(answer, asked, tags))
    tx.session.add_all([answer for answer, _ in rows])
    tx.session.flush()
    recording.record(tx, skill_results.told(tx, sources))
    return len(rows)


def of_question(tx: Transaction, actor: Actor | None, question_id: int) -> InClasses | None:
    """Return what classes have answered to a question, for those who teach; None where no class was asked."""
    bank.taught(tx, actor, question_id)
    return of_questions(tx, [question_id]).get(question_id)


def of_questions(tx: Transaction, question_ids: Collection[int]) -> dict[int, InClasses]:
    """Return what classes have answered to questions, by question; the caller has checked who may see it."""
    rows = tx.execute(
        select(col(LiveQuestion.question_id), col(LiveQuestion.id), col(LiveQuestion.opened_at))
        .where(col(LiveQuestion.question_id).in_(question_ids))
        .order_by(col(LiveQuestion.opened_at), col(LiveQuestion.id))
    )
    asked: dict[int, list[tuple[int, datetime]]] = {}
    for question_id, live_question_id, opened_at in rows:
        asked.setdefault(question_id, []).append((live_question_id, opened_at))
    sums = _sums(tx, [id_ for each in asked.values() for id_, _ in each[-MOST_TIMES:]]) if asked else {}
    return {question_id: _in_classes(times, sums) for question_id, times in asked.items()}


_Sums = tuple[int, int, int]
"""answers, those that are all right, and what all of them got"""


def _in_classes(asked: Sequence[tuple[int, datetime]], sums: dict[int, _Sums]) -> InClasses:
    counted = [sums[id_] for id_, _ in asked[-MOST_TIMES:] if id_ in sums]
    answered, right, credit = (sum(each[place] for each in counted) for place in range(3))
    return InClasses(
        times=len(asked),
        answered=answered,
        right_percent=100 * right // answered if answered else None,
        facility=credit / (WHOLE * answered) if answered else None,
        last_at=asked[-1][1],
    )


def _sums(tx: Transaction, live_question_ids: Collection[int]) -> dict[int, _Sums]:
    """Count answers by the question in class: of a person who answered as a guest, too, the later one."""
    person = func.coalesce(col(User.merged_into_id), col(User.id))
    order = col(LiveAnswer.saved_at).desc(), col(LiveAnswer.user_id).desc()
    place = func.row_number().over(partition_by=(col(LiveAnswer.live_question_id), person), order_by=order)
    given = (
        select(col(LiveAnswer.live_question_id), col(LiveAnswer.credit), place.label('place'))
        .join(User, col(User.id) == col(LiveAnswer.user_id))
        .where(col(LiveAnswer.live_question_id).in_(live_question_ids), col(LiveAnswer.credit).is_not(None))
        .subquery()
    )
    is_right = case((given.c.credit == WHOLE, 1), else_=0)
    rows = tx.execute(
        select(given.c.live_question_id, func.count(), func.sum(is_right), func.sum(given.c.credit))
        .where(given.c.place == 1)
        .group_by(given.c.live_question_id)
    )
    return {id_: (answers, int(right), int(credit)) for id_, answers, right, credit in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A later version of a question, by which answers are graded anew."""

    content: Content
    change: Change
    keeps_better: bool


_Keys = tuple[Content, tuple[Changed, ...]]
"""the version that was asked, and later ones by which answers are graded anew, oldest first"""


def tried(tx: Transaction, question_id: int, changed: Changed) -> Iterator[tuple[int, int]]:
    """Yield what each answer that classes have given to a question is worth, before and after a change of it.

    Of a person who answered as a guest, too, it is the later answer. The caller has checked who may see it.
    """
    person = func.coalesce(col(User.merged_into_id), col(User.id))
    rows = tx.execute(
        select(col(LiveQuestion.id), person, col(LiveQuestion.version_id), col(LiveAnswer.answer))
        .join(LiveAnswer, col(LiveAnswer.live_question_id) == col(LiveQuestion.id))
        .join(User, col(User.id) == col(LiveAnswer.user_id))
        .where(col(LiveQuestion.question_id) == question_id, col(LiveAnswer.answer).is_not(None))
        .order_by(col(LiveAnswer.saved_at), col(LiveAnswer.user_id))
    )
    given = {(asked, whose): (version_id, answer) for asked, whose, version_id, answer in rows}
    keys = _keys(tx, {(question_id, version_id) for version_id, _ in given.values()})

    @cache
    def worth(version_id: int, answer: str) -> tuple[int, int]:
        known, changes = keys[question_id, version_id]
        return _graded((known, changes), answer)[0], _graded((known, (*changes, changed)), answer)[0]

    yield from (worth(*each) for each in given.values())


def _keys(tx: Transaction, asked: Collection[tuple[int, int]]) -> dict[tuple[int, int], _Keys]:
    """Return by what the answers to questions are graded, by (question id, id of the version that was asked)."""
    questions, versions = {question_id for question_id, _ in asked}, {version_id for _, version_id in asked}
    changed = col(QuestionVersion.question_id).in_(questions), col(QuestionVersion.change) != Change.FROM_NOW_ON
    query = select(QuestionVersion).where(col(QuestionVersion.id).in_(versions) | (changed[0] & changed[1]))
    found = {row.id: row for row in tx.session.scalars(query.order_by(col(QuestionVersion.id)))}
    contents = {id_: bank.content_of(id_, row.content) for id_, row in found.items()}
    return {
        (question_id, version_id): (
            contents[version_id],
            tuple(
                Changed(content=contents[id_], change=row.change, keeps_better=row.keeps_better)
                for id_, row in found.items()
                if row.question_id == question_id and id_ > version_id and row.change is not Change.FROM_NOW_ON
            ),
        )
        for question_id, version_id in asked
    }


def _graded(keys: _Keys, answer: str | None) -> tuple[int, tuple[str, ...]]:
    """Return what an answer is worth, and the tags of the version that said so last.

    Each later version is judged as for attempts; one with which the answer cannot be graded is passed over.
    """
    known, changes = keys
    credit = grading.grade(known, FORM.validate_json(answer) if answer is not None else None).credit or 0
    tags = known.tags
    for each in changes:
        if not other_versions.fits(known, each.content, each.change):
            continue
        after = other_versions.credit_after(each.change, each.content, known, answer=answer, before=credit)
        credit = max(credit, after) if each.keeps_better else after
        tags = each.content.tags
    return credit, tags


def _source(answer: LiveAnswer, asked: LiveQuestion, tags: Sequence[str]) -> Source:
    assert answer.credit is not None
    return Source(
        name={'live_question': asked.id},
        user_id=answer.user_id,
        course_id=asked.course_id,
        session_id=asked.session_id,
        mode=Mode.LIVE,
        at=answer.saved_at,
        shown=dict.fromkeys(skill_results.skills_of(tags), skill_results.result(answer.credit)),
    )


_WAITS = col(LiveAnswer.credit).is_(None), col(LiveAnswer.answer).is_not(None)
