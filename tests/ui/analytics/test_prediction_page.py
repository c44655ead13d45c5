"""The pages of predictions: a teacher reads why and dismisses, a learner reads what helps and says what they think."""

from datetime import timedelta

import pytest
import time_machine
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.analytics import prediction, prediction_definitions
from services.analytics.prediction import nightly
from services.core import clock, database
from services.core.phrases import ENGLISH
from tests.factories.people import an_admin
from tests.factories.terms import TermAtHand, a_term, keep_up
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('N4', 'V5')


async def a_term_that_runs() -> TermAtHand:
    """Eleven days ago six learners began; five keep up, and Gina has done nothing."""
    names = 'Amina', 'Ben', 'Chen', 'Dora', 'Emil', 'Gina <i>'
    term = await a_term(learners=names, begins=clock.now() - timedelta(days=11))
    await keep_up(term, until=5, who=term.learners[:5])
    return term


async def test_a_teacher_reads_who_needs_help_and_dismisses_one(enter: Enter) -> None:
    term = await a_term_that_runs()
    ines = await enter(term.teacher)
    await ines.open(f'/courses/{term.course_id}/predictions')
    await ines.should_see('There are none yet; they are made at night.')
    ines.find('Make them now').click()
    await ines.should_see('Nothing is done yet; 5 of 6 learners have begun.')
    await ines.should_see('High risk')
    await ines.should_see('Finish “Step 5”, which is overdue.')
    await ines.should_see('A course is judged two weeks after its last due date.')
    await ines.should_not_see('Of a hundred learners like this')
    for meaning in prediction_definitions.ALL:
        await ines.should_see(meaning.sentence.spoken(ENGLISH))

    ines.find('Dismiss').click()
    await ines.should_see('Why is the prediction about Gina <i> wrong')
    await ines.should_see('Gina <i> can read the reason, and that it is yours.')
    ines.find(ui.textarea).type('Hands in on paper.')
    press_last(ines, 'Dismiss')
    await ines.should_see('Dismissed by Ines Instructor')
    await ines.should_see('Hands in on paper.')

    switch(ines, on=False)
    await ines.should_see('Predictions are switched off here.')
    await ines.should_not_see('High risk')


async def test_a_learner_reads_what_helps_contests_it_and_switches_it_off(enter: Enter) -> None:
    term = await a_term_that_runs()
    await nightly.make(term.course_id)
    gina = await enter(term.learners[5])
    await gina.open(f'/courses/{term.course_id}/outlook')
    await gina.should_see('The course needs you now. One step at a time brings you back.')
    await gina.should_see('What helps')
    await gina.should_see('in eight of ten cases')
    await gina.should_not_see('risk')
    gina.find(ui.textarea).type('I work on paper.')
    gina.find('Send to my teachers').click()
    await gina.should_see('Gina <i> sees it differently')

    switch(gina, on=False)
    await gina.should_see('Predictions are switched off.')
    found = await database.read(prediction.of_course, term.teacher, term.course_id)
    assert {each.name: each.band for each in found.learners}['Gina <i>'] is None


async def test_how_good_they_were_is_said_to_those_who_teach_and_to_admins_of_many(enter: Enter) -> None:
    term = await a_term_that_runs()
    with time_machine.travel(clock.now() - timedelta(days=2), tick=False):
        await nightly.make(term.course_id)
    await keep_up(term, until=10, who=term.learners[:5])
    with time_machine.travel(clock.now() + timedelta(days=25)):
        teacher, admin = await enter(term.teacher), await enter(await an_admin())
        await teacher.open(f'/courses/{term.course_id}/predictions')
        await teacher.should_see('Low risk: of 5 learners, 0 did not complete the course.')
        await teacher.should_see('risk: of 1 learner, 1 did not complete the course.')
        await admin.open('/school/predictions')
        await admin.should_see('Courses with few learners are told of together, or not at all.')
        await admin.should_not_see('did not complete the course')


def press_last(user: PatientUser, name: str) -> None:
    """Press the button that came last of those with a name: that of the dialog."""
    assert user.client
    found = [each for each in user.client.elements.values() if isinstance(each, ui.button) and each.text == name]
    UserInteraction(user, {found[-1]}, None).click()


def switch(user: PatientUser, *, on: bool) -> None:
    assert user.client
    next(each for each in user.client.elements.values() if isinstance(each, ui.checkbox)).set_value(on)
