"""What is handed out on paper: from the page where it belongs, and to nobody who does not teach the course."""

from collections.abc import Callable
from urllib.parse import quote_plus

import pytest

from services.certificates import render_queue
from services.core import database
from services.core.secrets import spell_code
from services.people import groups, guest_codes
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.factories.people import an_instructor
from tests.support.printed import links_of, pages_of, sizes_of
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A5', 'C7', 'L12')]

PAPER = {
    '/courses/{course}/guest-codes': '/courses/{course}/guest-codes.pdf',
    '/courses/{course}': '/courses/{course}/poster.pdf',
    '/courses/{course}/attendance/{session}': '/courses/{course}/attendance/{session}.pdf',
}


def address(path: str, klass: ClassAtHand) -> str:
    return path.format(course=klass.course_id, session=klass.session_id)


async def test_each_page_offers_its_paper_to_those_who_teach_and_to_nobody_else(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class(learners=['Lena <b>', 'Otto'])
    await join_class(klass)
    ines = a_visitor(token=await token_of(klass.teacher))
    others = [
        a_visitor(token=await token_of(who)) for who in (klass.learner, await an_instructor(email='x@example.org'))
    ]
    for page, path in PAPER.items():
        file = address(path, klass)
        shown = words((await ines.opens(address(page, klass))).text)
        assert f'{file}?paper=a4' in shown
        assert f'{file}?paper=letter' in shown
        answer = await ines.opens(f'{file}?paper=letter')
        assert (answer.status_code, answer.headers['content-type']) == (200, 'application/pdf')
        assert answer.headers['cache-control'] == 'no-store'
        assert sizes_of(answer.content) == {(216, 279)}
        assert sizes_of((await ines.opens(f'{file}?paper=of+the+moon')).content) == {(210, 297)}
        for other in others:
            refused = await other.opens(file)
            assert (refused.status_code, b'%PDF' in refused.content) == (404, False)
        nobody = await a_visitor().opens(file)
        assert nobody.url.path == '/sign-in'
        assert nobody.url.params['next'] == address(page, klass)


async def test_a_guest_comes_back_with_their_card(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    otto = {'user_id': klass.learners[1].user_id, 'name': 'Größe & Co'}
    await database.write(groups.put, klass.teacher, klass.course_id, **otto)
    codes = {
        each.name: each.code for each in await database.read(guest_codes.of_course, klass.teacher, klass.course_id)
    }
    ines = a_visitor(token=await token_of(klass.teacher))
    cards = f'/courses/{klass.course_id}/guest-codes.pdf'

    of_group = (await ines.opens(f'{cards}?group={quote_plus("Größe & Co")}')).content
    of_nobody = await ines.opens(f'{cards}?group=Red')

    (text,) = pages_of(of_group)
    assert 'Otto' in text
    assert 'Lena' not in text
    assert (of_nobody.status_code, 'cards are for guests' in of_nobody.text) == (409, True)
    (link,) = links_of(of_group, [f'{server.origin}/j/{codes["Otto"]}'])
    phone = a_visitor()
    page = await phone.opens(link)
    assert spell_code(codes['Otto']) in page.text
    assert page.headers['cache-control'] == 'no-store'
    for name in codes:
        assert name not in page.text, 'whose code it is, the page does not say'
    arrived = await phone.fills(page, '/code')
    assert arrived.headers['location'] == f'/class/{klass.course_id}'
    assert 'Otto' in words((await phone.opens('/')).text)


async def test_a_card_on_a_device_that_is_signed_in_says_so_and_a_code_that_is_none_is_refused(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class()
    ines, nobody = a_visitor(token=await token_of(klass.teacher)), a_visitor()

    page = await ines.opens('/j/aaaa-aaaa')
    refused = await nobody.fills(await nobody.opens('/j/AAAAAAAA'), '/code')

    assert f'signed in as {klass.teacher.name}' in page.text
    assert refused.headers['location'].startswith('/?problem=')


async def test_certificates_are_taken_along_from_the_people_page(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto'])
    ines, lena = a_visitor(token=await token_of(klass.teacher)), a_visitor(token=await token_of(klass.learner))
    people, file = f'/courses/{klass.course_id}/people', f'/courses/{klass.course_id}/certificates.pdf'
    assert file not in words((await ines.opens(people)).text)
    assert (await ines.opens(file)).status_code == 409
    await tap(klass, klass.checkpoints[0])
    await render_queue.print_due()

    offered = words((await ines.opens(people)).text)
    answer = await ines.opens(file)

    assert file in offered
    (text,) = pages_of(answer.content)
    assert 'Lena' in text
    assert (await lena.opens(file)).status_code == 404
    assert (await a_visitor().opens(file)).url.path == '/sign-in'
