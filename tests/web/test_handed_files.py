"""Handed-in files on the wire: who gets them, how they come in, and that none of them is shown as a page."""

from collections.abc import Callable

import pytest

from tests.factories.assignments import PDF, AssignmentAtHand, an_assignment, hand_in, seen_by
from tests.factories.people import an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, hidden_fields
from ui.shell.security import LONGEST_BODY as OTHER_BODIES

pytestmark = [pytest.mark.req('Q4')]

Visitors = Callable[..., Visitor]


@pytest.fixture
async def work(server: Server) -> AssignmentAtHand:
    return await an_assignment(learners=('Lena Learner', 'Otto Other'))


async def test_a_file_is_given_to_its_learner_and_teacher_alone(work: AssignmentAtHand, a_visitor: Visitors) -> None:
    lena, otto = work.klass.learners
    visitors = {who: a_visitor(token=await token_of(who)) for who in (lena, otto, work.teacher)}
    larger = b'<script>alert(1)</script>'.ljust(OTHER_BODIES + 1)
    sent = {'f': ('cat.html', larger, 'text/html')}
    gives = f'/assignments/{work.checkpoint_id}/files'
    assert (await visitors[lena].http.post(gives, files=sent, headers=await with_csrf(visitors[lena]))).is_success
    (file,) = (await seen_by(work, lena)).tries[0].files
    address = f'/assignments/files/{file.file_id}'
    assert (await visitors[work.teacher].http.get(address)).status_code == 404, 'a draft is the learner’s alone'
    await hand_in(work, by=lena)
    stranger = await an_instructor(name='Sue', email='sue@example.org')
    visitors[stranger] = a_visitor(token=await token_of(stranger))
    for who, status in ((lena, 200), (work.teacher, 200), (otto, 404), (stranger, 404)):
        answer = await visitors[who].http.get(address)
        assert answer.status_code == status, who.name
    assert (await a_visitor().http.get(address)).status_code == 401
    answer = await visitors[work.teacher].http.get(address)
    assert answer.headers['content-type'].startswith('text/plain')
    assert answer.headers['content-disposition'].startswith('attachment')
    assert answer.headers['x-content-type-options'] == 'nosniff'
    assert answer.headers['cache-control'] == 'private, no-cache'
    part = await visitors[work.teacher].http.get(address, headers={'range': 'bytes=0-7'})
    assert (part.status_code, part.content) == (206, b'<script>')


async def test_a_file_comes_in_with_the_token_of_its_page(work: AssignmentAtHand, a_visitor: Visitors) -> None:
    lena = a_visitor(token=await token_of(work.learner))
    address, sent = f'/assignments/{work.checkpoint_id}/files', {'f': ('soil.exe', PDF, 'text/html')}
    assert (await lena.http.post(address, files=sent, headers={'x-csrf': 'forged'})).status_code == 403
    assert (await lena.http.post(address, files=sent)).status_code == 403
    headers = await with_csrf(lena)
    answer = await lena.http.post(address, files=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    lie = {'f': ('soil.pdf', b'MZ\x90\x00' + bytes(90), 'application/pdf')}
    answer = await lena.http.post(address, files=lie, headers=headers)
    assert (answer.status_code, 'no PDF, picture, text' in answer.text) == (422, True)
    (file,) = (await seen_by(work)).tries[0].files
    assert file.name == 'soil.exe.pdf'


async def test_who_does_not_learn_there_gives_no_file(work: AssignmentAtHand, a_visitor: Visitors) -> None:
    teacher = a_visitor(token=await token_of(work.teacher))
    headers, sent = await with_csrf(teacher), {'f': ('soil.pdf', PDF, 'text/html')}
    answer = await teacher.http.post(f'/assignments/{work.checkpoint_id}/files', files=sent, headers=headers)
    assert answer.status_code in {403, 404}
    assert (await teacher.http.post('/assignments/999/files', files=sent, headers=headers)).status_code == 404


async def with_csrf(visitor: Visitor) -> dict[str, str]:
    """Return what a page would send along with a file."""
    page = await visitor.opens('/account')
    return {'x-csrf': hidden_fields(page.text, '/sign-out')['csrf']}
