"""A quiz as its learner meets it: before, during and after an attempt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from models import Attempt, Reveal
from services.core import database
from services.core.clock import now
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.people import groups
from services.quizzes import attempts, closing, quiz_settings
from services.quizzes.answer import Answer
from services.quizzes.question import WHOLE, Option, Pair, Question, QuestionKind
from services.quizzes.quiz_settings import Band, Rules
from tests.factories.people import another_device
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WHY, WRONG, QuizAtHand, a_quiz, begin, give, take
from tests.support import fields
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('Q2', 'Q5', 'Q8')

SORTING = Question(kind=QuestionKind.ORDERING, text='From fine to coarse?', order=('Clay', 'Silt', 'Sand'))
PAIRING = Question(
    kind=QuestionKind.MATCHING,
    text='What does each hold?',
    pairs=(Pair(left='Clay', right='much'), Pair(left='Sand', right='little')),
)
SEVERAL = Question(
    kind=QuestionKind.MULTIPLE_CHOICE,
    text='Which hold water?',
    options=(Option(text='*Clay*', credit=WHOLE), Option(text='Humus', credit=WHOLE), Option(text='Sand')),
)
IS_SO = Question(kind=QuestionKind.TRUE_FALSE, text='Is clay fine?', options=(Option(credit=WHOLE), Option()))


def address(quiz: QuizAtHand) -> str:
    return f'/quizzes/{quiz.checkpoint_id}'


def pieces(user: PatientUser, *, tag: str = '', look: str = '', html: str = '') -> list[ui.element]:
    assert user.client
    return [
        each
        for each in user.client.elements.values()
        if each.tag.startswith(tag)
        and (not look or look in each.classes)
        and html in str(each.props.get('innerHTML', ''))
        and not each.is_deleted
    ]


def send(element: ui.element, event: str, told: object) -> None:
    """Do what a browser does when something is chosen."""
    for listener in element._event_listeners.values():
        if listener.type == event:
            element._handle_event({'listener_id': listener.id, 'args': told})


def choose(user: PatientUser, group: ui.element, told: object) -> None:
    with user:
        send(group, 'update:modelValue', told)


def press(user: PatientUser, *, html: str, look: str = '') -> None:
    (button,) = pieces(user, tag='button', html=html, look=look)
    UserInteraction(user, {button}, None).click()


def marks(user: PatientUser) -> list[str]:
    return [str(each.props['innerHTML']) for each in pieces(user, look='quiz-mark')]


async def answers(quiz: QuizAtHand, attempt_id: int) -> list[Answer | None]:
    paper = await database.read(attempts.paper, quiz.learner, attempt_id)
    return [each.answer for each in paper.asked]


async def test_before_it_a_learner_reads_how_it_goes(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(minutes=30, attempts_allowed=3))
    course_id, lena = quiz.klass.course_id, quiz.learner.user_id
    await database.write(groups.give_extra_time, quiz.teacher, course_id, user_id=lena, percent=50)
    await take(quiz, WRONG)
    details = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, due_at=datetime(2099, 1, 2, 12, tzinfo=UTC))
    await database.write(checkpoints.edit, quiz.teacher, quiz.checkpoint_id, details=details)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    for words in (
        'Back to the course',
        'Soil quiz',
        'Due on',
        '3 questions',
        '45 min (30 + your extra time)',
        '2 attempts left',
        '0 %, not passed',
    ):
        await user.should_see(words)
    await user.should_see('Begin again')


@pytest.mark.parametrize(
    ('rules', 'words'), [(Rules(attempts_allowed=1), 'used all your attempts'), (Rules(), 'not open yet')]
)
async def test_where_none_may_begin_the_page_says_why(enter: Enter, rules: Rules, words: str) -> None:
    quiz = await a_quiz(rules=rules)
    await take(quiz)
    if rules == Rules():
        await database.write(quiz_settings.publish, quiz.teacher, quiz.checkpoint_id, published=False)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    await user.should_see(words)
    assert not [each for each in pieces(user, look='quiz-begin') if 'hidden' not in each.classes]


async def test_a_score_that_waits_for_an_end_says_so_to_both_sides(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.AFTER_CLOSE))
    await take(quiz, WRONG)
    ines, lena = await enter(quiz.teacher), await enter(quiz.learner)
    await ines.open(f'/courses/{quiz.klass.course_id}/quizzes/{quiz.checkpoint_id}')
    await ines.should_see('neither an end nor a due date')
    await lena.open(address(quiz))
    await lena.should_see('Your teacher has not said yet when that is.')

    fields.field(ines, 'Closes').set_value('2099-01-01T12:00')
    fields.press(ines, 'Save the rules')
    await ines.should_see('Saved')
    await ines.should_not_see('neither an end nor a due date')
    await lena.open(address(quiz))
    await lena.should_see('The score is shown after the quiz has closed')


async def test_a_score_that_is_never_shown_is_not_what_completes_the_step(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    lena = await enter(quiz.learner)
    await lena.open(address(quiz))
    await lena.should_see('The score is not shown; handing in completes the step')
    await lena.should_not_see('You pass with')
    await lena.open(f'/courses/{quiz.klass.course_id}/learn/{quiz.checkpoint_id}')
    await lena.should_see('complete once it is handed in')
    await lena.should_not_see('pass with')


async def test_begin_opens_one_attempt_however_often_it_is_pressed(enter: Enter) -> None:
    quiz = await a_quiz()
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    press(user, html='Begin')
    press(user, html='Begin')
    await user.should_see('0 of 3 answered')
    offer = await database.read(attempts.offer, quiz.learner, quiz.checkpoint_id)
    assert len(offer.past) == 1


async def test_each_kind_is_answered_and_saved_at_once(enter: Enter) -> None:
    quiz = await a_quiz(questions=(FINEST, SEVERAL, IS_SO, HOW_ACID, WHY, PAIRING, SORTING))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    assert marks(user) == ['Not answered'] * 7
    single, several, so = pieces(user, tag='q-option-group')
    choose(user, single, 0)
    choose(user, several, [1, 0])
    choose(user, so, 1)

    (number,) = [each for each in user.find(ui.input).elements if not isinstance(each, ui.textarea)]
    UserInteraction(user, {number}, None).type('1,5')
    await user.should_see('Read as 1.5')
    user.find(ui.textarea).type('Large pores.')
    first, second = pieces(user, tag='q-select')
    choose(user, first, 1)
    choose(user, second, 0)
    down = pieces(user, tag='button', look='quiz-down')[0]
    UserInteraction(user, {down}, None).click()
    await user.should_see('7 of 7 answered')

    given = await answers(quiz, attempt_id)
    assert given[:6] == [
        Answer(chosen=(0,)),
        Answer(chosen=(0, 1)),
        Answer(chosen=(1,)),
        Answer(text='1,5'),
        Answer(text='Large pores.'),
        Answer(pairs=(1, 0)),
    ]
    assert given[6]
    assert sorted(given[6].order) == [0, 1, 2]
    assert all(mark.startswith('Saved at ') for mark in marks(user))


async def test_a_number_that_cannot_be_read_says_so_before_handing_in(enter: Enter) -> None:
    quiz = await a_quiz(questions=(HOW_ACID,))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    user.find(ui.input).type('seven')
    await user.should_see('cannot be read as a number. Type one such as')
    press(user, html='Hand in')
    await user.should_see('Question 1 cannot be read as a number.')
    assert await answers(quiz, attempt_id) == [Answer(text='seven')]


async def test_handing_in_asks_once_when_something_is_empty_and_then_shows_what_may_be_seen(enter: Enter) -> None:
    bands = (Band(from_percent=0, text='Read page *4*.'),)
    quiz = await a_quiz(rules=Rules(bands=bands, shows_solution=Reveal.AFTER_SUBMIT, attempts_allowed=2))
    await take(quiz, WRONG)
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0])
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    press(user, html='Hand in')
    await user.should_see('2 questions have no answer: 2, 3.')
    user.find(kind=ui.button, content='Hand in').click()
    await user.should_see('50 %')
    for words in (
        'Not passed: you need 60 %',
        '2 of 4 points',
        'Read page <em>4</em>.',
        'Its parts are below 0.002 mm.',
        'You did not answer this.',
        '7 ± 0.05',
        'All attempts',
    ):
        await user.should_see(words)


async def test_with_an_attempt_left_the_page_says_when_it_shows_what_would_have_been_right(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(shows_solution=Reveal.AFTER_SUBMIT, attempts_allowed=2))
    await take(quiz, WRONG)
    user = await enter(quiz.learner)
    await user.open(f'{address(quiz)}?attempt=1')
    for words in ('Try again', '1 attempt left', 'once you cannot better your score: after your last attempt'):
        await user.should_see(words)
    await user.should_not_see('7 ± 0.05')


async def test_a_refusal_puts_the_answer_back_with_its_sentence(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(one_at_a_time=True, may_go_back=False))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    (group,) = pieces(user, tag='q-option-group')
    await database.write(attempts.go_to, quiz.learner, attempt_id, position=1)  # on another device
    choose(user, group, 1)
    await user.should_see('you cannot go back to a question')
    assert group.props['model-value'] is None
    assert await answers(quiz, attempt_id) == [None, None, None]


async def test_another_device_shows_the_same_attempt_and_follows_it(enter: Enter) -> None:
    quiz = await a_quiz()
    attempt_id = await begin(quiz)
    phone, tablet = await enter(quiz.learner), await enter(await another_device(of=quiz.learner))
    for user in (phone, tablet):
        await user.open(address(quiz))
    choose(phone, pieces(phone, tag='q-option-group')[0], 2)
    await tablet.should_see('1 of 3 answered')
    assert pieces(tablet, tag='q-option-group')[0].props['model-value'] == 2
    labels = [
        [each['label'] for each in pieces(user, tag='q-option-group')[0].props['options']] for user in (phone, tablet)
    ]
    assert labels[0] == labels[1]

    await database.write(closing.submit, quiz.learner, attempt_id)
    await tablet.should_see('Not passed')


async def test_one_question_at_a_time_goes_on_and_back(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(one_at_a_time=True))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    await user.should_see('Which soil has the finest parts?')
    await user.should_not_see('Which pH is neutral?')
    press(user, html='Next ›')
    await user.should_see('Which pH is neutral?')
    user.find(ui.input).type('7')
    press(user, html='‹ Back')
    await user.should_see('Which soil has the finest parts?')
    assert (await answers(quiz, attempt_id))[1] == Answer(text='7')
    press(user, html='3')
    await user.should_see('What is dark')


async def test_without_a_way_back_leaving_an_empty_question_is_asked_once(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(one_at_a_time=True, may_go_back=False))
    await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    assert not pieces(user, tag='button', html='‹ Back')
    press(user, html='Next ›')
    await user.should_see('you cannot come back to it')
    user.find(kind=ui.button, content='Go on').click()
    await user.should_see('Which pH is neutral?')


async def test_where_answers_are_checked_at_once_the_learner_says_when(enter: Enter) -> None:
    rules = Rules(shows_right=Reveal.AFTER_ANSWER, shows_feedback=Reveal.AFTER_ANSWER)
    quiz = await a_quiz(rules=rules)
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    choose(user, pieces(user, tag='q-option-group')[0], 1)
    await user.should_see('Not handed over yet')
    await user.should_not_see('Sand is the coarsest.')
    assert (await answers(quiz, attempt_id))[0] is None
    press(user, html='Check the answer')
    await user.should_see('Sand is the coarsest.')
    await user.should_see('Not right')
    choose(user, pieces(user, tag='q-option-group')[0], 0)
    assert (await answers(quiz, attempt_id))[0] == Answer(chosen=(1,))


async def test_confidence_is_asked_where_the_quiz_wants_it(enter: Enter) -> None:
    quiz = await a_quiz(questions=(FINEST,), rules=Rules(asks_confidence=True))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    group, sure = pieces(user, tag='q-option-group')
    choose(user, group, 0)
    choose(user, sure, 4)
    await user.should_see('Saved at')
    paper = await database.read(attempts.paper, quiz.learner, attempt_id)
    assert (paper.asked[0].answer, paper.asked[0].confidence) == (Answer(chosen=(0,)), 4)


async def test_pastes_are_noted_and_the_learner_is_told(enter: Enter) -> None:
    quiz = await a_quiz(questions=(WHY,))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    (field,) = user.find(ui.textarea).elements
    with user:
        send(field, 'paste', [])
    user.find(ui.textarea).type('Large pores.')
    await user.should_see('1 paste noted; it decides nothing.')
    await user.should_see('Saved at')
    kept = await database.read(lambda tx: tx.session.get_one(Attempt, attempt_id).times_pasted)
    assert kept == 1


async def test_the_time_that_is_left_is_shown_and_can_be_hidden(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(minutes=30))
    with time_machine.travel(now(), tick=False):
        await begin(quiz)
        user = await enter(quiz.learner)
        await user.open(address(quiz))
        await user.should_see('30 min left')
        press(user, html='Hide the time')
        await user.should_not_see('30 min left')
        press(user, html='Show the time')
        await user.should_see('30 min left')


async def test_who_comes_back_after_the_end_reads_that_the_clock_has_handed_in(enter: Enter) -> None:
    quiz = await a_quiz(rules=Rules(minutes=5))
    attempt_id = await begin(quiz)
    await give(quiz, attempt_id, 0, RIGHT[0])
    lena = await enter(quiz.learner)
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        await closing.close_all()
        await lena.open(f'/quizzes/{quiz.checkpoint_id}')
        await lena.should_see('handed in by the clock on')


async def test_nothing_of_the_key_is_on_the_page_of_an_attempt(enter: Enter) -> None:
    quiz = await a_quiz(questions=(FINEST, HOW_ACID, NAME_IT, WHY))
    await begin(quiz)
    user = await enter(quiz.learner)
    page = await user.http_client.get(address(quiz))
    for secret in ('0.002', 'coarsest', 'holds water', 'umus', 'arge pores', '0.05'):
        assert secret not in page.text
    assert 'Which soil has the finest parts?' in page.text


async def test_those_who_teach_look_and_strangers_find_nothing(enter: Enter) -> None:
    quiz, other = await a_quiz(learners=('Lena Learner', 'Otto Other')), await a_quiz()
    teacher = await enter(quiz.teacher)
    await teacher.open(address(quiz))
    await teacher.should_see('You see what learners see.')
    attempt_id = await take(quiz)
    assert attempt_id
    otto = await enter(quiz.klass.learners[1])
    assert (await otto.http_client.get(f'{address(quiz)}?attempt=1')).status_code == 404
    stranger = await enter(other.learner)
    assert (await stranger.http_client.get(address(quiz))).status_code == 404


async def test_a_checkpoint_that_is_not_a_quiz_has_no_such_page(enter: Enter) -> None:
    quiz = await a_quiz()
    details = replace(Details(title='Plain'), kind=CheckpointKind.MARKER)
    plain = await database.write(checkpoints.add_one, quiz.teacher, quiz.klass.course_id, details=details)
    user = await enter(quiz.learner)
    assert (await user.http_client.get(f'/quizzes/{plain}')).status_code == 404


async def test_going_on_right_after_answering_never_leads_back(enter: Enter) -> None:
    """What follows from the answer is read while the page goes on, and may not undo that."""
    many = [replace(NAME_IT, text=f'Asked {number}?') for number in range(12)]
    quiz = await a_quiz(questions=many, rules=Rules(one_at_a_time=True))
    attempt_id = await begin(quiz)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    for number in range(11):
        user.find(ui.input).type('humus')
        press(user, html='Next ›')
        await user.should_see(f'Asked {number + 1}?')
    await user.should_see('11 of 12 answered')
    await user.should_see('Asked 11?')
    assert (await database.read(attempts.paper, quiz.learner, attempt_id)).place == 11


@pytest.mark.req('Q1')
async def test_practice_that_adapts_asks_one_question_after_the_other_and_says_why(enter: Enter) -> None:
    rules = Rules(is_adaptive=True, shows_right=Reveal.AFTER_ANSWER, shows_feedback=Reveal.AFTER_ANSWER)
    quiz = await a_quiz(questions=[replace(FINEST, text=f'Which, {number}?') for number in range(3)], rules=rules)
    user = await enter(quiz.learner)
    await user.open(address(quiz))
    await user.should_see('chosen to fit you')
    press(user, html='Begin')
    await user.should_see('neither too easy nor too hard')
    assert not pieces(user, tag='button', html='Next ›'), 'there is no way on before the answer'
    for number in (1, 2, 3):
        await user.should_see(f'Question {number}')
        choose(user, pieces(user, tag='q-option-group')[0], 0)
        press(user, html='Check the answer')
        await user.should_see('Its parts are below 0.002 mm.')
        if number < 3:
            press(user, html='Next ›')
            await user.should_see('about as hard as the last one')
    await user.should_see('been through all questions')
    press(user, html='Finish')
    await user.should_see('For practice')
    await user.should_see('100 %')
