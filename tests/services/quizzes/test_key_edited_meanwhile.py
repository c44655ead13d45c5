"""A key is fixed in one process in the instant in which attempts end in another: no attempt keeps the wrong one."""

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from models import Attempt, Change
from services import projections
from services.core import clock, database
from services.core.engines import open_engines
from services.core.transaction import Transaction
from services.quizzes import closing, regrading
from services.quizzes.answer import Answer
from tests.factories.quizzes import FINEST, SAND_IS_RIGHT, QuizAtHand, a_quiz, begin, give

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q3', 'O2'), pytest.mark.both_databases]

Work = Callable[[Transaction], object]


@pytest.fixture
def processes(url: str) -> Iterator[tuple[Engine, Engine]]:
    """What two processes write with."""
    both = open_engines(url, readers=1), open_engines(url, readers=1)
    yield both[0].writing, both[1].writing
    for each in both:
        each.dispose()


@pytest.mark.parametrize('ends_first', [True, False])
async def test_an_attempt_that_ends_while_its_key_is_fixed_elsewhere_gets_the_new_key(
    processes: tuple[Engine, Engine], ends_first: bool
) -> None:
    quiz = await a_quiz(questions=(FINEST,))
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, Answer(chosen=(1,)))

    def end(tx: Transaction) -> None:
        closing.submit(tx, quiz.learner, attempt_id)

    slow, fast = (end, fixes(quiz)) if ends_first else (fixes(quiz), end)
    at_the_same_time(processes, slow, fast)
    while await database.write(regrading.regrade_some):
        pass
    assert await database.read(lambda tx: tx.session.scalars(select(col(Attempt.score))).all()) == [100]


def fixes(quiz: QuizAtHand) -> Work:
    """Return what another process does: the new key, and all of the job that regrades by it."""

    def fix(tx: Transaction) -> None:
        regrading.edit(tx, quiz.teacher, quiz.question_ids[0], SAND_IS_RIGHT, change=Change.REGRADE)
        while regrading.regrade_some(tx):
            pass

    return fix


def at_the_same_time(processes: tuple[Engine, Engine], slow: Work, fast: Work) -> None:
    """Do two things in transactions of their own, of which the first commits last if the other one does not wait."""
    has_written, may_commit = Event(), Event()

    def slowly() -> None:
        with processes[0].begin() as connection:
            perform(connection, slow)
            has_written.set()
            assert may_commit.wait(20)

    def quickly() -> None:
        with processes[1].begin() as connection:
            perform(connection, fast)

    first, second = Thread(target=slowly), Thread(target=quickly)
    first.start()
    assert has_written.wait(20)
    second.start()
    second.join(0.3)  # time enough to overtake, if it could
    may_commit.set()
    first.join(20)
    second.join(20)


def perform(connection: Connection, work: Work) -> None:
    tx = Transaction(connection, clock.now(), projections=projections.ALL)
    work(tx)
    tx.finish()
