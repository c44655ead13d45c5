"""Results that a quiz keeps back until later: told on their learner's side once they may be known, by the clock.

Those who teach know a score as soon as it is there. On the learner's side nothing may follow from it before the quiz
shows it: no points, no badge, no notice, no completed step. So the log says of such a grade that it is held, and here,
later, that the result is open; what earns points or tells the learner follows that. A quiz that was made to show its
score never while results were held opens none of them: their steps are complete, as if they had been handed in now.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlmodel import col

from models import Attempt, AttemptState, Checkpoint, Progress, Quiz, Reveal, Verb
from services.activity import recording
from services.activity.log import Entry
from services.core import database
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.progress import auto_complete
from services.quizzes import closing, revealing
from services.quizzes.mastery import marks_of

NAME = 'results opening'
EVERY = timedelta(seconds=30)
AT_ONCE = 25
"""attempts that are looked at in one transaction, so that taps do not wait"""


def kind() -> Kind:
    """Return the job that opens results."""
    return Kind(name=NAME, work=lambda _: open_all(), repeats=EVERY)


async def open_all() -> None:
    """Open all results that may be known by now, some in a commit."""
    position = 0
    while found := await database.read(due, position):
        position = found[-1]
        await database.write(open_some, found)


def due(tx: Transaction, after: int = 0) -> list[int]:
    """Return some attempts behind one of them, in order, whose result may be open by now; a look beside the writer."""
    ends = func.coalesce(col(Quiz.closes_at), col(Checkpoint.due_at))
    at_once = col(Quiz.shows_score).in_((Reveal.AFTER_ANSWER, Reveal.AFTER_SUBMIT))
    may_be_open = at_once | ((col(Quiz.shows_score) == Reveal.AFTER_CLOSE) & (ends <= tx.now))
    completed = exists().where(
        col(Progress.user_id) == col(Attempt.user_id),
        col(Progress.checkpoint_id) == col(Attempt.checkpoint_id),
        col(Progress.completed_at).is_not(None),
    )
    is_left = (col(Quiz.shows_score) == Reveal.NEVER) & ~completed
    rows = (
        select(col(Attempt.id))
        .join(Quiz, col(Quiz.checkpoint_id) == col(Attempt.checkpoint_id))
        .join(Checkpoint, col(Checkpoint.id) == col(Attempt.checkpoint_id))
        .where(col(Attempt.is_held), col(Attempt.id) > after, may_be_open | is_left)
    )
    return list(tx.session.scalars(rows.order_by(col(Attempt.id)).limit(AT_ONCE)))


def open_some(tx: Transaction, attempt_ids: Sequence[int]) -> int:
    """Open those of some results that their learners may know now; returns how many."""
    held = col(Attempt.id).in_(attempt_ids), col(Attempt.is_held), col(Attempt.state) == AttemptState.GRADED
    attempts = tx.session.scalars(select(Attempt).where(*held).order_by(col(Attempt.id)).with_for_update()).all()
    pairs = [(tx.session.get_one(Quiz, each.checkpoint_id), each.user_id) for each in attempts]
    kept_back = revealing.keeps_score(tx, pairs)
    opened = [each for each in attempts if (each.checkpoint_id, each.user_id) not in kept_back]
    for each in opened:
        each.is_held = False
    tx.session.add_all(opened)
    tx.session.flush()
    marks = marks_of(tx, {each.course_id for each in opened})
    recording.record(tx, [_entry(tx, each, marks[each.course_id]) for each in opened])
    never = [each for each in attempts if tx.session.get_one(Quiz, each.checkpoint_id).shows_score is Reveal.NEVER]
    passed = [closing.passed(each) for each in opened if each.is_passed]
    auto_complete.complete_all(tx, passed + [closing.handed_in(each) for each in never])
    return len(opened)


def _entry(tx: Transaction, attempt: Attempt, mark: int) -> Entry:
    opened = closing.entry(attempt, Verb.RESULT_OPENED, f'open:{tx.now.timestamp():.0f}')
    details = {'attempt': attempt.id, 'mark': mark}
    return replace(opened, score=attempt.score, details=details, happened_at=None)
