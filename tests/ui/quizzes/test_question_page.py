"""A question, as those who teach write it: fields, what learners will see, and what an edit means for attempts."""

from decimal import Decimal

import pytest
from nicegui import ui

from services.core import database
from services.enums import AttemptState
from services.live.questions import answering, asking
from services.live.questions.answering import Given
from services.quizzes import bank, regrading, results
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, CreditRule, Question, QuestionKind, Tolerance
from tests.factories.classes import CourseAtHand, a_class, a_course, join_class
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, a_quiz, take
from tests.support.eventually import eventually, found_soon
from tests.support.fields import elements, field, fields
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('Q1', 'Q7')]


async def test_a_question_is_written_and_seen_as_learners_see_it(enter: Enter) -> None:
    course = await a_course()
    ines = await new(enter, course, QuestionKind.SINGLE_CHOICE)

    field(ines, 'What is asked').set_value('Which soil holds **most** water?')
    for option, text in zip(fields(ines, 'Option'), ('Clay', 'Sand'), strict=False):
        option.set_value(text)
    fields(ines, 'Right')[1].set_value(True)
    fields(ines, 'Right')[0].set_value(True)
    field(ines, 'Tags').set_value('Soil, water')
    await preview_has(ines, '<strong>most</strong>', 'Clay', 'Sand')
    ines.find('Save').click()

    (saved,) = (await eventually_in_bank(course, 1)).questions
    question = (await database.read(bank.one, course.teacher, saved.question_id)).content
    assert [(option.text, option.credit) for option in question.options] == [('Clay', WHOLE), ('Sand', 0)]
    assert question.tags == ('soil', 'water')


async def test_what_is_wrong_stands_beside_its_field(enter: Enter) -> None:
    course = await a_course()
    ines = await new(enter, course, QuestionKind.MULTIPLE_CHOICE)

    ines.find('Save').click()
    await ines.should_see('Type what is asked.')
    field(ines, 'What is asked').set_value('Which are metals?')
    for option, text in zip(fields(ines, 'Option'), ('Iron', 'Wood'), strict=False):
        option.set_value(text)
    ines.find('Save').click()
    await ines.should_see('Mark at least one option as right.')
    field(ines, 'Points').set_value('many')
    ines.find('Save').click()
    await ines.should_see('This cannot be read as a number. Type one such as 12, -0.5, 1,5 or 3e8.')

    assert (await database.read(bank.of_course, course.teacher, course.course_id)).in_all == 0


async def test_own_percentages_take_the_place_of_the_marks(enter: Enter) -> None:
    course = await a_course()
    ines = await new(enter, course, QuestionKind.MULTIPLE_CHOICE)
    field(ines, 'What is asked').set_value('Which are metals?')
    for option, text in zip(fields(ines, 'Option'), ('Iron', 'Zinc', 'Wood'), strict=True):
        option.set_value(text)

    field(ines, 'How an answer counts').set_value(CreditRule.OWN_WEIGHTS)
    for percent, typed in zip(fields(ines, 'Percent'), (75, 25, -50), strict=True):
        percent.set_value(typed)
    ines.find('Save').click()

    (saved,) = (await eventually_in_bank(course, 1)).questions
    question = (await database.read(bank.one, course.teacher, saved.question_id)).content
    assert [option.credit for option in question.options] == [7500, 2500, -5000]


async def test_a_number_is_read_back_with_its_range(enter: Enter) -> None:
    course = await a_course()
    ines = await new(enter, course, QuestionKind.NUMERIC)
    field(ines, 'What is asked').set_value('How far is it?')

    field(ines, 'Number').set_value('1,5')
    await ines.should_see('Read as 1.5, exactly')
    field(ines, 'Tolerance').set_value('10')
    field(ines, 'How it is meant').set_value(Tolerance.RELATIVE)
    await ines.should_see('Right from 1.35 to 1.65')
    ines.find('Save').click()

    (saved,) = (await eventually_in_bank(course, 1)).questions
    (number,) = (await database.read(bank.one, course.teacher, saved.question_id)).content.numbers
    assert (number.value, number.tolerance) == (Decimal('1.5'), Decimal('0.1'))


@pytest.mark.parametrize('question', [FINEST, HOW_ACID, NAME_IT])
async def test_a_question_that_is_saved_as_it_is_stays_as_it_is(enter: Enter, question: Question) -> None:
    course = await a_course()
    (question_id,) = await database.write(bank.add_many, course.teacher, course.course_id, [question])
    ines = await enter(course.teacher)
    await ines.open(f'/questions/{question_id}')

    ines.find('Save').click()
    await ines.should_see('Saved')

    known = await database.read(bank.one, course.teacher, question_id)
    assert (known.version, known.content) == (1, question)


@pytest.mark.req('Q3')
async def test_a_wrong_key_is_mended_after_a_dry_run_that_names_who_it_moves(enter: Enter) -> None:
    quiz = await a_quiz(questions=[FINEST])
    await take(quiz, [Answer(chosen=(1,))])
    ines = await enter(quiz.teacher)
    await ines.open(f'/questions/{quiz.question_ids[0]}')

    fields(ines, 'Right')[1].set_value(True)
    ines.find('Save').click()
    await ines.should_see('Attempts that are over keep their points.')
    (choice,) = [each for each in elements(ines) if isinstance(each, ui.radio)]
    choice.set_value('regrade')
    await ines.should_see('Of 1 attempts, 1 go up and 0 go down.')
    await ines.should_see('Lena Learner: 0 % → 100 %')
    ines.find('Save the question').click()
    await ines.should_see('Saved')

    while await database.write(regrading.regrade_some):
        pass
    (result,) = await database.read(results.of_quiz, quiz.teacher, quiz.checkpoint_id)
    assert (result.state, result.score) == (AttemptState.GRADED, 100)


@pytest.mark.req('Q3', 'L15')
async def test_what_only_a_class_has_answered_is_told_of_before_a_key_changes(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    asked = await database.write(asking.ask_new, klass.teacher, klass.course_id, FINEST)
    given = Given(actor=klass.learner, live_question_id=asked, tap_id='sand', answer=Answer(chosen=(1,)))
    await answering.save(given)
    (question,) = (await database.read(bank.of_course, klass.teacher, klass.course_id)).questions
    ines = await enter(klass.teacher)
    await ines.open(f'/questions/{question.question_id}')

    fields(ines, 'Right')[1].set_value(True)
    ines.find('Save').click()
    await ines.should_see('Save the question')
    (choice,) = [each for each in elements(ines) if isinstance(each, ui.radio)]
    choice.set_value('regrade')
    await ines.should_see('Of 1 answers in class, which count for no grade, 1 go up and 0 go down.')
    await ines.should_not_see('Nothing changes')


async def test_learners_and_others_do_not_see_a_question(enter: Enter) -> None:
    klass = await a_class()
    (question_id,) = await database.write(bank.add_many, klass.teacher, klass.course_id, [FINEST])
    lena = await enter(klass.learner)

    for path in f'/questions/{question_id}', f'/courses/{klass.course_id}/questions':
        answer = await lena.http_client.get(path)
        assert answer.status_code == 404, path
        assert 'Clay' not in answer.text


async def new(enter: Enter, course: CourseAtHand, kind: QuestionKind) -> PatientUser:
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/questions/new?kind={kind}')
    return ines


async def eventually_in_bank(course: CourseAtHand, number: int) -> bank.Bank:
    async def look() -> bank.Bank | None:
        found = await database.read(bank.of_course, course.teacher, course.course_id)
        return found if found.in_all == number else None

    return await found_soon(look)


async def preview_has(user: PatientUser, *texts: str) -> None:
    def there() -> bool:
        (shown,) = [each for each in elements(user) if 'preview' in each.classes]
        seen = ' '.join(f'{each.props}' for each in shown.descendants())
        return all(text in seen for text in texts)

    await eventually(there)
