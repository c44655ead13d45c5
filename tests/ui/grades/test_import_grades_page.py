"""The gradebook as a file: taken away, changed, and brought in again after a look at what would change."""

import pytest
from nicegui import ui

from services.core import database
from services.grades import gradebook
from services.grades.book import Cell, Mark
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.support.fields import field, press
from tests.support.learner import RETRIES
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('C7')


async def test_the_gradebook_goes_out_as_a_file_and_comes_back(enter: Enter) -> None:
    quiz = await a_quiz(learners=['Lena', '=Otto'])
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    teacher, lena = await enter(quiz.teacher), await enter(quiz.learner)
    book = f'/courses/{quiz.klass.course_id}/gradebook'
    files = {ending: await teacher.http_client.get(f'{book}.{ending}') for ending in ('csv', 'xlsx')}
    assert "'=Otto" in files['csv'].text, 'no spreadsheet works it out'
    assert (await lena.http_client.get(f'{book}.xlsx')).status_code == 404

    await teacher.open(f'{book}/import')
    for file in files.values():
        await choose(teacher, file.content)
        await teacher.should_see('No grade would change', retries=RETRIES)
    changed = files['csv'].text.replace(',75,', ',80,')
    await choose(teacher, changed.encode())
    await teacher.should_see('1 of them replaces what a learner has reached', retries=RETRIES)
    assert await first_cell(quiz.teacher, quiz.klass.course_id) == Cell(75, Mark.GRADED)
    press(teacher, 'Change 1 grade')
    await teacher.should_see('Give a reason for the grades', retries=RETRIES)
    field(teacher, 'Reason').set_value('Spoke of humus')
    press(teacher, 'Change 1 grade')
    await teacher.should_see('1 grade has changed.', retries=RETRIES)
    assert await first_cell(quiz.teacher, quiz.klass.course_id) == Cell(80, Mark.SET)

    await choose(teacher, changed.replace(',80,', ',NaN,').encode())
    await teacher.should_see('Row 3, “Soil quiz”: “NaN” is no grade.', retries=RETRIES)
    await choose(teacher, b'%PDF-1.7')
    await teacher.should_see('The first row must say what the columns are', retries=RETRIES)


async def choose(teacher: PatientUser, content: bytes) -> None:
    (upload,) = teacher.find(ui.upload).elements
    await upload.handle_uploads([ui.upload.SmallFileUpload('grades', 'text/csv', content)])


async def first_cell(teacher: object, course_id: int) -> Cell:
    book = await database.read(gradebook.of_course, teacher, course_id, again=True)
    return next(row.cells[0] for row in book.rows if row.name == 'Lena')
