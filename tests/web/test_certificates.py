"""A certificate in the hands of somebody else: without signing in, no more than needed, and not to be guessed."""

import httpx
import jwt
import pypdfium2
import pytest
from openbadgeslib.ob3 import OB3Verifier

from services.certificates import reissuing
from services.core import database
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest
from tests.support.certificates import the_certificate_of
from tests.support.eventually import PATIENCE
from tests.support.running import Server
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('S10', 'V1', 'O7')]

NAME = 'Lena <b>Learner</b> & #let'


async def a_certificate(name: str = NAME) -> tuple[CourseAtHand, int, str]:
    course = await a_course(checkpoints=1, title='Soil & <i>Water</i>')
    learner = await a_guest(code=course.code, name=name)
    await mark(course.checkpoints[0], by=learner)
    return course, learner.user_id, f'/certificates/{(await the_certificate_of(learner)).serial}'


async def test_whoever_is_shown_one_sees_that_it_is_valid(server: Server, visitor: Visitor) -> None:
    _course, _learner, address = await a_certificate()

    page = await visitor.opens(address.lower())

    assert page.status_code == 200
    for words in ('This certificate is valid', 'Lena &lt;b&gt;Learner&lt;/b&gt;', 'Soil &amp; &lt;i&gt;', 'Waymark'):
        assert words in page.text
    assert '<b>Learner' not in page.text
    assert '@' not in page.text
    assert page.headers['x-robots-tag'] == 'noindex'


async def test_the_pdf_is_handed_out_and_printed_again_if_it_has_gone(server: Server, visitor: Visitor) -> None:
    _course, _learner, address = await a_certificate()

    first = await visitor.opens(f'{address}.pdf')
    kept = server.data_dir / 'certificates' / f'{address.rpartition("/")[2]}.pdf'
    assert kept.read_bytes() == first.content
    kept.unlink()
    again = await visitor.opens(f'{address}.pdf')

    assert first.headers['content-type'] == again.headers['content-type'] == 'application/pdf'
    assert first.headers['x-robots-tag'] == 'noindex'
    assert NAME in pypdfium2.PdfDocument(again.content)[0].get_textpage().get_text_range()


async def test_the_open_badge_is_checked_with_what_is_published(server: Server, visitor: Visitor) -> None:
    _course, _learner, address = await a_certificate()
    asked = (await visitor.opens(f'{address}.json')).json()
    token = (await visitor.opens(f'{address}.jwt')).text
    named = jwt.get_unverified_header(token)['kid'].partition('/certificates/')[2]

    key = (await visitor.opens(f'/certificates/{named}')).json()
    credential = OB3Verifier(jwt.PyJWK(key).key).verify(token)

    assert asked == {'credential': [], 'compactJwsString': [token]}
    assert (await visitor.opens('/certificates/keys')).json() == {'keys': [key]}
    assert (await visitor.opens('/certificates/issuer')).json()['id'] == credential.issuer.id
    status = await visitor.opens('/certificates/status/0')
    assert status.headers['content-type'] == 'application/vc+jwt'
    assert NAME.encode() not in jwt.utils.base64url_decode(status.text.split('.')[1])
    for nowhere in ('keys/other', 'status/1', 'status/999999999', 'status/-1', 'status/x'):
        assert (await visitor.opens(f'/certificates/{nowhere}')).status_code == 404


async def test_what_was_replaced_or_taken_back_tells_nothing(server: Server, visitor: Visitor) -> None:
    course, learner, address = await a_certificate()
    verb = {'user_id': learner}

    serial = await database.write(reissuing.issue_again, course.teacher, course.course_id, **verb, name='Lena Lerner')
    replaced = await visitor.opens(address)
    await database.write(reissuing.revoke, course.teacher, course.course_id, **verb)
    revoked = await visitor.opens(f'/certificates/{serial}')

    for page, reason in ((replaced, 'replaced by a newer one'), (revoked, 'taken back')):
        assert 'This certificate is not valid' in page.text
        assert reason in page.text
        assert not any(words in page.text for words in ('Lena', 'Soil', 'href="/certificates'))
    assert serial not in replaced.text
    for kind in ('pdf', 'json', 'jwt'):
        assert (await visitor.opens(f'{address}.{kind}')).status_code == 410


async def test_guessing_is_slowed_down(server: Server) -> None:
    _course, _learner, address = await a_certificate()
    elsewhere = httpx.AsyncHTTPTransport(local_address='127.0.0.2')  # others look from their own address
    async with httpx.AsyncClient(base_url=server.origin, transport=elsewhere, timeout=PATIENCE) as guesser:
        tries = ('ABCD-EFGH-JKMN-PQRS', 'x' * 500, '%00', "'--", 'ABCD')
        wrong = [await guesser.get(f'/certificates/{typed}') for typed in tries]
        slowed = await guesser.get('/certificates/ABCD-EFGH-JKMN-PQRT')
        then = await guesser.get(address)

    assert [page.status_code for page in wrong] == [404] * 5
    assert all('There is no certificate with this number' in page.text for page in wrong)
    assert all(page.headers['x-robots-tag'] == 'noindex' for page in wrong)
    assert slowed.status_code == 429
    assert then.status_code == 200, 'a right number is never slowed down'
