"""A key was wrong: what that means for attempts that are over is said first, done once, and can be taken back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Attempt, Change, QuestionVersion, Reveal, Verb
from services.activity import log
from services.core import database, jobs
from services.core.errors import Refused
from services.core.transaction import Transaction
from services.quizzes import bank, closing, dry_runs, marking, regrading, results
from services.quizzes.answer import Answer
from services.quizzes.question import QuestionKind, TextAnswer
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import assert_log_and_projections_agree, percent
from tests.factories.quizzes import FINEST, NAME_IT, RIGHT, SAND_IS_RIGHT, QuizAtHand, a_quiz, begin, give, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q3', 'Q7'), pytest.mark.both_databases]


def scores(tx: Transaction) -> list[int | None]:
    return list(tx.session.scalars(select(col(Attempt.score)).order_by(col(Attempt.id))))


async def a_taken_quiz() -> QuizAtHand:
    quiz = await a_quiz(questions=(FINEST, NAME_IT), learners=[f'Learner {n}' for n in range(3)])
    given = (RIGHT[0], RIGHT[2]), (Answer(chosen=(1,)), RIGHT[2]), (Answer(chosen=(1,)), None)
    for who, answers in zip(quiz.klass.learners, given, strict=True):
        await take(quiz, answers, by=who)
    return quiz


async def regrade() -> None:
    while await database.write(regrading.regrade_some):
        pass


async def change(quiz: QuizAtHand, content: object, **how: object) -> None:
    await database.write(regrading.edit, quiz.teacher, quiz.question_ids[0], content, **how)  # type: ignore[arg-type]
    await regrade()


async def test_a_wrong_key_is_fixed_and_nobody_loses_by_default() -> None:
    quiz = await a_taken_quiz()
    assert await database.read(scores) == [100, 33, 0]
    dry = await database.read(
        dry_runs.of_change, quiz.teacher, quiz.question_ids[0], SAND_IS_RIGHT, change=Change.REGRADE
    )
    assert (dry.attempts, dry.up, dry.down, dry.flips) == (3, 2, 0, 2)
    assert [(each.name, each.before, each.after) for each in dry.moved] == [
        ('Learner 1', 33, 100),
        ('Learner 2', 0, 66),
    ]
    assert await database.read(scores) == [100, 33, 0]

    await change(quiz, SAND_IS_RIGHT, change=Change.REGRADE, reason='The key was wrong.')
    assert await database.read(scores) == [100, 100, 66]
    assert [await percent(quiz.klass, who) for who in quiz.klass.learners] == [50, 50, 50]
    regraded = await database.read(log.read, col(log.Activity.verb) == Verb.REGRADED)
    assert [(each.score, each.details and each.details['was']) for each in regraded] == [(100, 33), (66, 0)]
    await assert_log_and_projections_agree()


async def test_there_and_back_restores_all() -> None:
    quiz = await a_taken_quiz()
    await change(quiz, SAND_IS_RIGHT, change=Change.REGRADE, keeps_better=False)
    assert await database.read(scores) == [33, 100, 66]
    await change(quiz, FINEST, change=Change.REGRADE, keeps_better=False)
    assert await database.read(scores) == [100, 33, 0]
    await assert_log_and_projections_agree()


@pytest.mark.parametrize(
    ('how', 'after'),
    [(Change.FROM_NOW_ON, [100, 33, 0]), (Change.ACCEPT_BOTH, [100, 100, 66]), (Change.FULL_CREDIT, [100, 100, 66])],
)
async def test_the_other_ways(how: Change, after: list[int]) -> None:
    quiz = await a_taken_quiz()
    await change(quiz, SAND_IS_RIGHT, change=how)
    assert await database.read(scores) == after
    await take(quiz, (Answer(chosen=(1,)), RIGHT[2]))
    assert (await database.read(scores))[-1] == 100


@pytest.mark.parametrize(
    ('how', 'after'),
    [
        (Change.FROM_NOW_ON, [33, 100]),
        (Change.REGRADE, [100, 100]),
        (Change.ACCEPT_BOTH, [100, 100]),
        (Change.FULL_CREDIT, [100, 100]),
    ],
)
@pytest.mark.parametrize('is_checked_at_once', [False, True])
async def test_who_is_in_an_attempt_while_a_key_is_fixed_is_graded_like_the_others(
    how: Change, after: list[int], is_checked_at_once: bool
) -> None:
    shows = Reveal.AFTER_ANSWER if is_checked_at_once else Reveal.AFTER_SUBMIT
    quiz = await a_quiz(questions=(FINEST, NAME_IT), learners=('Lena', 'Otto'), rules=Rules(shows_right=shows))
    begun = [await begin(quiz, by=who) for who in quiz.klass.learners]
    for who, attempt_id, chosen in zip(quiz.klass.learners, begun, (1, 0), strict=True):
        await give(quiz, attempt_id, 0, Answer(chosen=(chosen,)), by=who)
        await give(quiz, attempt_id, 1, RIGHT[2], by=who)
    await change(quiz, SAND_IS_RIGHT, change=how)
    for who, attempt_id in zip(quiz.klass.learners, begun, strict=True):
        await database.write(closing.submit, who, attempt_id)
    assert await database.read(scores) == after
    await regrade()
    assert await database.read(scores) == after
    await assert_log_and_projections_agree()


async def test_what_a_person_has_graded_stays() -> None:
    quiz = await a_taken_quiz()
    attempt_id = (await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id))[2].attempt_id
    await database.write(marking.grade, quiz.teacher, attempt_id, position=0, points=Decimal(1))
    await change(quiz, SAND_IS_RIGHT, change=Change.REGRADE)
    assert await database.read(scores) == [100, 100, 33]


async def test_what_old_answers_cannot_be_graded_with_is_refused() -> None:
    quiz = await a_taken_quiz()
    gone = replace(FINEST, options=FINEST.options[:2])
    other = replace(NAME_IT, kind=QuestionKind.SHORT_TEXT)
    for content, sentence in ((gone, 'is gone'), (other, 'another kind')):
        with pytest.raises(Refused, match=sentence):
            await database.write(regrading.edit, quiz.teacher, quiz.question_ids[0], content, change=Change.REGRADE)
        await database.read(bank.one, quiz.teacher, quiz.question_ids[0])
    await change(quiz, gone)
    assert await database.read(scores) == [100, 33, 0]


async def test_one_more_answer_is_taken_for_everybody() -> None:
    quiz = await a_quiz(questions=(NAME_IT,), learners=('Lena', 'Otto'))
    for who, text in zip(quiz.klass.learners, (' Compost* ', 'humus'), strict=True):
        await take(quiz, [Answer(text=text)], by=who)
    (wrong,) = await database.read(results.wrong_answers, quiz.teacher, quiz.question_ids[0])
    assert (wrong.text, wrong.count) == ('Compost*', 1)
    await database.write(regrading.accept_too, quiz.teacher, quiz.question_ids[0], answer=wrong.text)
    await jobs.run_due([regrading.kind()])
    assert await database.read(scores) == [100, 100]
    texts = (await database.read(bank.one, quiz.teacher, quiz.question_ids[0])).content.texts
    assert TextAnswer(pattern='Compost\\*') in texts


async def test_many_attempts_are_regraded_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrading, 'AT_ONCE', 2)
    quiz = await a_taken_quiz()
    await database.write(regrading.edit, quiz.teacher, quiz.question_ids[0], SAND_IS_RIGHT, change=Change.REGRADE)
    assert await database.write(regrading.regrade_some)
    assert await database.read(scores) == [100, 100, 0]
    await regrade()
    assert await database.read(scores) == [100, 100, 66]
    due = select(QuestionVersion).where(col(QuestionVersion.change) != Change.FROM_NOW_ON)
    (version,) = await database.read(lambda tx: tx.session.scalars(due).all())
    assert version.regraded_at is not None
