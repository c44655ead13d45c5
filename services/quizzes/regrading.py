"""What a new version of a question means for attempts that are over: nothing, or other points for all of them.

`dry_runs` says it before. Then the version says what is to be done, and a job does it in slices: taps do not wait, and
nothing is half done after a crash. What a person has graded stays, and so do certificates and completed checkpoints.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, Change, LiveAnswer, LiveQuestion, QuestionVersion, User, Verb
from services.access import Actor
from services.core import database
from services.core.errors import Refused
from services.core.jobs import Kind
from services.core.text import line
from services.core.transaction import Transaction
from services.quizzes import bank, checking, closing, numbers, other_versions
from services.quizzes.question import NumberAnswer, QuestionKind, TextAnswer
from services.quizzes.question import Question as Content

NAME = 'regrades'
EVERY = timedelta(minutes=1)
AT_ONCE = 25
"""attempts that are regraded in one transaction"""
LONGEST_REASON = 280


def edit(
    tx: Transaction,
    actor: Actor | None,
    question_id: int,
    content: Content,
    *,
    change: Change = Change.FROM_NOW_ON,
    keeps_better: bool = True,
    reason: str = '',
) -> int:
    """Give a question a new version, and say what it means for attempts; returns its number.

    Attempts that are over are regraded a moment later, by the job of `kind`, and what classes have answered by its own.
    """
    row = bank.taught(tx, actor, question_id)
    known = (each for _, _, each in over(tx, question_id, after=0))
    check_same_kind(checking.check(content), change, known)
    version = bank.new_version(tx, actor, question_id, content)
    if change is not Change.FROM_NOW_ON:
        version.change, version.keeps_better, version.reason = change, keeps_better, line(reason)[:LONGEST_REASON]
        version.regraded_to, version.regraded_at = 0, None
        tx.session.add(version)
        _forget_credits_in_class(tx, question_id)
        tx.note('question regraded', question=question_id, version=version.number, change=change)
    return row.version


def _forget_credits_in_class(tx: Transaction, question_id: int) -> None:
    """Let what classes have answered be graded anew by the job of `class_answers`; what was erased stays as it is."""
    asked = select(col(LiveQuestion.id)).where(col(LiveQuestion.question_id) == question_id)
    given = col(LiveAnswer.live_question_id).in_(asked), col(LiveAnswer.answer).is_not(None)
    tx.execute(update(LiveAnswer).where(*given).values(credit=None))


def accept_too(tx: Transaction, actor: Actor | None, question_id: int, *, answer: str) -> int:
    """Take one more answer to a short text or a number as right, for everybody; returns the number of the version."""
    known = bank.one(tx, actor, question_id).content
    return edit(tx, actor, question_id, _with_answer(known, answer), change=Change.ACCEPT_BOTH)


def kind() -> Kind:
    """Return the job that regrades; a page that has changed a question hurries it."""
    return Kind(name=NAME, work=lambda _: regrade_all(), repeats=EVERY)


async def regrade_all() -> None:
    """Regrade for all versions that are due, some attempts in a commit."""
    while await database.write(regrade_some):
        pass


def regrade_some(tx: Transaction) -> bool:
    """Regrade some attempts for one version that is due; returns whether there may be more."""
    due = col(QuestionVersion.change) != Change.FROM_NOW_ON, col(QuestionVersion.regraded_at).is_(None)
    version = tx.session.scalars(select(QuestionVersion).where(*due).order_by(col(QuestionVersion.id)).limit(1)).first()
    if version is None:
        return False
    content = bank.content_of(version.id, version.content)
    rows = list(over(tx, version.question_id, after=version.regraded_to, most=AT_ONCE))
    changed = [attempt for attempt, row, known in rows if other_versions.grade_by(tx, version, content, row, known)]
    closing.count(tx, changed, by=version.created_by, verb=Verb.REGRADED)
    if len(rows) < AT_ONCE:
        version.regraded_at = tx.now
    else:
        version.regraded_to = rows[-1][0].id
    tx.session.add(version)
    return True


_Row = tuple[Attempt, AttemptAnswer, Content]


def over(tx: Transaction, question_id: int, *, after: int, most: int | None = None) -> Iterator[_Row]:
    """Yield attempts that are over with their answers to a question, but for those that a person has graded.

    The answers of people who were erased are gone, and what they were worth stays.
    """
    erased = select(col(User.id)).where(col(User.erased_at).is_not(None))
    which = (
        col(AttemptAnswer.question_id) == question_id,
        col(AttemptAnswer.is_by_hand).is_(False),
        col(AttemptAnswer.credit).is_not(None),
        col(Attempt.state) != AttemptState.IN_PROGRESS,
        col(Attempt.id) > after,
        col(Attempt.user_id).not_in(erased),
    )
    rows = tx.execute(
        select(Attempt, AttemptAnswer, col(QuestionVersion.content))
        .join(AttemptAnswer, col(AttemptAnswer.attempt_id) == col(Attempt.id))
        .join(QuestionVersion, col(QuestionVersion.id) == col(AttemptAnswer.version_id))
        .where(*which)
        .order_by(col(Attempt.id))
        .limit(most)
    )
    for attempt, row, content in rows:
        yield attempt, row, bank.content_of(row.version_id, content)


def check_same_kind(content: Content, change: Change, known: Iterable[Content]) -> None:
    """Raise `Refused` where answers to the versions before cannot be graded with this one."""
    if change in {Change.FROM_NOW_ON, Change.FULL_CREDIT}:
        return
    for before in known:
        if before.kind is not content.kind:
            raise Refused('The question is of another kind now, so old answers cannot be graded with it.')
        if not other_versions.fits(before, content, change):
            raise Refused(
                'An option that learners could choose is gone or has another text. Keep it, or choose “from now on” or '
                '“full credit”.'
            )


def _with_answer(known: Content, answer: str) -> Content:
    if known.kind is QuestionKind.SHORT_TEXT:
        return replace(known, texts=(*known.texts, TextAnswer(pattern=answer.replace('*', '\\*'))))
    if known.kind is QuestionKind.NUMERIC:
        return replace(known, numbers=(NumberAnswer(value=numbers.read(answer)), *known.numbers))
    raise Refused('Only short texts and numbers can take one more answer.')
