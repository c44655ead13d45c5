"""Pictures of questions for clients: below the API at the path that texts of questions say."""

from dataclasses import replace

import pytest

from services.content import question_pictures
from services.quizzes import pictures
from tests.api.conftest import APrograms
from tests.factories.classes import a_class
from tests.factories.people import an_instructor
from tests.factories.quizzes import FINEST

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q9', 'B1')]

CLAY = b'\x89PNG\r\n\x1a\nclay'


async def test_a_client_gets_the_pictures_of_its_courses_alone(a_program: APrograms) -> None:
    klass = await a_class()
    name = str(pictures.name_of(CLAY))
    shows = replace(FINEST, text=f'What is this? ![?](/pictures/{name})')
    (question_id,) = await question_pictures.bring_in(klass.teacher, klass.course_id, [shows], {name: CLAY})
    ines, lena, stranger = [
        await a_program(who) for who in (klass.teacher, klass.learner, await an_instructor(email='o@example.org'))
    ]

    text = (await ines.get(f'/questions/{question_id}')).json()['content']['text']
    address = text[text.index('(') + 1 : -1]
    shown = await lena.get(address)

    assert (shown.status_code, shown.headers['content-type'], shown.content) == (200, 'image/png', CLAY)
    assert (await lena.get(address, headers={'if-none-match': shown.headers['etag']})).status_code == 304
    assert (await stranger.get(address)).json()['error'] == 'NotFound'
    assert (await lena.get(f'/pictures/{"0" * 64}.png')).status_code == 404
