"""A quiz, as those who teach make it."""

from decimal import Decimal
from functools import partial

import pytest
from nicegui.testing.user_interaction import UserInteraction

from models import CheckpointKind
from services.core import clock, database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import Reveal
from services.quizzes import attempts, bank, past, quiz_settings
from services.quizzes.quiz_settings import Draw, Fixed, Rules
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, QuizAtHand, a_quiz, begin
from tests.support.eventually import eventually, found_soon
from tests.support.fields import elements, field, fields, press
from tests.support.menus import choices
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('Q7')]

LEADS = 'Questions and rules'


async def test_a_quiz_is_made_of_the_bank_and_published(enter: Enter) -> None:
    course, checkpoint_id, ids = await an_empty_quiz()
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/quizzes/{checkpoint_id}')
    await ines.should_see('There is no question in it yet.')

    press(ines, 'Publish')
    await ines.should_see('This quiz has no question yet. Add one before you publish it.')
    field(ines, 'Add from the bank: search').set_value('finest')
    await ines.should_see('Single choice · 2 points')
    press(ines, f'Add “{FINEST.text}”')
    await ines.should_see('1 question, 2 points in all')
    field(ines, 'How many').set_value(2)
    press(ines, 'Add the draw')
    await ines.should_see('2 questions drawn from the whole bank')
    await ines.should_see('3 questions, 4 points in all')
    press(ines, 'Publish')
    await ines.should_see('Learners can take it.')

    quiz = await database.read(quiz_settings.of_checkpoint, course.teacher, checkpoint_id)
    assert quiz.is_published
    assert quiz.items == (Fixed(question_id=ids[0], title=FINEST.text), Draw(tag='', count=2))


async def test_the_checkpoints_of_a_course_lead_to_a_quiz_and_say_what_it_lacks(enter: Enter) -> None:
    course, checkpoint_id, ids = await an_empty_quiz()
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}')
    (row,) = [each for each in elements(ines) if each.props.get('data-kind') == 'quiz']
    assert row.props['data-side'] == 'quiz · no question yet'

    press(ines, 'More for Soil quiz')
    await ines.should_see(LEADS)
    (item,) = [each for each in choices(ines) if each.text == LEADS]
    UserInteraction(ines, {item}, None).trigger('click', [])
    await eventually(lambda: f'/courses/{course.course_id}/quizzes/{checkpoint_id}' in ines.back_history)

    await database.write(quiz_settings.add_item, course.teacher, checkpoint_id, Fixed(question_id=ids[0]))
    await ines.open(f'/courses/{course.course_id}')
    (row,) = [each for each in elements(ines) if each.props.get('data-kind') == 'quiz']
    assert row.props['data-side'] == 'quiz'


async def test_questions_are_moved_weighed_and_taken_out(enter: Enter) -> None:
    quiz = await a_quiz()
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')

    press(ines, f'Move down: {FINEST.text}')
    await found_soon(partial(is_second, quiz, FINEST.text))
    press(ines, f'Take out: {NAME_IT.text}')
    await ines.should_see('2 questions, 3 points in all')
    points = fields(ines, 'Points')[0]
    points.set_value('2,5')
    UserInteraction(ines, {points}, None).trigger('change', [])
    await ines.should_see('2 questions, 4.5 points in all')

    shown = await database.read(quiz_settings.of_checkpoint, quiz.teacher, quiz.checkpoint_id)
    assert [(item.title, item.points) for item in shown.items if isinstance(item, Fixed)] == [
        (HOW_ACID.text, Decimal('2.5')),
        (FINEST.text, None),
    ]


async def test_rules_are_saved_together_and_what_cannot_be_is_said(enter: Enter) -> None:
    quiz = await a_quiz()
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')

    field(ines, 'Opens').set_value('2099-01-02T08:00')
    field(ines, 'Closes').set_value('2099-01-01T08:00')
    press(ines, 'Save the rules')
    await ines.should_see('The quiz closes before it opens. Choose a later end.')
    field(ines, 'Opens').set_value('')
    field(ines, 'Minutes').set_value(30)
    field(ines, 'Attempts').set_value(2)
    field(ines, 'What would have been right').set_value(Reveal.NEVER)
    press(ines, 'Add a sentence')
    field(ines, 'From (percent)').set_value(90)
    field(ines, 'What is said').set_value('Very good.')
    press(ines, 'Save the rules')
    await ines.should_see('Saved')

    rules = (await database.read(quiz_settings.of_checkpoint, quiz.teacher, quiz.checkpoint_id)).rules
    assert (rules.minutes, rules.attempts_allowed, rules.shows_solution) == (30, 2, Reveal.NEVER)
    assert [(band.from_percent, band.text) for band in rules.bands] == [(90, 'Very good.')]


async def test_a_preview_makes_no_attempt(enter: Enter) -> None:
    quiz = await a_quiz()
    ines = await enter(quiz.teacher)

    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}/preview')

    await ines.should_see('So learners see it.')
    await ines.should_see('Question 3')
    assert await database.read(past.count_open, quiz.checkpoint_id) == 0


async def test_who_is_in_an_attempt_goes_on_when_the_quiz_is_closed(enter: Enter) -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')

    press(ines, 'Close to new attempts')
    await ines.should_see('Learners cannot begin it yet: it is not published.')

    assert len((await database.read(attempts.paper, quiz.learner, attempt_id)).asked) == 3


async def an_empty_quiz() -> tuple[CourseAtHand, int, list[int]]:
    course = await a_course()
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ)
    checkpoint_id = await database.write(checkpoints.add_one, course.teacher, course.course_id, details=details)
    ids = await database.write(bank.add_many, course.teacher, course.course_id, [FINEST, HOW_ACID, NAME_IT])
    return course, checkpoint_id, ids


async def is_second(quiz: QuizAtHand, title: str) -> bool:
    shown = await database.read(quiz_settings.of_checkpoint, quiz.teacher, quiz.checkpoint_id)
    return isinstance(shown.items[1], Fixed) and shown.items[1].title == title


async def test_an_emptied_pass_mark_does_not_become_0(enter: Enter) -> None:
    quiz = await a_quiz()
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')
    field(ines, 'Passed from (percent)').set_value(None)
    press(ines, 'Save the rules')
    await ines.should_see('Type a number from 0 to 100.')
    rules = (await database.read(quiz_settings.of_checkpoint, quiz.teacher, quiz.checkpoint_id)).rules
    assert rules.passing_percent == 60


@pytest.mark.parametrize(
    ('attempts', 'shows', 'is_said'),
    [(None, Reveal.AFTER_CLOSE, True), (1, Reveal.AFTER_CLOSE, False), (None, Reveal.NEVER, False)],
)
async def test_a_due_date_alone_lets_nobody_try_again_who_is_shown_what_is_right_and_the_page_says_so(
    enter: Enter, attempts: int | None, shows: Reveal, is_said: bool
) -> None:
    quiz = await a_quiz(rules=Rules(attempts_allowed=attempts, shows_solution=shows))
    due = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=clock.now())
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, due)
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')
    see = ines.should_see if is_said else ines.should_not_see
    await see('those who have passed or have no attempt left')


@pytest.mark.parametrize(('attempts', 'is_said'), [(None, True), (2, True), (1, False)])
async def test_a_key_that_is_shown_before_the_last_attempt_is_said(
    enter: Enter, attempts: int | None, is_said: bool
) -> None:
    quiz = await a_quiz(rules=Rules(attempts_allowed=attempts, shows_solution=Reveal.AFTER_SUBMIT))
    ines = await enter(quiz.teacher)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')
    see = ines.should_see if is_said else ines.should_not_see
    await see('once they cannot better their score')
