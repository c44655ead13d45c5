"""Asking a class: a question is opened, closed, shown with what was answered, and solved, one at a time.

The version is fixed when it is opened: an edit of the question, or its deletion, changes nothing in class.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import SystemRandom
from types import MappingProxyType

from sqlalchemy import func, select
from sqlmodel import col

from models import LiveQuestion, LiveQuestionState, LiveSession, QuestionVersion
from services import access
from services.access import Actor
from services.core.errors import Gone, Invalid, NotFound, Refused
from services.core.events import LiveQuestionMoved
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.quizzes import bank
from services.quizzes.question import Question, QuestionKind
from services.quizzes.skill_results import TYPED_IN_CLASS

ASKED = frozenset(
    {
        QuestionKind.SINGLE_CHOICE,
        QuestionKind.MULTIPLE_CHOICE,
        QuestionKind.TRUE_FALSE,
        QuestionKind.NUMERIC,
        QuestionKind.SHORT_TEXT,
    }
)
"""the kinds that are answered with a tap or a word; others take a quiz"""

LEAST_SECONDS, MOST_SECONDS = 5, 1800
"""a countdown may have"""

NEXT: Mapping[LiveQuestionState, frozenset[LiveQuestionState]] = MappingProxyType(
    {
        LiveQuestionState.OPEN: frozenset({LiveQuestionState.CLOSED}),
        LiveQuestionState.CLOSED: frozenset(
            {LiveQuestionState.OPEN, LiveQuestionState.DISTRIBUTION, LiveQuestionState.SOLUTION}
        ),
        LiveQuestionState.DISTRIBUTION: frozenset({LiveQuestionState.SOLUTION}),
        LiveQuestionState.SOLUTION: frozenset(),
    }
)


def ask(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    question_id: int,
    *,
    seconds: int | None = None,
    shows_live: bool = False,
) -> int:
    """Open a question of the bank for the class that is on; returns the id under which it is asked.

    With `seconds`, it closes by itself after so long; with `shows_live`, the room sees meanwhile what is answered. The
    question that was shown before is taken from the screens.
    """
    if seconds is not None and seconds not in range(LEAST_SECONDS, MOST_SECONDS + 1):
        raise Invalid(
            'Give from {least} to {most} seconds to answer.', least=LEAST_SECONDS, most=MOST_SECONDS, field='seconds'
        )
    access.taught_course(tx, actor, course_id)
    session = _running(tx, course_id)
    question = bank.taught(tx, actor, question_id)
    if question.course_id != course_id:
        raise NotFound('This question is gone. Somebody may have deleted it.')
    version, content = bank.newest(tx, question)
    if content.kind not in ASKED:
        raise Refused('A class answers with a tap or a word. Ask this question in a quiz instead.')
    if before := _shown(tx, session.id):
        if before.state is LiveQuestionState.OPEN:
            raise Refused('A question is open. Close it before you ask the next one.')
        _put_away(tx, before)
    row = LiveQuestion(
        session_id=session.id,
        course_id=course_id,
        question_id=question_id,
        version_id=version.id,
        number=_count(tx, session.id) + 1,
        shown=_order(content),
        asked_by=access.signed_in(tx, actor).user_id,
        opened_at=tx.now,
        closes_at=None if seconds is None else tx.now + timedelta(seconds=seconds),
        shows_live=shows_live,
    )
    tx.session.add(row)
    tx.session.flush()
    _changed(tx, row, 'question asked')
    return row.id


def ask_new(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    question: Question,
    *,
    seconds: int | None = None,
    shows_live: bool = False,
) -> int:
    """Put a question into the bank that was typed just now, tagged so, and open it for the class."""
    question_id = bank.add(tx, actor, course_id, replace(question, tags=(*question.tags, TYPED_IN_CLASS)))
    return ask(tx, actor, course_id, question_id, seconds=seconds, shows_live=shows_live)


def move(tx: Transaction, actor: Actor | None, live_question_id: int, state: LiveQuestionState) -> None:
    """Close a question, open it again, or show what was answered or what is right; where it is already, it stays."""
    row = _taught(tx, actor, live_question_id)
    if row.state is state:
        return
    if state not in NEXT[row.state]:
        raise Refused(_CLOSE_FIRST if row.state is LiveQuestionState.OPEN else _SHOWN_ALREADY)
    row.state = state
    row.closed_at = None if state is LiveQuestionState.OPEN else row.closed_at or tx.now
    row.closes_at = None  # opened again, it stays open until somebody closes it
    tx.session.add(row)
    tx.session.flush()
    _changed(tx, row, 'question moved')


def show_live(tx: Transaction, actor: Actor | None, live_question_id: int, *, shows: bool) -> None:
    """Show the room what is answered while the question is open, or not."""
    row = _taught(tx, actor, live_question_id)
    if row.state is not LiveQuestionState.OPEN:
        raise Refused('This question is closed. Show the answers instead.')
    if row.shows_live is not shows:
        row.shows_live = shows
        tx.session.add(row)
        tx.session.flush()
        _changed(tx, row, 'question moved')


def close_over(tx: Transaction, live_question_id: int) -> None:
    """Close a question whose time is over; one that is closed already, or has more time, stays as it is."""
    row = tx.session.get(LiveQuestion, live_question_id, with_for_update=True)
    if row is None or row.put_away_at or row.state is not LiveQuestionState.OPEN:
        return
    if row.closes_at is None or row.closes_at > tx.now:
        return
    row.state, row.closed_at, row.closes_at = LiveQuestionState.CLOSED, row.closes_at, None
    tx.session.add(row)
    tx.session.flush()
    _changed(tx, row, 'question moved')


def put_away(tx: Transaction, actor: Actor | None, live_question_id: int) -> None:
    """Take a question from all screens of the class; what was answered stays."""
    _put_away(tx, _taught(tx, actor, live_question_id))


def close_all(tx: Transaction, session: LiveSession) -> None:
    """Take the question that is shown from the screens when a class ends; answers are not taken any more."""
    if row := _shown(tx, session.id):
        _put_away(tx, row)


def _put_away(tx: Transaction, row: LiveQuestion) -> None:
    if row.state is LiveQuestionState.OPEN:
        row.state = LiveQuestionState.CLOSED
    row.closed_at = row.closed_at or tx.now
    row.closes_at = None
    row.put_away_at = tx.now
    tx.session.add(row)
    tx.session.flush()
    _changed(tx, row, 'question taken from the screens')


def _taught(tx: Transaction, actor: Actor | None, live_question_id: int) -> LiveQuestion:
    """Return a question that is shown in a class of the actor; absent and not theirs look the same."""
    row = tx.session.get(LiveQuestion, live_question_id, with_for_update=True)
    access.taught_course(tx, actor, row.course_id if row else 0)
    if row is None:
        raise NotFound('There is no such question in class.')
    if row.put_away_at:
        raise Gone('This question is over. Its answers are kept; ask it again if you like.')
    return row


def _running(tx: Transaction, course_id: int) -> LiveSession:
    query = select(LiveSession).where(col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_(None))
    if session := tx.session.scalars(query.with_for_update()).one_or_none():
        return session
    raise Refused('No class is running in this course. Start one; then you can ask it.')


def _shown(tx: Transaction, session_id: int) -> LiveQuestion | None:
    where = col(LiveQuestion.session_id) == session_id, col(LiveQuestion.put_away_at).is_(None)
    return tx.session.scalars(select(LiveQuestion).where(*where).with_for_update()).one_or_none()


def _count(tx: Transaction, session_id: int) -> int:
    return tx.execute(select(func.count()).where(col(LiveQuestion.session_id) == session_id)).scalar_one()


def _order(content: Question) -> list[int]:
    """Return the order in which the whole class sees the options, so that a letter means the same to everybody."""
    places = list(range(len(content.options)))
    if content.kind is not QuestionKind.TRUE_FALSE and content.is_shuffled:
        _random.shuffle(places)
    return places


def _changed(tx: Transaction, row: LiveQuestion, what: str) -> None:
    tx.announce(
        LiveQuestionMoved(
            course_id=row.course_id,
            session_id=row.session_id,
            live_question_id=row.id,
            question_id=row.question_id,
            version_id=row.version_id,
            number=row.number,
            state=None if row.put_away_at else row.state,
            shown=tuple(row.shown),
            content=tx.session.get_one(QuestionVersion, row.version_id).content,
            closes_at=row.closes_at,
            shows_live=row.shows_live,
        )
    )
    tx.note(what, course=row.course_id, session=row.session_id, question=row.question_id, state=row.state)


_random = SystemRandom()
_SHOWN_ALREADY = phrase('The class has seen the answers. Ask the question again if they should answer again.')
_CLOSE_FIRST = phrase('Close the question first; then show what was answered.')
