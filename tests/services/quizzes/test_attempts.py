"""Attempts at a quiz: every answer saved, the end kept by the server, graded once, whatever happens."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, Reveal, Verb
from services.access import Actor
from services.activity import log
from services.core import clock, database, jobs
from services.core.database import Database
from services.core.errors import DomainError, Gone, Invalid, NotFound, Refused, Removed
from services.core.transaction import Transaction
from services.people import groups, participants
from services.quizzes import answering, attempts, bank, closing, limits, quiz_settings
from services.quizzes.answer import Answer
from services.quizzes.answering import Given
from services.quizzes.quiz_settings import Draw, Fixed, Rules
from tests.factories.classes import assert_log_and_projections_agree, percent
from tests.factories.people import another_device
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WHY, WRONG, a_quiz, begin, give, take
from tests.support.queries import statements

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q1', 'Q2', 'Q3'), pytest.mark.both_databases]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the one clock on."""

    def move(by: timedelta) -> None:
        now = clock.now
        monkeypatch.setattr(clock, 'now', lambda: now() + by)

    return move


def attempt_of(tx: Transaction, attempt_id: int) -> dict[str, object]:
    return tx.session.get_one(Attempt, attempt_id).model_dump()


def answers_of(tx: Transaction, attempt_id: int) -> list[dict[str, object]]:
    mine = select(AttemptAnswer).where(col(AttemptAnswer.attempt_id) == attempt_id)
    return [row.model_dump() for row in tx.session.scalars(mine.order_by(col(AttemptAnswer.position)))]


async def test_who_passes_completes_the_checkpoint() -> None:
    quiz = await a_quiz()
    attempt_id = await take(quiz)

    attempt = await database.read(attempt_of, attempt_id)
    assert attempt['state'] is AttemptState.GRADED
    assert (attempt['score'], attempt['is_passed'], attempt['possible']) == (100, True, 400)
    assert await percent(quiz.klass, quiz.learner) == 50
    await assert_log_and_projections_agree()


async def test_who_fails_tries_again_and_the_better_one_counts() -> None:
    quiz = await a_quiz()
    first = await take(quiz, [RIGHT[0], WRONG[1], None])
    assert (await database.read(attempt_of, first))['score'] == 50
    assert await percent(quiz.klass, quiz.learner) == 0

    second = await take(quiz)
    again = await database.read(attempt_of, second)
    assert (again['number'], again['score']) == (2, 100)
    assert await percent(quiz.klass, quiz.learner) == 50
    await take(quiz, WRONG)
    assert await percent(quiz.klass, quiz.learner) == 50
    await assert_log_and_projections_agree()


async def test_an_answer_is_kept_with_all_that_was_measured() -> None:
    quiz = await a_quiz(rules=Rules(asks_confidence=True))
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, WRONG[0])
    given = Given(
        actor=quiz.learner,
        attempt_id=attempt_id,
        position=0,
        tap_id='b',
        answer=RIGHT[0],
        confidence=4,
        seconds=7.6,
        has_pasted=True,
    )
    await answering.save(given)

    (row, *_) = await database.read(answers_of, attempt_id)
    assert row | {'answer': '{"chosen":[0]}', 'changes': 1, 'seconds': 13, 'confidence': 4} == row
    assert row['credit'] is None
    assert (await database.read(attempt_of, attempt_id))['times_pasted'] == 1
    logged = await database.read(log.read, col(log.Activity.verb) == Verb.ANSWERED)
    assert [each.details for each in logged] == [
        {'attempt': attempt_id, 'position': 0, 'question': quiz.question_ids[0]}
    ] * 2


async def test_the_same_answer_twice_is_one_and_another_device_goes_on() -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0], tap_id='same')
    await give(quiz, attempt_id, 0, RIGHT[0], tap_id='same')
    tablet = await another_device(of=quiz.learner)
    assert await begin(quiz, by=tablet) == attempt_id
    shown = await database.read(attempts.paper, tablet, attempt_id)
    assert [each.answer for each in shown.asked] == [RIGHT[0], None, None]
    assert (await database.read(answers_of, attempt_id))[0]['changes'] == 0

    await give(quiz, attempt_id, 0, None, by=tablet)
    assert (await database.read(attempts.paper, quiz.learner, attempt_id)).asked[0].answer is None
    assert await database.write(closing.submit, quiz.learner, attempt_id)
    assert not await database.write(closing.submit, tablet, attempt_id)
    with pytest.raises(Gone, match='submitted already'):
        await give(quiz, attempt_id, 1, RIGHT[1], by=tablet)
    with pytest.raises(Gone, match='was submitted'):
        await database.read(attempts.paper, tablet, attempt_id)


async def test_what_a_paper_shows_never_says_what_is_right() -> None:
    quiz = await a_quiz(questions=(FINEST, HOW_ACID, NAME_IT, WHY))
    paper = await database.read(attempts.paper, quiz.learner, await begin(quiz))
    told = repr(paper)
    for secret in ('0.002', 'coarsest', 'holds water', 'humus', 'large pores'):
        assert secret not in told.casefold()
    assert {place for place, _ in paper.asked[0].options} == {0, 1, 2}


async def test_the_clock_submits_what_was_saved(later: Callable[[timedelta], None]) -> None:
    quiz = await a_quiz(rules=Rules(minutes=10))
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0])

    later(timedelta(minutes=10, seconds=8))
    assert await database.write(closing.close_due) == 0
    saved = await give(quiz, attempt_id, 1, RIGHT[1])
    assert saved.late_seconds == 8 or saved.late_seconds == 9  # the clock goes on meanwhile
    later(timedelta(seconds=3))
    with pytest.raises(Gone, match='time is up'):
        await give(quiz, attempt_id, 2, RIGHT[2])
    assert await database.write(closing.close_due) == 1
    assert await database.write(closing.close_due) == 0

    attempt = await database.read(attempt_of, attempt_id)
    assert (attempt['score'], attempt['is_out_of_time']) == (75, True)
    assert attempt['submitted_at'] == attempt['ends_at']
    assert attempt['late_seconds'] == saved.late_seconds
    await assert_log_and_projections_agree()


async def test_many_attempts_are_closed_in_as_many_statements_as_few(
    db: Database, later: Callable[[timedelta], None]
) -> None:
    quiz = await a_quiz(rules=Rules(minutes=10), learners=[f'Learner {number}' for number in range(10)])

    async def close(learners: Sequence[Actor]) -> int:
        for who in learners:
            attempt_id = await begin(quiz, by=who)
            await give(quiz, attempt_id, 0, RIGHT[0], by=who)
        later(timedelta(minutes=11))
        with statements(db.engines.writing) as asked:
            assert await database.write(closing.close_due) == len(learners)
        return len(asked)

    few, many = await close(quiz.klass.learners[:2]), await close(quiz.klass.learners[2:])
    assert many <= few, 'nothing is asked for each attempt by itself'


async def test_extra_time_moves_the_end(later: Callable[[timedelta], None]) -> None:
    quiz = await a_quiz(rules=Rules(minutes=30))
    course_id, lena = quiz.klass.course_id, quiz.learner.user_id
    await database.write(groups.give_extra_time, quiz.teacher, course_id, user_id=lena, percent=50)
    paper = await database.read(attempts.paper, quiz.learner, await begin(quiz))
    assert paper.ends_at == paper.started_at + timedelta(minutes=45)
    assert paper.extra_minutes == 15
    assert (await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)).minutes == 45

    async def minutes_now() -> float:
        now = await database.read(attempts.paper, quiz.learner, paper.attempt_id)
        assert now.ends_at is not None
        return (now.ends_at - now.started_at) / timedelta(minutes=1)

    await database.write(groups.give_extra_time, quiz.teacher, course_id, user_id=lena, percent=100)
    assert await minutes_now() == 60
    await database.write(groups.give_extra_time, quiz.teacher, course_id, user_id=lena, percent=0)
    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, Rules(minutes=5))
    assert await minutes_now() == 60
    await database.write(limits.agree, quiz.teacher, quiz.checkpoint_id, user_id=lena, minutes=90)
    assert await minutes_now() == 90
    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, Rules())
    assert (await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)).minutes == 90


async def test_after_an_outage_everybody_gets_the_time_back(later: Callable[[timedelta], None]) -> None:
    quiz = await a_quiz(rules=Rules(minutes=10))
    await a_look_of_the_clock()
    attempt_id = await begin(quiz)
    ended = (await database.read(attempt_of, attempt_id))['ends_at']
    later(timedelta(seconds=15))
    await a_look_of_the_clock()
    assert (await database.read(attempt_of, attempt_id))['ends_at'] == ended
    later(timedelta(minutes=20))
    await a_look_of_the_clock()
    attempt = await database.read(attempt_of, attempt_id)
    assert attempt['state'] is AttemptState.IN_PROGRESS
    assert timedelta(minutes=19) < attempt['ends_at'] - ended < timedelta(minutes=21)  # type: ignore[operator]


async def test_time_is_given_back_once_also_where_closing_fails(
    later: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = await a_quiz(rules=Rules(minutes=10))
    await a_look_of_the_clock()
    attempt_id = await begin(quiz)
    ended = (await database.read(attempt_of, attempt_id))['ends_at']

    def fails(tx: Transaction) -> int:
        raise RuntimeError

    later(timedelta(seconds=15))
    await a_look_of_the_clock()
    later(timedelta(minutes=20))
    with monkeypatch.context() as broken:
        broken.setattr(closing, 'close_due', fails)
        await a_look_of_the_clock()
        given_back = (await database.read(attempt_of, attempt_id))['ends_at']
        later(timedelta(minutes=1))
        await a_look_of_the_clock()
    later(timedelta(minutes=1))
    await a_look_of_the_clock()
    assert timedelta(minutes=19) < given_back - ended < timedelta(minutes=21)  # type: ignore[operator]
    in_all = (await database.read(attempt_of, attempt_id))['ends_at'] - ended  # type: ignore[operator]
    assert in_all < timedelta(minutes=23), 'twenty minutes and what came since, not twenty for each look'


async def a_look_of_the_clock() -> None:
    await jobs.run_due([closing.kind()])


async def test_one_at_a_time_without_a_way_back() -> None:
    quiz = await a_quiz(rules=Rules(one_at_a_time=True, may_go_back=False))
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0])
    await database.write(attempts.go_to, quiz.learner, attempt_id, position=1)
    with pytest.raises(Refused, match='cannot go back'):
        await give(quiz, attempt_id, 0, WRONG[0])
    with pytest.raises(Refused, match='cannot go back'):
        await database.write(attempts.go_to, quiz.learner, attempt_id, position=0)
    await give(quiz, attempt_id, 1, RIGHT[1])


async def test_a_draw_gives_each_attempt_its_own_questions() -> None:
    many = [replace(HOW_ACID, text=f'Question {n}', tags=('pool',)) for n in range(8)]
    quiz = await a_quiz(questions=(FINEST, *many))
    items = (Fixed(question_id=quiz.question_ids[0]), Draw(tag='Pool', count=3, points=Decimal(5)))
    await database.write(quiz_settings.set_items, quiz.teacher, quiz.checkpoint_id, items)
    seen = set()
    for _ in range(6):
        attempt_id = await take(quiz, [RIGHT[0]])
        rows = await database.read(answers_of, attempt_id)
        assert rows[0]['question_id'] == quiz.question_ids[0]
        assert [row['points'] for row in rows] == [200, 500, 500, 500]
        assert len({row['question_id'] for row in rows}) == 4
        seen.update(row['question_id'] for row in rows[1:])
    assert len(seen) > 3
    too_many = [Draw(tag='pool', count=9)]
    with pytest.raises(Invalid, match='Only 8 questions'):
        await database.write(quiz_settings.set_items, quiz.teacher, quiz.checkpoint_id, too_many)


@pytest.mark.parametrize(
    ('rules', 'moved', 'sentence'),
    [
        (Rules(attempts_allowed=1), timedelta(0), 'used all your attempts'),
        (Rules(closes_at=clock.now() + timedelta(days=1)), timedelta(days=2), 'has closed'),
        (Rules(opens_at=clock.now() + timedelta(days=9)), timedelta(0), 'not open yet'),
    ],
)
async def test_no_attempt_begins_when_none_may(
    later: Callable[[timedelta], None], rules: Rules, moved: timedelta, sentence: str
) -> None:
    quiz = await a_quiz(rules=replace(rules, opens_at=None))
    await take(quiz)
    await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, rules)
    later(moved)
    told = await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)
    assert sentence in str(told.problem)
    with pytest.raises(Refused, match=sentence):
        await begin(quiz)


@pytest.mark.both_databases
@pytest.mark.parametrize('year', [1, 9999])
async def test_no_learner_has_a_last_moment_that_no_clock_shows(year: int) -> None:
    quiz = await a_quiz()
    about = {'user_id': quiz.learner.user_id, 'closes_at': datetime(year, 12, 31, 23, 59, tzinfo=UTC)}
    with pytest.raises(Invalid, match='Choose a year from 2000 to 2199'):
        await database.write(limits.agree, quiz.teacher, quiz.checkpoint_id, **about)


async def test_an_essay_waits_for_its_grade() -> None:
    quiz = await a_quiz(questions=(FINEST, WHY))
    attempt_id = await take(quiz, [RIGHT[0], Answer(text='Because of large pores.')])
    attempt = await database.read(attempt_of, attempt_id)
    assert (attempt['state'], attempt['score']) == (AttemptState.SUBMITTED, None)


async def test_the_end_of_a_quiz_that_is_closed_to_others_is_that_of_who_is_in_it() -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    await database.write(quiz_settings.publish, quiz.teacher, quiz.checkpoint_id, published=False)
    await give(quiz, attempt_id, 0, RIGHT[0])
    asked = await database.read(bank.one, quiz.teacher, quiz.question_ids[0])
    await database.write(bank.new_version, quiz.teacher, asked.question_id, replace(asked.content, text='Another?'))
    assert (await database.read(attempts.paper, quiz.learner, attempt_id)).asked[0].text == FINEST.text


async def test_a_question_that_is_deleted_while_somebody_answers_it_stays_in_their_attempt() -> None:
    """It can be drawn or taken out of the quiz: both let a teacher delete it meanwhile."""
    quiz = await a_quiz(questions=(replace(FINEST, tags=('soil',)), HOW_ACID))
    drawn, fixed = quiz.question_ids
    items = (Draw(tag='soil', count=1), Fixed(question_id=fixed))
    await database.write(quiz_settings.set_items, quiz.teacher, quiz.checkpoint_id, items)
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0])
    await database.write(bank.delete, quiz.teacher, drawn)
    await database.write(quiz_settings.set_items, quiz.teacher, quiz.checkpoint_id, items[1:])

    paper = await database.read(attempts.paper, quiz.learner, attempt_id)
    assert [(each.text, each.answer) for each in paper.asked] == [(FINEST.text, RIGHT[0]), (HOW_ACID.text, None)]
    await give(quiz, attempt_id, 1, RIGHT[1])
    await database.write(closing.submit, quiz.learner, attempt_id)
    assert (await database.read(attempt_of, attempt_id))['score'] == 100
    await assert_log_and_projections_agree()


async def test_who_is_removed_during_an_attempt_loses_nothing(later: Callable[[timedelta], None]) -> None:
    """What was saved is handed in when the time is up, and who comes back before goes on."""
    quiz = await a_quiz(rules=Rules(minutes=10), learners=('Lena Learner', 'Otto Other'))
    lena, otto = quiz.klass.learners
    papers = {who: await begin(quiz, by=who) for who in (lena, otto)}
    for who, attempt_id in papers.items():
        await give(quiz, attempt_id, 0, RIGHT[0], by=who)
        about = {'course_id': quiz.klass.course_id, 'user_id': who.user_id}
        await database.write(participants.remove, quiz.teacher, **about)
        with pytest.raises(Removed):
            await give(quiz, attempt_id, 1, RIGHT[1], by=who)

    await database.write(participants.bring_back, quiz.teacher, quiz.klass.course_id, user_id=otto.user_id)
    assert await begin(quiz, by=otto) == papers[otto]
    await give(quiz, papers[otto], 1, RIGHT[1], by=otto)
    later(timedelta(minutes=11))
    assert await database.write(closing.close_due) == 2
    for who, score in ((lena, 50), (otto, 75)):
        assert (await database.read(attempt_of, papers[who]))['score'] == score
    await assert_log_and_projections_agree()


async def test_strangers_and_those_who_were_removed_get_nowhere() -> None:
    quiz = await a_quiz(learners=('Lena Learner', 'Otto Other'))
    attempt_id = await begin(quiz)
    otto = quiz.klass.learners[1]
    for verb in (attempts.paper, closing.submit):
        with pytest.raises(NotFound):
            await database.write(verb, otto, attempt_id)
        with pytest.raises(DomainError):
            await database.write(verb, None, attempt_id)
    with pytest.raises(NotFound):
        await give(quiz, attempt_id, 0, RIGHT[0], by=otto)
    with pytest.raises(Refused):
        await give(quiz, attempt_id, 9, RIGHT[0])
    with pytest.raises(Refused):
        await give(quiz, attempt_id, 0, RIGHT[0], tap_id='a:b')
    with pytest.raises(Invalid):
        await give(quiz, attempt_id, 0, Answer(chosen=(7,)))
    await database.write(participants.remove, quiz.teacher, quiz.klass.course_id, user_id=quiz.learner.user_id)
    with pytest.raises(Removed):
        await give(quiz, attempt_id, 0, RIGHT[0])


async def test_answers_that_wait_together_each_get_their_own_outcome() -> None:
    quiz = await a_quiz(learners=[f'Learner {n}' for n in range(5)])
    papers = {who: await begin(quiz, by=who) for who in quiz.klass.learners}
    many = [
        Given(actor=who, attempt_id=id_, position=position, tap_id=f'{position}', answer=RIGHT[position])
        for who, id_ in papers.items()
        for position in range(3)
    ]
    broken = replace(many[0], tap_id='x', answer=Answer(chosen=(9,)))
    saves = (answering.save(each) for each in [*many, broken])
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert [type(each).__name__ for each in outcomes] == ['Saved'] * 15 + ['Invalid']
    for who, id_ in papers.items():
        await database.write(closing.submit, who, id_)
        assert (await database.read(attempt_of, id_))['score'] == 100
    await assert_log_and_projections_agree()


async def test_a_quiz_shows_at_once_and_then_an_answer_stays() -> None:
    quiz = await a_quiz(rules=Rules(shows_right=Reveal.AFTER_ANSWER))
    attempt_id = await begin(quiz)
    assert (await give(quiz, attempt_id, 0, WRONG[0])).is_checked
    with pytest.raises(Refused, match='checked already'):
        await give(quiz, attempt_id, 0, RIGHT[0])


async def test_no_question_or_an_empty_bank_is_said() -> None:
    quiz = await a_quiz()
    with pytest.raises(Refused, match='part of a quiz'):
        await database.write(bank.delete, quiz.teacher, quiz.question_ids[0])
    await database.write(quiz_settings.set_items, quiz.teacher, quiz.checkpoint_id, [])
    with pytest.raises(Refused, match='no question yet'):
        await database.write(quiz_settings.publish, quiz.teacher, quiz.checkpoint_id, published=True)
    with pytest.raises(Refused, match='no question at the moment'):
        await begin(quiz)
