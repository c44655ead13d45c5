"""Essays are graded by people: each answer like the others, and nobody overwrites anybody."""

from dataclasses import replace
from decimal import Decimal

import pytest

from models import AttemptState
from services.core import database
from services.core.errors import Invalid, NotFound, Refused
from services.courses import catalog
from services.quizzes import attempt_in_full, bank, marking, question_results, results, review
from services.quizzes.answer import Answer
from services.quizzes.marking import Submitted
from services.quizzes.quiz_settings import Rules
from services.rubrics import Choice, Mark
from tests.factories.classes import assert_log_and_projections_agree, percent
from tests.factories.people import an_instructor
from tests.factories.quizzes import FINEST, RIGHT, RUBRIC, WHY, QuizAtHand, a_quiz, begin, take

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q3')]


async def a_quiz_with_essays() -> QuizAtHand:
    quiz = await a_quiz(questions=(FINEST, WHY), learners=('Lena Learner', 'Otto Other'))
    for who in quiz.klass.learners:
        await take(quiz, (RIGHT[0], Answer(text=f'Pores, says {who.name[:4]}.')), by=who)
    return quiz


async def desk(quiz: QuizAtHand, **how: bool) -> tuple[Submitted, ...]:
    ids = {'question_id': quiz.question_ids[1]}
    return await database.read(marking.on_desk, quiz.teacher, quiz.checkpoint_id, **ids, **how)


@pytest.mark.both_databases
async def test_an_essay_is_graded_and_the_quiz_is_passed() -> None:
    quiz = await a_quiz_with_essays()
    (pile,) = await database.read(marking.piles, quiz.teacher, quiz.klass.course_id)
    assert (pile.waiting, pile.in_all, pile.quiz) == (2, 2, 'Soil quiz')
    first, second = await desk(quiz)
    assert (first.name, first.points, first.possible) == ('', None, 4)
    assert {each.name for each in await desk(quiz, names=True)} == {'Lena Learner', 'Otto Other'}

    graded = {'position': 1, 'points': Decimal('2.5'), 'remark': 'Say **why**.'}
    await database.write(marking.grade, quiz.teacher, first.attempt_id, **graded)
    (pile,) = await database.read(marking.piles, quiz.teacher, quiz.klass.course_id)
    assert pile.waiting == 1
    assert (await desk(quiz))[0].attempt_id == second.attempt_id
    assert (await desk(quiz))[1].points == Decimal('2.5')
    assert await database.read(marking.remarks, quiz.teacher, quiz.question_ids[1]) == ('Say **why**.',)
    by_id = {each.attempt_id: each for each in await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)}
    assert (by_id[first.attempt_id].score, by_id[first.attempt_id].is_passed) == (75, True)
    assert by_id[second.attempt_id].state is AttemptState.SUBMITTED
    done = [await percent(quiz.klass, who) for who in quiz.klass.learners]
    assert sorted(done) == [0, 50]
    await assert_log_and_projections_agree()


async def test_points_that_make_exactly_the_pass_mark_pass() -> None:
    essays = tuple(replace(WHY, text=f'Why {number}?', points=Decimal(3)) for number in range(4))
    quiz = await a_quiz(questions=essays, rules=Rules(passing_percent=50))
    attempt_id = await take(quiz, [Answer(text='Pores.')] * 4)
    for position, points in enumerate((1, 1, 1, 3)):
        await database.write(marking.grade, quiz.teacher, attempt_id, position=position, points=Decimal(points))
    (graded,) = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    assert (graded.score, graded.is_passed) == (50, True), '6 of 12 points'


@pytest.mark.both_databases
async def test_a_rubric_makes_the_points_of_an_essay_and_the_learner_reads_why() -> None:
    quiz = await a_quiz(questions=(replace(WHY, rubric=RUBRIC),))
    attempt_id = await take(quiz, (Answer(text='Pores.'),))
    ids = {'question_id': quiz.question_ids[0]}
    (waits,) = await database.read(marking.on_desk, quiz.teacher, quiz.checkpoint_id, **ids)
    assert (waits.content.rubric, waits.choices) == (RUBRIC, (Choice(level=None), Choice(level=None)))
    one = {'position': 0, 'seen': waits.graded_at}
    chosen = (Choice(level=0), Choice(level=1, remark='Say it.'))
    for wrong, said in (
        ({'points': Decimal(3)}, 'points follow from the rubric'),
        ({'points': None, 'choices': (Choice(level=0), Choice(level=None))}, 'a level for each'),
        ({'points': None, 'choices': chosen[:1]}, 'rubric has changed'),
    ):
        with pytest.raises(Invalid, match=said):
            await database.write(marking.grade, quiz.teacher, attempt_id, **one, **wrong)
    await database.write(marking.grade, quiz.teacher, attempt_id, **one, points=None, choices=chosen)

    (shown,) = (await database.read(review.review, quiz.learner, attempt_id)).questions
    assert shown.shown.points == Decimal('2.4')
    assert shown.shown.marks == (
        Mark(criterion='What holds water', most=3, points=3, level='the pores', remark=''),
        Mark(criterion='Why', most=2, points=0, level='without one', remark='Say it.'),
    )
    (graded,) = await database.read(marking.on_desk, quiz.teacher, quiz.checkpoint_id, **ids)
    assert (graded.choices, graded.points) == (chosen, Decimal('2.4'))
    remark = {'points': None, 'remark': 'Look again.', 'seen': graded.graded_at, 'position': 0}
    await database.write(marking.grade, quiz.teacher, attempt_id, **remark)
    (again,) = await database.read(marking.on_desk, quiz.teacher, quiz.checkpoint_id, **ids)
    assert (again.choices, again.points, again.remark) == (chosen, Decimal('2.4'), 'Look again.')
    plain = await a_quiz(questions=(WHY,), klass=quiz.klass)
    other = await take(plain, (Answer(text='Pores.'),))
    with pytest.raises(Invalid, match='has no rubric'):
        await database.write(marking.grade, quiz.teacher, other, position=0, points=None, choices=chosen)
    kept = await database.read(bank.one, quiz.teacher, quiz.question_ids[0])
    assert kept.content.rubric == RUBRIC
    await assert_log_and_projections_agree()


async def test_two_who_grade_at_once_do_not_overwrite_each_other() -> None:
    quiz = await a_quiz_with_essays()
    ben = await an_instructor(name='Ben', email='ben@example.org')
    await database.write(catalog.add_co_instructor, quiz.teacher, quiz.klass.course_id, email='ben@example.org')
    seen = (await desk(quiz))[0]
    one = {'position': 1, 'points': Decimal(3), 'seen': seen.graded_at}
    await database.write(marking.grade, ben, seen.attempt_id, **one)
    with pytest.raises(Refused, match='Ben has graded this answer meanwhile: 3'):
        await database.write(marking.grade, quiz.teacher, seen.attempt_id, **one)
    now = next(each for each in await desk(quiz) if each.attempt_id == seen.attempt_id)
    await database.write(marking.grade, quiz.teacher, seen.attempt_id, **one | {'seen': now.graded_at})
    other = {'points': Decimal(1), 'seen': now.graded_at}
    with pytest.raises(Refused, match='Ines Instructor has graded this answer meanwhile: 3'):
        await database.write(marking.grade, quiz.teacher, seen.attempt_id, **one | other)
    await database.write(marking.grade, quiz.teacher, seen.attempt_id, **one)  # the same again


async def test_words_on_a_whole_attempt_are_not_overwritten_unseen() -> None:
    quiz = await a_quiz()
    attempt_id = await take(quiz)
    said = await database.write(marking.say, quiz.teacher, attempt_id, feedback='Go on.')
    with pytest.raises(Refused, match='Ines Instructor has written this meanwhile: “Go on'):
        await database.write(marking.say, quiz.teacher, attempt_id, feedback='Too short.')
    await database.write(marking.say, quiz.teacher, attempt_id, feedback='Too short.', seen=said)
    assert (await database.read(attempt_in_full.of_learner, quiz.teacher, attempt_id)).feedback == 'Too short.'


@pytest.mark.parametrize('points', ['-1', '4.01', 'NaN', '1e999'])
async def test_points_stay_within_the_question(points: str) -> None:
    quiz = await a_quiz_with_essays()
    seen = (await desk(quiz))[0]
    with pytest.raises(Invalid, match='between 0 and 4'):
        await database.write(marking.grade, quiz.teacher, seen.attempt_id, position=1, points=Decimal(points))


async def test_what_goes_on_is_not_graded_yet() -> None:
    quiz = await a_quiz(questions=(WHY,))
    attempt_id = await begin(quiz)
    with pytest.raises(NotFound):
        await database.write(marking.grade, quiz.teacher, attempt_id, position=0, points=Decimal(1))
    with pytest.raises(NotFound):
        await database.write(marking.say, quiz.learner, attempt_id, feedback='Good')


@pytest.mark.req('Q6', 'N6')
async def test_questions_are_told_in_words_from_ten_attempts_on() -> None:
    quiz = await a_quiz(questions=(FINEST, WHY), learners=[f'Learner {n}' for n in range(12)])
    for number, who in enumerate(quiz.klass.learners):
        attempt_id = await take(quiz, (Answer(chosen=(0 if number < 6 else 1,)), Answer(text='x')), by=who)
        points = Decimal(0 if number < 6 else 4)
        await database.write(marking.grade, quiz.teacher, attempt_id, position=1, points=points)
        if number == 8:
            few = await database.read(question_results.analysis, quiz.teacher, quiz.checkpoint_id)
            assert few.questions[0].item is None
            assert 'Too few attempts' in str(few.questions[0].said[0])
    found = await database.read(question_results.analysis, quiz.teacher, quiz.checkpoint_id)
    finest = found.questions[0]
    assert [str(each) for each in finest.said] == [
        'Most strong learners chose “Sand”: check the key.',
        'Learners who are weak otherwise do better here: check the question and its key.',
    ]
    assert [(each.text, each.upper, each.lower, each.in_all) for each in finest.options] == [
        ('Clay', 0, 4, 6),
        ('Sand', 4, 0, 6),
        ('Silt', 0, 0, 0),
    ]
    assert finest.item is not None
    assert finest.item.discrimination == pytest.approx(-100)
    assert found.whole is not None
    assert found.whole.attempts == 12
