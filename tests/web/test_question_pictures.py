"""Pictures of questions on the wire: shown as what they are, to those in the course alone."""

from collections.abc import Callable

import pytest

from services.content import question_pictures
from services.content.uploads import storage
from services.quizzes import importing
from tests.factories.classes import a_class
from tests.factories.people import an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('Q9')]

IMAGE = r'<img src\="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs\=" alt\="a dot">'
GIFT = f'[html]What is this? {IMAGE} {{=a dot}}'


async def test_a_picture_is_given_to_those_in_the_course(
    server: Server, a_visitor: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, 'folder', lambda: server.data_dir / 'uploads')
    klass, stranger = await a_class(), await an_instructor(name='Sue Stranger')
    found = await importing.read('pasted', GIFT.encode())
    (name,) = found.pictures
    await question_pictures.bring_in(klass.teacher, klass.course_id, found.questions, found.pictures)
    address = f'/pictures/{name}'
    for who, status in ((klass.learner, 200), (klass.teacher, 200), (stranger, 404)):
        answer = await a_visitor(token=await token_of(who)).http.get(address)
        assert answer.status_code == status, who.name
    learner = a_visitor(token=await token_of(klass.learner))
    shown = await learner.http.get(address)
    assert (shown.headers['content-type'], shown.content[:6]) == ('image/gif', b'GIF89a')
    assert shown.headers['x-content-type-options'] == 'nosniff'
    assert (await learner.http.get(address, headers={'if-none-match': shown.headers['etag']})).status_code == 304
    assert (await learner.http.get('/pictures/%00')).status_code == 404
    assert (await a_visitor().http.get(address)).status_code == 401
