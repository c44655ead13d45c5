"""The questions of a course."""

from dataclasses import replace

import pytest

from services.core import database
from services.quizzes import bank
from tests.factories.classes import a_class
from tests.factories.quizzes import FINEST

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q7'), pytest.mark.both_databases]


async def test_a_list_calls_a_question_by_its_words_and_not_by_their_signs() -> None:
    klass = await a_class()
    asked = replace(FINEST, text='Which soil has the **finest** parts?')
    await database.write(bank.add, klass.teacher, klass.course_id, asked)
    found = await database.read(bank.of_course, klass.teacher, klass.course_id, words='finest parts')
    assert [each.title for each in found.questions] == ['Which soil has the finest parts?']
