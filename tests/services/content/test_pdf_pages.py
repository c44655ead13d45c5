"""Pages of a PDF: drawn once, in a process of its own, by whoever turns to them first."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.content import pdf_pages, pdf_workers
from services.content.pdf_workers import NotDrawn
from services.content.uploads import storage
from tests.factories.documents import a_pdf_file

pytestmark = [pytest.mark.req('S5'), pytest.mark.usefixtures('data_dir')]

SMALL, LARGE = pdf_pages.WIDTHS


@pytest.fixture(autouse=True)
def _processes_end() -> Iterator[None]:
    yield
    pdf_workers.close()


@pytest.fixture
def soil(data_dir: Path) -> Path:
    return a_file(data_dir, a_pdf_file(pages=3))


def a_file(data_dir: Path, content: bytes) -> Path:
    path = data_dir / 'uploads' / 'ab12'
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def lose(path: Path) -> None:
    path.unlink()


def left(data_dir: Path) -> list[Path]:
    return [*(data_dir / 'pages').iterdir(), *(data_dir / 'uploads').iterdir()]


async def test_a_page_is_drawn_in_two_widths_and_kept(soil: Path) -> None:
    small, large = await asyncio.gather(pdf_pages.picture(soil, 1, SMALL), pdf_pages.picture(soil, 1, LARGE))

    assert small.read_bytes()[8:12] == large.read_bytes()[8:12] == b'WEBP'
    assert small.stat().st_size < large.stat().st_size
    drawn_at = small.stat().st_ino
    lose(soil)
    assert (await pdf_pages.picture(soil, 1, SMALL)).stat().st_ino == drawn_at


async def test_a_class_that_opens_the_same_page_has_it_drawn_once(soil: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    ask = pdf_workers.ask
    monkeypatch.setattr(pdf_workers, 'ask', lambda question: [asked.append(question), ask(question)][1])

    await asyncio.gather(*(pdf_pages.picture(soil, 0, SMALL) for _ in range(50)))

    assert len(asked) == 1


async def test_the_words_of_a_page_and_its_shape(soil: Path) -> None:
    words = await pdf_pages.words(soil, 2)

    assert 'Page 3 on soil.' in words.text
    assert words.ratio == pytest.approx(1.414, abs=0.01)
    lose(soil)
    assert await pdf_pages.words(soil, 2) == words


@pytest.mark.parametrize(
    'make', [lambda: b'', lambda: b'%PDF-1.7 and nothing more', lambda: a_pdf_file(pages=3)[:4000]]
)
async def test_a_broken_file_is_a_sentence_and_no_words(data_dir: Path, make: Callable[[], bytes]) -> None:
    broken = a_file(data_dir, make())

    with pytest.raises(NotDrawn, match='cannot be shown as a picture'):
        await pdf_pages.picture(broken, 0, SMALL)
    assert await pdf_pages.words(broken, 0) == pdf_pages.Words()
    assert not list((data_dir / 'pages').glob('*/*'))


async def test_a_page_that_takes_too_long_ends_its_process_and_nobody_elses(
    soil: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = soil.with_name('endless')
    os.mkfifo(endless)  # whoever opens it waits for ever
    await pdf_pages.picture(soil, 0, SMALL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_workers, 'PATIENCE', 0.2)
        with pytest.raises(NotDrawn):
            await pdf_pages.picture(endless, 0, SMALL)

    assert (await pdf_pages.picture(soil, 1, SMALL)).exists()
    asked = []
    monkeypatch.setattr(pdf_workers, 'ask', asked.append)
    with pytest.raises(NotDrawn):
        await pdf_pages.picture(endless, 0, SMALL)
    assert asked == [], 'it is left alone for a while'


async def test_a_process_that_dies_is_followed_by_another(soil: Path) -> None:
    await pdf_pages.picture(soil, 0, SMALL)
    for process in pdf_workers._processes.values():
        process.kill()
        process.wait()

    assert (await pdf_pages.picture(soil, 1, SMALL)).exists()


async def test_what_nobody_looks_at_makes_room(soil: Path) -> None:
    drawn = [await pdf_pages.picture(soil, index, SMALL) for index in range(3)]
    for age, path in enumerate([drawn[1], drawn[2], drawn[0]]):
        os.utime(path, (1000 - age, 1000 - age))

    pdf_pages.make_room(drawn[1].stat().st_size + drawn[2].stat().st_size)

    assert [path.exists() for path in drawn] == [False, True, True]


async def test_the_pages_go_with_their_file(soil: Path, data_dir: Path) -> None:
    await pdf_pages.picture(soil, 0, SMALL)

    storage.remove('ab12')

    assert left(data_dir) == []
