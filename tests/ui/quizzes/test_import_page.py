"""Questions pasted, or brought as a file, are seen before they are added; and the bank is taken away as a file."""

import pytest

from services.core import database
from services.quizzes import bank
from tests.factories.classes import a_class, a_course
from tests.factories.quizzes import FINEST, HOW_ACID
from tests.support.fields import field, press
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('Q9')]

TWO = 'Which is a metal?\n* Iron\nWood\n\nWhich is a gas?\nGold\n* Neon'


async def test_pasted_questions_are_seen_and_then_added(enter: Enter) -> None:
    course = await a_course()
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/questions/import')

    field(ines, 'Or paste questions').set_value(TWO.replace('* Iron', 'Iron'))
    await ines.should_see('Line 1: no option is marked as right. Put a * before it.')
    await ines.should_not_see('Add 1 question')
    field(ines, 'Or paste questions').set_value(TWO)
    await ines.should_see('Add 2 questions')
    assert (await database.read(bank.of_course, course.teacher, course.course_id)).in_all == 0
    press(ines, 'Add 2 questions')
    await ines.should_see('2 questions are in the bank.')
    field(ines, 'Or paste questions').set_value(TWO)
    await ines.should_see('2 questions are in the bank already, word for word; they are left out.')

    assert (await database.read(bank.of_course, course.teacher, course.course_id)).in_all == 2


@pytest.mark.parametrize(('ending', 'beginning'), [('gift', b'// [t'), ('xml', b'<?xml'), ('zip', b'PK')])
async def test_the_bank_is_taken_away_by_those_who_teach_alone(enter: Enter, ending: str, beginning: bytes) -> None:
    klass = await a_class()
    await database.write(bank.add_many, klass.teacher, klass.course_id, [FINEST, HOW_ACID])
    ines, lena = await enter(klass.teacher), await enter(klass.learner)
    address = f'/courses/{klass.course_id}/questions.{ending}'

    file = await ines.http_client.get(address)
    refused = await lena.http_client.get(address)

    assert (file.status_code, file.content[: len(beginning)]) == (200, beginning)
    assert refused.status_code == 404


async def test_the_template_can_be_read_again(enter: Enter) -> None:
    course = await a_course()
    ines = await enter(course.teacher)

    file = await ines.http_client.get(f'/courses/{course.course_id}/questions/template.csv')

    assert file.status_code == 200
    assert 'Which is a moon?' in file.text
