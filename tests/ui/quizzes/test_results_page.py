"""How a quiz came out, for those who teach: attempts, questions, wrong answers, one attempt in full, the desk."""

from dataclasses import replace
from decimal import Decimal

import pytest

from models import Reveal
from services.core import database
from services.people import merging
from services.quizzes import attempt_in_full, attempts, closing, limits, marking, question_results, regrading, results
from services.quizzes.answer import Answer
from services.quizzes.quiz_settings import Rules
from tests.factories.quizzes import FINEST, NAME_IT, RIGHT, RUBRIC, WHY, WRONG, a_quiz, begin, give, take
from tests.support.fields import field, press
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('Q3', 'Q6')]


async def test_results_before_anybody_has_begun(enter: Enter) -> None:
    quiz = await a_quiz()
    ines = await enter(quiz.teacher)

    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results')

    await ines.should_see('Nobody has begun yet')


async def test_attempts_are_listed_with_what_stood_out(enter: Enter) -> None:
    quiz = await a_quiz(learners=['Lena Learner', 'Otto Other'])
    await take(quiz, RIGHT)
    await begin(quiz, by=quiz.klass.learners[1])
    ines = await enter(quiz.teacher)

    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results')

    await ines.should_see('Lena Learner')
    await ines.should_see('100 %')
    await ines.should_see('going on')
    await ines.should_see('Too few attempts to say anything: 1 of 10.')


async def test_a_wrong_answer_is_accepted_too(enter: Enter) -> None:
    quiz = await a_quiz(questions=[NAME_IT])
    await take(quiz, [Answer(text='Compost')])
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results')
    await ines.should_see('Compost')

    press(ines, 'Accept “Compost” too')
    await ines.should_see('Accepted. Attempts with this answer are graded again.')

    while await database.write(regrading.regrade_some):
        pass
    (result,) = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    assert result.score == 100


async def test_an_attempt_in_full_shows_answers_key_and_takes_what_the_teacher_says(enter: Enter) -> None:
    quiz = await a_quiz()
    attempt_id = await take(quiz, WRONG)
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results/{attempt_id}')

    await ines.should_see('Lena Learner')
    await ines.should_see('0 %, 0 of 4 points')
    await ines.should_see('humus')
    field(ines, 'What you say of the whole attempt').set_value('Look at *soil* again.')
    press(ines, 'Save')
    await ines.should_see('Saved')

    found = await database.read(attempt_in_full.of_learner, quiz.teacher, attempt_id)
    assert found.feedback == 'Look at *soil* again.'


async def test_questions_of_practice_that_adapts_are_numbered_as_the_learner_met_them(enter: Enter) -> None:
    rules = Rules(is_adaptive=True, shows_right=Reveal.AFTER_ANSWER)
    quiz = await a_quiz(questions=[replace(FINEST, text=f'Which, {number}?') for number in range(3)], rules=rules)
    attempt_id = await begin(quiz)
    await database.write(attempts.go_to, quiz.learner, attempt_id, position=2)
    await give(quiz, attempt_id, 2, RIGHT[0])
    await database.write(closing.submit, quiz.learner, attempt_id)
    teacher = await enter(quiz.teacher)
    await teacher.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results/{attempt_id}')
    await teacher.should_see('Question 1')
    await teacher.should_not_see('Question 3')


async def test_what_was_said_before_all_is_graded_is_still_there(enter: Enter) -> None:
    quiz = await a_quiz(questions=[WHY])
    attempt_id = await take(quiz, [Answer(text='Large pores')])
    await database.write(marking.say, quiz.teacher, attempt_id, feedback='I have read it.')
    ines = await enter(quiz.teacher)

    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results/{attempt_id}')

    assert field(ines, 'What you say of the whole attempt').value == 'I have read it.'


async def test_an_attempt_that_goes_on_is_not_read(enter: Enter) -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    ines = await enter(quiz.teacher)

    address = f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results/{attempt_id}'
    answer = await ines.http_client.get(address)

    assert answer.status_code == 409
    assert 'This attempt is still going on.' in answer.text


async def test_essays_are_graded_one_after_the_other_without_names(enter: Enter) -> None:
    quiz = await a_quiz(questions=[FINEST, WHY], learners=['Lena Learner', 'Otto Other'])
    for learner, essay in zip(quiz.klass.learners, ('Large pores', 'It is warm'), strict=True):
        await take(quiz, [RIGHT[0], Answer(text=essay)], by=learner)
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/grading/{quiz.checkpoint_id}/{quiz.question_ids[1]}')
    await ines.should_see('0 of 2 graded')
    await ines.should_see('Large pores.')
    await ines.should_not_see('Lena Learner')

    field(ines, 'Points, 0 to 4').set_value('5')
    press(ines, 'Save and go on')
    await ines.should_see('The points must be between 0 and 4.')
    press(ines, 'After')
    press(ines, 'Before')
    assert field(ines, 'Points, 0 to 4').value == '5', 'what is typed is kept'
    field(ines, 'Points, 0 to 4').set_value('2,5')
    field(ines, 'Remark to the learner').set_value('Say why.')
    press(ines, 'Save and go on')
    await ines.should_see('1 of 2 graded')
    press(ines, 'Say why.')
    assert field(ines, 'Remark to the learner').value == 'Say why.'
    field(ines, 'Points, 0 to 4').set_value('4')
    press(ines, 'Save and go on')
    await ines.should_see('All are graded.')
    field(ines, 'Show names').set_value(True)
    await ines.should_not_see('Answer 2')

    scores = [each.score for each in await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)]
    assert sorted(score or 0 for score in scores) == [75, 100]


async def test_an_essay_with_a_rubric_is_graded_by_choosing_levels(enter: Enter) -> None:
    quiz = await a_quiz(questions=[replace(WHY, rubric=RUBRIC)])
    await take(quiz, [Answer(text='Large pores')])
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/grading/{quiz.checkpoint_id}/{quiz.question_ids[0]}')
    await ines.should_see('0 of 5 points so far')
    press(ines, 'Save and go on')
    await ines.should_see('Choose a level for each criterion.')
    ines.find('the pores').click()
    ines.find('without one').click()
    await ines.should_see('3 of 5 points: 2.4 of 4')
    press(ines, 'Save and go on')
    await ines.should_see('All are graded.')
    (result,) = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    assert result.score == 60
    lena = await enter(quiz.learner)
    await lena.open(f'/quizzes/{quiz.checkpoint_id}?attempt=1')
    await lena.should_see('the pores')


async def test_what_another_teacher_has_just_graded_is_not_overwritten(enter: Enter) -> None:
    quiz = await a_quiz(questions=[WHY])
    attempt_id = await take(quiz, [Answer(text='Large pores')])
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/grading/{quiz.checkpoint_id}/{quiz.question_ids[0]}')
    await database.write(marking.grade, quiz.teacher, attempt_id, position=0, points=Decimal(1))

    field(ines, 'Points, 0 to 4').set_value('4')
    press(ines, 'Save and go on')

    await ines.should_see('Ines Instructor')
    (result,) = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    assert result.score == 25


async def test_other_limits_are_agreed_on_with_a_learner(enter: Enter) -> None:
    quiz = await a_quiz(learners=['Lena Learner', 'Otto Other'])
    otto = quiz.klass.learners[1].user_id
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/results')

    press(ines, 'Agree on it')
    await ines.should_see('Choose a learner.')
    field(ines, 'Learner').set_value(otto)
    field(ines, 'Attempts').set_value(0)
    press(ines, 'Agree on it')
    await ines.should_see('The attempts must be between 1 and 100.')
    field(ines, 'Attempts').set_value(2)
    field(ines, 'Minutes').set_value(40)
    press(ines, 'Agree on it')
    await ines.should_see('40 minutes · 2 attempts')

    agreed = await database.read(limits.agreed, quiz.teacher, quiz.checkpoint_id)
    assert [(each.name, each.minutes, each.attempts) for each in agreed if each.is_other] == [('Otto Other', 40, 2)]


async def test_what_a_guest_did_is_under_the_name_of_the_person(enter: Enter) -> None:
    quiz = await a_quiz(learners=['Lena Learner', 'L.'])
    lena, guest = quiz.klass.learners
    await take(quiz, WRONG, by=guest)
    await take(quiz, RIGHT, by=lena)
    course_id, ids = quiz.klass.course_id, {'guest_id': guest.user_id, 'into_id': lena.user_id}
    await database.write(merging.merge, quiz.teacher, course_id, **ids)

    found = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    said = await database.read(question_results.analysis, quiz.teacher, quiz.checkpoint_id)

    assert [(each.name, each.number, each.score) for each in found] == [
        ('Lena Learner', 1, 0),
        ('Lena Learner', 2, 100),
    ]
    assert said.attempts == 1, 'the first one of the person'
