"""Laying out texts: what the slowest of them cost, and what becomes of those that cost too much."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import nh3
import pytest

from services.content import markdown, passages, prose
from services.content.prose import LONGEST, SHORT, SORRY, prepare, prose_html
from services.core.workers import Worker, WorkerFailed
from tests.factories.texts import WORST
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('S9', 'C4')

ON_THE_LOOP = 0.05
"""Seconds of the processor that a text may cost where it stops everybody."""
PLAIN = 'Wet the *sample* and wait. ' * 60


@pytest.fixture(scope='module', autouse=True)
def _processes_end() -> Iterator[None]:
    prose.close()
    yield
    prose.close()


@pytest.fixture(autouse=True)
def _nothing_is_laid_out_yet() -> None:
    prose._kept.clear()


@pytest.fixture
def nothing_goes_on_afterwards() -> Iterator[None]:
    """Leave no text for the next test to wait behind."""
    yield
    prose.close()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process take all the time that it needs to begin: on a busy machine, seconds say nothing."""
    wait_for_long(monkeypatch)


def wait_for_long(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(prose, 'PATIENCE', 120.0)
    for worker in prose._workers:
        patch.setattr(worker, '_patience', 120.0)


@pytest.mark.parametrize('kind', WORST)
def test_a_short_text_is_laid_out_at_once_and_costs_little(kind: str) -> None:
    text = WORST[kind](SHORT)

    with work_of_at_most(ON_THE_LOOP):
        html = prose_html(text)

    assert html == nh3.clean(html, attributes=_KEPT)


@pytest.mark.parametrize('letters', [10_000, LONGEST])
@pytest.mark.parametrize('kind', WORST)
async def test_a_long_text_never_holds_the_event_loop(kind: str, letters: int) -> None:
    text = WORST[kind](letters)

    began = time.monotonic()
    with work_of_at_most(ON_THE_LOOP):
        unprepared = prose_html(text)
        await prepare(text)
        html = prose_html(text)

    assert time.monotonic() - began < 10 * prose.PATIENCE, 'it has an end; how soon, on a busy machine nobody knows'
    assert str(SORRY) in unprepared
    assert prose.is_ready(text)
    assert '<script' not in html
    assert len(html) <= max(markdown.SMALL, markdown.MOST_GROWTH * len(text))


@pytest.mark.usefixtures('unhurried')
async def test_what_people_write_is_laid_out_however_long_it_is() -> None:
    for text in PLAIN, (PLAIN * 100)[:LONGEST]:
        await prepare(text)
        assert str(SORRY) not in prose_html(text)
        assert '<em>sample</em>' in prose_html(text)


@pytest.mark.usefixtures('unhurried')
def test_beside_the_event_loop_a_long_text_is_waited_for() -> None:
    assert '<em>sample</em>' in prose_html(PLAIN)


async def test_a_text_that_takes_too_long_is_shown_as_it_was_written() -> None:
    intricate = '![' * 45_000 + ' <script>alert(1)</script>'

    await prepare(intricate)

    html = prose_html(intricate)
    assert html.startswith(f'<p><em>{SORRY}</em></p>')
    assert '&lt;script&gt;alert(1)&lt;/script&gt;' in html
    assert ''.join(each.html for each in passages.passages(intricate)) == html


async def test_a_text_longer_than_any_field_takes_is_refused_with_a_sentence() -> None:
    text = 'a' * (LONGEST + 1)
    await prepare(text)
    assert prose_html(text) == '<p><em>This text is too long to be laid out. Shorten it to 100,000 letters.</em></p>'


async def test_an_error_of_the_library_is_nobodys_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> str:
        raise RecursionError

    monkeypatch.setattr(markdown, 'render', fails)
    assert 'Wet &amp; wait' in prose_html('Wet & wait')


async def test_a_process_that_answers_nothing_is_ended_and_the_text_tried_again_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = tmp_path / 'silent.py'
    silent.write_text('import time\ntime.sleep(60)')
    worker = Worker(silent, patience=0.3)
    with pytest.raises(WorkerFailed, match='it takes too long'):
        worker.ask({'text': 'x' * 200_000})

    monkeypatch.setattr(prose, '_free', [Worker(silent, patience=0.3)])
    await prepare(PLAIN)
    assert str(SORRY) in prose_html(PLAIN)

    monkeypatch.undo()
    wait_for_long(monkeypatch)
    monkeypatch.setattr(prose, 'TRY_AGAIN', 0.0)
    prose._kept.clear()
    await prepare(PLAIN)
    assert str(SORRY) not in prose_html(PLAIN)


@pytest.mark.usefixtures('nothing_goes_on_afterwards')
async def test_a_page_does_not_wait_longer_than_it_has_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose, 'PATIENCE', 0.2)
    hard = ['![' * 20_000 + str(number) for number in range(8)]

    began = time.monotonic()
    await prepare(*hard)
    waited = time.monotonic() - began

    assert waited < 8, 'all of them together would take twice as long'
    assert all(prose.is_ready(text) for text in hard), 'nobody waits for them twice'


@pytest.mark.usefixtures('unhurried')
async def test_pages_that_want_the_same_text_wait_for_the_same() -> None:
    asked = []
    ask = Worker.ask

    def counting(worker: Worker, question: object) -> object:
        asked.append(question)
        return ask(worker, question)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, 'ask', counting)
        await asyncio.gather(*(prepare(PLAIN) for _ in range(50)))
        await prepare(PLAIN)

    assert len(asked) == 1


async def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose, 'MOST_KEPT', 20_000)
    for number in range(100):
        prose_html('a' * 400 + str(number))
    assert prose._kept._letters <= 20_000
    assert len(prose._kept._all) > 10


_KEPT = {**nh3.ALLOWED_ATTRIBUTES, 'a': {*nh3.ALLOWED_ATTRIBUTES['a'], 'id'}, 'li': {'id'}}
