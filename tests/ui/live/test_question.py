"""A question in class on three screens at once: the instructor's, the projector, and the learner's phone."""

from uuid import uuid4

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.access import Actor
from services.core import database
from services.core.errors import NotSaved
from services.live import rooms, sessions
from services.live.questions import answering, asking
from services.quizzes import bank, class_answers
from services.quizzes.answer import Answer
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class
from tests.factories.people import another_device
from tests.factories.quizzes import FINEST, HOW_ACID
from tests.support.eventually import eventually
from tests.support.learner import Learner
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L15')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    held = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual', 'Quin Quick', 'Rosa Red'])
    for who in held.learners:
        await join_class(held, by=who)
    return held


async def test_a_countdown_and_moving_shares_are_on_all_three_screens(enter: Enter, klass: ClassAtHand) -> None:
    await database.write(bank.add, klass.teacher, klass.course_id, FINEST)
    ines, wall, phone = await enter(klass.teacher), await enter(klass.teacher), await enter(klass.learner)
    lena = Learner(phone)
    await ines.open(f'/courses/{klass.course_id}/live')
    await wall.open(f'/courses/{klass.course_id}/projector')
    await lena.opens(klass)
    ines.find('Ask a question').click()
    await ines.should_see(FINEST.text)
    time = next(each for each in ines.find(ui.select).elements if each.props.get('label') == 'Time to answer')
    time.set_value(300)
    ines.find(FINEST.text).click()
    for screen in (phone, ines, wall):
        await screen.should_see(' left')
    ines.find('Show the answers while it is open').click()
    await phone.should_see('Shares are shown from 5 answers on')
    for number, who in enumerate(klass.learners):
        await answer(klass, who, min(number, 1))
    for screen in (phone, ines, wall):
        await screen.should_see('80 %')
    await wall.should_see('The bars move with every few answers.')
    await wall.should_not_see('asked-right')
    ines.find('Close the question').click()
    await lena.sees('Answers are closed. Look at the projector.')
    for screen in (phone, ines, wall):
        await screen.should_not_see(' left')


async def test_a_question_is_asked_answered_shown_and_solved(enter: Enter, klass: ClassAtHand) -> None:
    await database.write(bank.add, klass.teacher, klass.course_id, FINEST)
    ines, wall, phone = await enter(klass.teacher), await enter(klass.teacher), await enter(klass.learner)
    lena = Learner(phone)
    await ines.open(f'/courses/{klass.course_id}/live')
    await wall.open(f'/courses/{klass.course_id}/projector')
    await lena.opens(klass)

    ines.find('Ask a question').click()
    await ines.should_see(FINEST.text)
    ines.find(FINEST.text).click()
    await lena.sees(FINEST.text, 'The class is asked a question.')
    await wall.should_see('have answered')

    pick(phone, 'Sand')
    await lena.sees('Saved')
    pick(phone, 'Clay')
    await eventually(lambda: 'own-choice-saved' in label_of(phone, 'Clay').classes)
    for who in klass.learners[1:]:
        await answer(klass, who, 1)
    await ines.should_see('5 of 5 have answered')
    await wall.should_see('5 of 5 have answered')

    ines.find('Close the question').click()
    await lena.sees('Answers are closed. Look at the projector.')
    await ines.should_see('80 %')
    await wall.should_not_see('80 %')

    ines.find('Show the answers').click()
    await wall.should_see('80 %')
    await lena.sees('80 %', 'your answer')
    await wall.should_not_see('right')
    await wall.should_not_see('Lena')

    ines.find('Show what is right').click()
    await lena.sees('Right', 'Its parts are below 0.002 mm.')
    await wall.should_see('asked-right')

    ines.find('Take it from the screens').click()
    await phone.should_not_see(FINEST.text)
    await wall.should_not_see(FINEST.text)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    for page in f'/courses/{klass.course_id}/live', f'/courses/{klass.course_id}/classes/{klass.session_id}':
        await ines.open(page)
        await ines.should_see('Questions to the class')
        await ines.should_see('20 % were right')
    await assert_log_and_projections_agree()


async def test_a_refused_answer_goes_back_and_a_late_joiner_sees_the_question(
    enter: Enter, klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(asking.ask_new, klass.teacher, klass.course_id, HOW_ACID)
    phone = await enter(klass.learner)
    await Learner(phone).opens(klass)
    await phone.should_see(HOW_ACID.text)
    phone.find(kind=ui.input).type('seven')
    phone.find('Answer').click()
    await phone.should_see('This cannot be read as a number')

    save = answering.save

    async def fails(_: object) -> object:
        raise NotSaved

    monkeypatch.setattr(answering, 'save', fails)
    phone.find(kind=ui.input).clear().type('7,0')
    phone.find('Answer').click()
    await phone.should_see(str(NotSaved()))
    monkeypatch.setattr(answering, 'save', save)
    phone.find(kind=ui.input).clear().type('7,0')
    phone.find('Answer').click()
    await phone.should_see('Saved. Read as 7')

    tablet = await enter(await another_device(of=klass.learner))
    await Learner(tablet).opens(klass)
    await tablet.should_see('Saved')
    assert [field.value for field in tablet.find(kind=ui.input).elements] == ['7,0']


async def test_an_instructor_types_a_question_on_the_spot(enter: Enter, klass: ClassAtHand) -> None:
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    ines.find('Ask a question').click()
    await ines.should_see('No question of the bank fits. Type one.')
    toggle = next(each for each in ines.find(kind=ui.toggle).elements if 'new' in each.options)
    toggle.set_value('new')
    ines.find('What do you ask?').type('Ready?')
    ines.find('One option per line, * before the right one').type('Yes\nNo')
    ines.find('Ask it now').click()
    await ines.should_see('Put * before the one option that is right.')
    ines.find('One option per line, * before the right one').clear().type('*Yes\nNo')
    ines.find('Ask it now').click()
    await ines.should_see('0 of 0 have answered')
    (kept,) = (await database.read(bank.of_course, klass.teacher, klass.course_id)).questions
    assert (kept.title, kept.tags) == ('Ready?', ('asked in class',))


def pick(phone: PatientUser, option: str) -> None:
    """Tap one of the options."""
    field = next(each for each in label_of(phone, option).default_slot.children if each.tag == 'input')
    UserInteraction(phone, {field}, None).trigger('change', [])


def label_of(phone: PatientUser, option: str) -> ui.element:
    elements = list(phone.client.elements.values()) if phone.client else []
    return next(
        each.parent_slot.parent
        for each in elements
        if each.parent_slot and 'own-choice-text' in each.classes and option in str(each.props['innerHTML'])
    )


async def answer(klass: ClassAtHand, who: Actor, place: int) -> None:
    """Answer on another device."""
    board = (await rooms.enter(klass.course_id)).board
    assert board.question
    asked = board.question.live_question_id
    given = answering.Given(actor=who, live_question_id=asked, tap_id=uuid4().hex, answer=Answer(chosen=(place,)))
    await answering.save(given)


async def test_the_page_of_a_question_says_what_classes_have_answered(enter: Enter, klass: ClassAtHand) -> None:
    (question_id,) = await database.write(bank.add_many, klass.teacher, klass.course_id, [FINEST])
    ines = await enter(klass.teacher)
    await ines.open(f'/questions/{question_id}')
    await ines.should_not_see('In class')

    asked = await database.write(asking.ask, klass.teacher, klass.course_id, question_id)
    for number, who in enumerate(klass.learners):
        await answer(klass, who, min(number, 1))
    await ines.open(f'/questions/{question_id}')
    await ines.should_see('Asked 1 time, last')
    await ines.should_see('No answer is counted yet')
    await database.write(asking.put_away, klass.teacher, asked)
    await class_answers.grade_all()
    await ines.open(f'/questions/{question_id}')

    await ines.should_see('20 % of 5 answers were right.')
