"""The gradebook on a screen, and the learner's own grades."""

import re
from datetime import timedelta

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from models import Reveal
from services.core import clock, database
from services.grades import gradebook, grading, overrides
from services.grades.book import Cell, Mark
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import a_class
from tests.factories.people import another_device
from tests.factories.quizzes import RIGHT, WRONG, QuizAtHand, a_quiz, take
from tests.support.eventually import eventually, found_soon
from tests.support.fields import field, press
from tests.support.grids import lines_of
from tests.support.learner import RETRIES
from tests.support.patient import PatientUser
from tests.support.screen_words import of_page
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('C7')


def address(quiz: QuizAtHand, page: str = 'gradebook') -> str:
    return f'/courses/{quiz.klass.course_id}/{page}'


def grid(user: PatientUser) -> ui.aggrid:
    assert user.client
    (found,) = (each for each in user.client.elements.values() if isinstance(each, ui.aggrid))
    return found


def send(user: PatientUser, event: str, told: object) -> None:
    """Do what a browser does when something happens in the grid."""
    UserInteraction(user, {grid(user)}, None).trigger(event, told)


def type_grade(user: PatientUser, quiz: QuizAtHand, typed: str | None) -> None:
    told = {
        'data': {'k': str(quiz.learner.user_id)},
        'colId': f'c{quiz.checkpoint_id}',
        'newValue': typed,
        'rowIndex': 0,
    }
    send(user, 'cellValueChanged', told)


def begin(user: PatientUser, quiz: QuizAtHand, shown: Cell) -> None:
    """Begin to type into a cell, as the browser tells it: with what it shows there."""
    line = {'k': str(quiz.learner.user_id), 'm': f'{shown.mark:d}'}
    told = {'data': line, 'colId': f'c{quiz.checkpoint_id}', 'rowIndex': 0, 'value': shown.score}
    send(user, 'cellEditingStarted', told)


async def stored(quiz: QuizAtHand) -> Cell:
    book = await database.read(gradebook.of_course, quiz.teacher, quiz.klass.course_id, again=True)
    return book.rows[0].cells[0]


async def test_a_course_without_a_quiz_says_how_a_column_comes_about(enter: Enter) -> None:
    klass = await a_class()
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/gradebook')
    await teacher.should_see('Nothing is graded yet')


async def test_learners_are_lines_and_quizzes_are_columns(enter: Enter) -> None:
    quiz = await a_quiz()
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    options = grid(teacher).options
    assert lines_of(options) == [
        {'k': str(quiz.learner.user_id), 'n': 'Lena Learner', 'g': [75], 'm': f'{Mark.GRADED:d}', 't': '75'}
    ]
    assert [column['headerName'].split('\n')[0] for column in options['columnDefs']] == ['Name', 'Soil quiz', 'Total']


async def test_a_typed_grade_is_kept_and_one_without_its_reason_is_refused(enter: Enter) -> None:
    quiz = await a_quiz()
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    type_grade(teacher, quiz, '80')
    await teacher.should_see('The learner has reached 75 here. Give a reason', retries=RETRIES)
    assert await stored(quiz) == (75, Mark.GRADED)
    field(teacher, 'Reason').set_value('Spoke about humus')
    press(teacher, 'Save')
    await teacher.should_see('Grade of Lena Learner changed.', retries=RETRIES)
    assert await stored(quiz) == (80, Mark.SET)
    press(teacher, 'Undo')
    await found_soon(lambda: stored_is(quiz, Cell(75, Mark.GRADED)))
    begin(teacher, quiz, Cell(75, Mark.GRADED))  # the page itself may not have heard of it yet
    type_grade(teacher, quiz, 'x')
    await found_soon(lambda: stored_is(quiz, Cell(None, Mark.EXCUSED)))
    begin(teacher, quiz, Cell(None, Mark.EXCUSED))
    type_grade(teacher, quiz, None)
    await found_soon(lambda: stored_is(quiz, Cell(75, Mark.GRADED)))
    type_grade(teacher, quiz, 'many')
    await teacher.should_see('Type a whole number from 0 to 150', retries=RETRIES)


async def test_extra_credit_is_typed_as_a_grade_above_100(enter: Enter) -> None:
    quiz = await a_quiz()
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    await teacher.should_see('Type a grade from 0 to 100, or up to 150 with extra credit')
    type_grade(teacher, quiz, '120')
    await teacher.should_see('Grade of Lena Learner changed.', retries=RETRIES)
    assert await stored(quiz) == (120, Mark.SET)
    await teacher.open(address(quiz))
    assert [(line['g'], line['t']) for line in lines_of(grid(teacher).options)] == [([120], '120')]


async def test_a_grade_that_another_person_set_meanwhile_is_shown_before_it_is_overwritten(enter: Enter) -> None:
    quiz = await a_quiz()
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    begins = {'rowIndex': 0, 'colId': f'c{quiz.checkpoint_id}', 'value': None}
    line = {'k': str(quiz.learner.user_id), 'g': ['75'], 'm': f'{Mark.NONE:d}'}
    send(teacher, 'cellEditingStarted', begins | {'data': line})
    ids = {'user_id': quiz.learner.user_id}
    await database.write(overrides.set_score, quiz.teacher, quiz.checkpoint_id, **ids, score=80)
    type_grade(teacher, quiz, '75')
    await teacher.should_see('Ines Instructor has set another grade meanwhile: 80.', retries=RETRIES)
    await teacher.should_see('You typed “75”.')
    assert await stored(quiz) == (80, Mark.SET)
    press(teacher, 'Put mine in its place')
    await found_soon(lambda: stored_is(quiz, Cell(75, Mark.SET)))


async def stored_is(quiz: QuizAtHand, cell: Cell) -> bool:
    return await stored(quiz) == cell


async def test_a_total_says_why(enter: Enter) -> None:
    quiz = await a_quiz()
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    await database.write(
        overrides.set_score, quiz.teacher, quiz.checkpoint_id, user_id=quiz.learner.user_id, score=74, reason='A slip'
    )
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    send(teacher, 'cellClicked', {'data': {'k': str(quiz.learner.user_id)}, 'colId': 'total', 'rowIndex': 0})
    await teacher.should_see('Why 74?', retries=RETRIES)
    await teacher.should_see('All grades: 74 = 74')
    await teacher.should_see('Ines Instructor: A slip')


async def test_categories_are_made_on_the_page(enter: Enter) -> None:
    quiz = await a_quiz()
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    teacher.find('Weights and letters').click()
    await teacher.should_see('Without categories, all grades count the same.', retries=RETRIES)
    teacher.find(marker='new-category').type('Tests')
    teacher.find('Add').click()
    await teacher.should_see('What is in which', retries=RETRIES)
    how = await database.read(grading.of_course, quiz.teacher, quiz.klass.course_id)
    assert [(each.name, each.weight) for each in how.categories] == [('Tests', 100)]


async def test_learners_see_their_own_total_and_the_same_explanation(enter: Enter) -> None:
    quiz = await a_quiz(learners=['Lena', 'Otto'])
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    lena = await enter(quiz.learner)
    await lena.open(address(quiz, 'grades'))
    await lena.should_see('All grades: 75 = 75')
    await lena.should_not_see('Otto')
    user_id = quiz.learner.user_id
    await database.write(
        overrides.set_score, quiz.teacher, quiz.checkpoint_id, user_id=user_id, score=90, reason='Spoke well'
    )
    await lena.should_see('All grades: 90 = 90', retries=RETRIES)
    await lena.should_see('Ines Instructor: Spoke well')
    await database.write(
        overrides.set_score, quiz.teacher, quiz.checkpoint_id, user_id=user_id, score=120, reason='Built a model'
    )
    await lena.should_see('All grades: 120 = 120', retries=RETRIES)


async def test_a_score_that_a_quiz_never_shows_is_not_on_the_learners_page(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    lena = await enter(quiz.learner)
    await lena.open(address(quiz, 'grades'))
    await lena.should_see('not shown yet')
    # The code of a course may contain the number, but not as a word.
    assert lena.client
    assert not [text for text in of_page(lena.client) if re.search(r'\b75\b', text)]


@pytest.mark.req('Q6', 'N9')
async def test_a_learner_and_their_teacher_see_how_sure_they_are_of_each_skill(enter: Enter) -> None:
    quiz = await a_quiz()
    await take(quiz, WRONG)
    learner = await enter(quiz.learner)
    await learner.open(address(quiz, 'grades'))
    await learner.should_see('too early to say')

    await take(quiz, WRONG)
    await learner.should_see('worth practising')
    await learner.should_see('4 answers')
    await learner.should_not_see('the next one is right')
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    told = {'data': {'k': str(quiz.learner.user_id)}, 'colId': 'total', 'rowIndex': 0}
    send(teacher, 'cellClicked', told)
    await teacher.should_see('worth practising', retries=RETRIES)
    await teacher.should_see('the next one is right with')


@pytest.mark.req('N9')
async def test_what_is_due_today_stands_on_the_learners_pages_with_the_way_to_practise_it(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = await a_quiz(rules=Rules(is_practice=True))
    await take(quiz, WRONG)
    now = clock.now
    monkeypatch.setattr(clock, 'now', lambda: now() + timedelta(days=3))
    learner = await enter(await another_device(of=quiz.learner))
    for page in ('grades', 'about'):
        await learner.open(address(quiz, page))
        await learner.should_see('To review today')
        await learner.should_see(f'href="/quizzes/{quiz.checkpoint_id}"')


@pytest.mark.req('N9')
async def test_where_nothing_can_be_practised_the_grades_lead_to_the_steps(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = await a_quiz()
    await take(quiz, WRONG)
    now = clock.now
    monkeypatch.setattr(clock, 'now', lambda: now() + timedelta(days=3))
    learner = await enter(await another_device(of=quiz.learner))
    await learner.open(address(quiz, 'grades'))
    await learner.should_see('To review today')
    await learner.should_see(f'href="{address(quiz, "about")}"')


async def test_the_line_of_a_typed_grade_is_sent_before_the_rest_of_the_page(enter: Enter) -> None:
    quiz = await a_quiz()
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    assert teacher.client
    history = teacher.client.outbox.message_history

    def sent() -> list[str]:
        return [kind for *_, (_, kind, data) in history if kind == 'update' or 'applyTransaction' in str(data)]

    for before, typed in (Cell(None, Mark.NONE), '70'), (Cell(70, Mark.SET), '80'):  # the socket opens meanwhile
        history.clear()
        begin(teacher, quiz, before)
        type_grade(teacher, quiz, typed)
        await eventually(lambda: len(set(sent())) == 2)

    assert sent()[:2] == ['run_javascript', 'update']
