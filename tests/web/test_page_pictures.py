"""The pages of a PDF on the wire: pictures for those who may read it."""

from collections.abc import Callable

import pytest

from services.content import pdf_access, pdf_pages, positions
from services.content.pdf_workers import NotDrawn
from services.core import database
from services.core.errors import NotFound, NotSignedIn
from services.courses import catalog, checkpoints
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.documents import a_pdf, a_text
from tests.factories.people import a_student, an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('S5', 'C4', 'C5')]

AVisitor = Callable[..., Visitor]


async def a_class_that_reads(server: Server, *, content: bytes | None = None, is_preview: bool = False) -> ClassAtHand:
    klass = await a_class()
    await a_pdf(klass, klass.checkpoints[0], content=content, is_preview=is_preview, inside=server.data_dir)
    return klass


def page(klass: ClassAtHand, number: object = 1, width: object = '') -> str:
    return f'/content/{klass.checkpoints[0]}/pages/{number}' + (f'?width={width}' if width else '')


async def test_who_learns_and_who_teaches_see_a_page(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server)

    for actor in klass.learner, klass.teacher:
        visitor = a_visitor(token=await token_of(actor))
        small, large = [await visitor.opens(page(klass, 3, width)) for width in pdf_pages.WIDTHS]
        assert (small.status_code, small.headers['content-type'], small.content[8:12]) == (200, 'image/webp', b'WEBP')
        assert small.headers['cache-control'].startswith('private')
        assert len(large.content) > len(small.content)


async def test_a_page_that_the_browser_has_is_not_sent_again(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server)
    lena = a_visitor(token=await token_of(klass.learner))
    first = await lena.opens(page(klass))

    again = await lena.http.get(page(klass), headers={'if-none-match': first.headers['etag']})

    assert (again.status_code, again.content) == (304, b'')
    assert first.headers['etag'] != (await lena.opens(page(klass, 2))).headers['etag']


async def test_absent_and_not_yours_look_the_same(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server)
    nowhere = page(klass).replace(str(klass.checkpoints[0]), '999999')
    for stranger in await a_student(), await an_instructor(email='elsewhere.pages@example.org'):
        visitor = a_visitor(token=await token_of(stranger))
        theirs, absent = await visitor.opens(page(klass)), await visitor.opens(nowhere)
        assert (theirs.status_code, theirs.text) == (absent.status_code, absent.text) == (404, absent.text)
        with pytest.raises(NotFound):
            await pdf_access.words(stranger, klass.checkpoints[0], 1)
    assert (await a_visitor().opens(page(klass))).status_code == 401
    with pytest.raises(NotSignedIn):
        await pdf_access.words(None, klass.checkpoints[0], 1)


async def test_a_preview_is_open_to_anybody_until_it_is_deleted(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server, is_preview=True)
    stranger = a_visitor()

    assert (await stranger.opens(page(klass))).status_code == 200
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])
    assert (await stranger.opens(page(klass))).status_code == 401
    await database.write(checkpoints.restore, klass.teacher, klass.checkpoints[0])
    await database.write(catalog.delete, klass.teacher, klass.course_id)
    assert (await stranger.opens(page(klass))).status_code == 401


async def test_strangers_read_previews(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server, is_preview=True)
    await a_text(klass, klass.checkpoints[1], body='What is *soil*?', is_preview=True)
    await a_text(klass, klass.checkpoints[2], body='For learners only')
    stranger = a_visitor()

    pdf, text, closed = [
        words((await stranger.opens(f'/preview/{checkpoint}')).text) for checkpoint in klass.checkpoints
    ]

    assert f'/content/{klass.checkpoints[0]}/pages/1?' in pdf
    assert 'What is <em>soil</em>?' in text
    assert 'For learners only' not in closed


@pytest.mark.parametrize('number', ['0', '4', '501', '999999999', '9' * 40, '-1', '1.5', 'one', '%00', '../1'])
async def test_numbers_that_no_page_has(server: Server, a_visitor: AVisitor, number: str) -> None:
    klass = await a_class_that_reads(server)

    answer = await a_visitor(token=await token_of(klass.learner)).opens(page(klass, number))

    assert answer.status_code == 404


@pytest.mark.parametrize('width', ['1', '99999', '-840', '840.5', 'wide', '840%00'])
async def test_widths_that_no_picture_has(server: Server, a_visitor: AVisitor, width: str) -> None:
    klass = await a_class_that_reads(server)

    assert (await a_visitor(token=await token_of(klass.learner)).opens(page(klass, 1, width))).status_code == 404


async def test_a_broken_file_and_a_checkpoint_without_one_are_sentences(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server, content=b'%PDF-1.7\nbroken')
    lena = a_visitor(token=await token_of(klass.learner))

    broken = await lena.opens(page(klass))
    none = await lena.opens(f'/content/{klass.checkpoints[1]}/pages/1')

    assert (broken.status_code, broken.text) == (409, str(NotDrawn()))
    assert none.status_code == 404
    assert broken.headers['cache-control'] == 'no-store'


async def test_a_file_that_a_learner_saves_is_counted_once_each_time(server: Server, a_visitor: AVisitor) -> None:
    klass = await a_class_that_reads(server)
    lena, ines = [a_visitor(token=await token_of(actor)) for actor in (klass.learner, klass.teacher)]
    address = f'/content/{klass.checkpoints[0]}/file'

    whole = await lena.opens(address)
    await lena.http.get(address, headers={'range': 'bytes=0-'})
    await lena.http.get(address, headers={'range': 'bytes=500-'})
    await lena.http.get(address, headers={'if-none-match': whole.headers['etag']})
    await lena.http.head(address)
    await ines.opens(address)

    found = await database.read(positions.find, klass.learner.user_id, klass.checkpoints[0])
    assert found
    assert found.downloads == 2
    assert await database.read(positions.find, klass.teacher.user_id, klass.checkpoints[0]) is None
