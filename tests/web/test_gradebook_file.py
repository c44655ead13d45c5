"""The grades of a course as a file."""

import csv
import io
from collections.abc import Callable

import pytest

from services.core import database
from services.grades import grade_file, grading, overrides
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('C7')]


async def test_the_file_has_grades_as_they_are_typed_and_only_for_those_who_teach(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    quiz = await a_quiz(learners=['Lena', '=Otto'])
    course_id, otto = quiz.klass.course_id, quiz.klass.learners[1]
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    await database.write(overrides.excuse, quiz.teacher, quiz.checkpoint_id, user_id=otto.user_id)
    await database.write(grading.set_letters, quiz.teacher, course_id, letters=[(70, 'B'), (0, 'C')])
    address = f'/courses/{course_id}/gradebook.csv'

    answer = await a_visitor(token=await token_of(quiz.teacher)).opens(address)

    rows = list(csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline='')))
    lena = quiz.klass.learners[0]
    assert rows == [
        ['Waymark ID', 'Name', 'Group', f'Soil quiz [#{quiz.checkpoint_id}]', 'Total', 'Letter'],
        [str(otto.user_id), "'=Otto", '', 'x', '', ''],
        [str(lena.user_id), 'Lena', '', '75', '75', 'B'],
    ]
    extra = {'user_id': lena.user_id, 'score': 120, 'reason': 'Built a model'}
    await database.write(overrides.set_score, quiz.teacher, quiz.checkpoint_id, **extra)
    answer = await a_visitor(token=await token_of(quiz.teacher)).opens(address)
    assert f'{lena.user_id},Lena,,120,120,B' in answer.content.decode('utf-8-sig')
    answer = await a_visitor(token=await token_of(quiz.teacher)).opens(address.replace('.csv', '.xlsx'))
    lines = [line for _, line in (await grade_file.read(answer.content)).rows]
    assert lines[2] == (str(lena.user_id), 'Lena', '', '120', '120', 'B'), 'extra credit is in both kinds of file'
    assert (await a_visitor(token=await token_of(otto)).opens(address)).status_code == 404
    assert (await a_visitor().http.get(address)).status_code == 303
