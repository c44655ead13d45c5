"""A course goes out as a file over the API, and comes in again."""

import pytest

from tests.api.conftest import APrograms
from tests.factories.classes import a_class, a_course
from tests.factories.people import a_student, an_instructor

pytestmark = pytest.mark.req('B1', 'C6')


async def test_a_course_goes_to_another_school_and_back(a_program: APrograms) -> None:
    klass = await a_class(title='Böden', steps=2)
    ines, otto = await a_program(klass.teacher), await a_program(await an_instructor())

    file = await ines.get(f'/courses/{klass.course_id}/file')
    made = await otto.post('/courses/import', json={'file': file.text})

    assert file.headers['content-type'].startswith('application/yaml')
    assert "filename*=UTF-8''B%C3%B6den.waymark.yaml" in file.headers['content-disposition']
    assert klass.learner.name not in file.text
    assert made.status_code == 201
    assert (made.json()['title'], made.json()['checkpoints']) == ('Böden', 2)
    assert (await otto.get(f'/courses/{made.json()["course_id"]}/file')).text == file.text


async def test_a_broken_file_says_in_which_lines(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())

    answer = await ines.post('/courses/import', json={'file': 'waymark: 1\ncourse:\n  titel: Soil\n'})

    assert (answer.status_code, answer.json()['error']) == (422, 'BrokenFile')
    assert 'Line 3: “titel” is not known here. Did you mean “title”?' in answer.json()['detail']


async def test_who_may_not_make_courses_is_refused_before_anything_is_read(a_program: APrograms) -> None:
    sami = await a_program(await a_student())

    assert (await sami.post('/courses/import', json={'file': '['})).status_code == 403


async def test_only_who_teaches_a_course_has_its_file(a_program: APrograms) -> None:
    klass, foreign = await a_class(), await a_course(title='Air')

    for who in klass.learner, foreign.teacher:
        assert (await (await a_program(who)).get(f'/courses/{klass.course_id}/file')).status_code == 404
