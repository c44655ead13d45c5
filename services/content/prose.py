"""Longer texts, written as Markdown by people, as HTML for browsers and clients.

Short texts are laid out where they are asked for. Long ones are laid out by a process of its own (`markdown.py`), in
the time that a text may take: `prepare` them, so that the event loop has them at once. What cannot be laid out is shown
as it was written; no text ever stops a page.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from html import escape
from pathlib import Path
from threading import Lock

from services.content import markdown
from services.core import server_log
from services.core.phrases import phrase
from services.core.workers import Worker, WorkerFailed

SHORT = 600
"""Letters that are laid out at once: the worst of them take a hundredth of a second."""
LONGEST = 100_000
"""Letters of the longest text that a field takes."""
PATIENCE = 4.0
"""Seconds that a page waits for all its texts."""
TRY_AGAIN = 300.0
"""Seconds after which a text is tried again that met a broken or busy process."""
MEANWHILE = 5.0
"""Seconds for which a text that is not there yet is shown as it was written."""
MOST_KEPT = 16_000_000
"""Letters of texts and their HTML."""
MOST_WAITING = 200
PROCESSES = 2
SORRY = phrase('This text is shown as it was written, because laying it out takes too long.')
_AMOUNT = f'{LONGEST:,}'
TOO_LONG = phrase('This text is too long to be laid out. Shorten it to {most} letters.', most=_AMOUNT)

Key = tuple[str, bool]


def prose_html(text: str, *, keep_lines: bool = False) -> str:
    """Return Markdown as clean HTML. On the event loop, a long text that was not prepared comes as it was written."""
    if len(text) > LONGEST:
        return f'<p><em>{TOO_LONG}</em></p>'
    key = text, keep_lines
    kept = _kept.get(key)
    if kept is None and len(text) <= SHORT:
        kept = _kept.put(key, _laid_out(key))
    if kept is None and not _is_on_loop():
        wait([future for future in [_begin(key)] if future], timeout=PATIENCE)
        kept = _kept.get(key)
    return plain_html(text) if kept is None else kept


def is_ready(*texts: str, keep_lines: bool = False) -> bool:
    """Whether `prose_html` returns all of them laid out, or knows that they cannot be."""
    return not _missing(texts, keep_lines)


async def prepare(*texts: str, keep_lines: bool = False) -> None:
    """Lay out texts beside the event loop; after some seconds the rest is left to be shown as it was written."""
    waiting = [asyncio.wrap_future(future) for key in _missing(texts, keep_lines) if (future := _begin(key))]
    if waiting:
        await asyncio.wait(waiting, timeout=PATIENCE)
    for key in _missing(texts, keep_lines):
        _kept.put(key, plain_html(key[0]), for_seconds=MEANWHILE)  # so that nobody waits for it twice


def plain_html(text: str) -> str:
    """Return a text as it was written, with a sentence that says so."""
    lines = escape(text, quote=False).replace('\r\n', '\n').replace('\n', '<br>')
    return f'<p><em>{SORRY}</em></p><p>{lines}</p>'


def close() -> None:
    """End the processes; the next long text starts new ones."""
    global _threads
    threads, _threads = _threads, _new_threads()
    threads.shutdown(wait=False, cancel_futures=True)
    for worker in _workers:
        worker.end()  # so that nobody waits for its answer
    threads.shutdown()
    for worker in _workers:
        worker.end()  # somebody had just begun to ask
    _kept.clear()


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _missing(texts: Iterable[str], keep_lines: bool) -> list[Key]:
    """Return what is to be prepared: several short texts are as much work as a long one."""
    wanted = {(text, keep_lines): None for text in texts if 0 < len(text) <= LONGEST}
    missing = [key for key in wanted if _kept.get(key) is None]
    return missing if sum(len(text) for text, _ in missing) > SHORT else []


def _begin(key: Key) -> Future[None] | None:
    """Have a text laid out by one of the threads; pages that want the same text wait for the same."""
    with _lock:
        if key not in _going_on and len(_going_on) < MOST_WAITING:
            future = _going_on[key] = _threads.submit(_work, key)
            future.add_done_callback(lambda _: _going_on.pop(key, None))
        return _going_on.get(key)


def _work(key: Key) -> None:
    worker = _free.pop()
    try:
        said = worker.ask({'text': key[0], 'keep_lines': key[1]})
    except WorkerFailed as failure:
        server_log.write('text not laid out', problem=str(failure), letters=len(key[0]))
        _kept.put(key, plain_html(key[0]), for_seconds=TRY_AGAIN)
        return
    finally:
        _free.append(worker)
    if 'problem' in said:
        server_log.write('text not laid out', problem=said['problem'], letters=len(key[0]))
    _kept.put(key, str(said['html']) if 'html' in said else plain_html(key[0]))


def _laid_out(key: Key) -> str:
    text, keep_lines = key
    try:
        return markdown.render(text, keep_lines=keep_lines)
    except Exception as error:  # noqa: BLE001 - texts of strangers, and a library; the reader gets the text in any case
        server_log.write('text not laid out', problem=f'{type(error).__name__}: {error}'[:200], letters=len(text))
        return plain_html(text)


class _Kept:
    """HTML by its text, of which the longest unused is forgotten first."""

    def __init__(self) -> None:
        self._all: OrderedDict[Key, tuple[str, float]] = OrderedDict()
        self._letters = 0
        self._lock = Lock()

    def get(self, key: Key) -> str | None:
        """Return the HTML of a text, if it is there."""
        with self._lock:
            found = self._all.get(key)
            if found is None or found[1] < time.monotonic():
                return None
            self._all.move_to_end(key)
            return found[0]

    def put(self, key: Key, html: str, *, for_seconds: float = float('inf')) -> str:
        """Keep the HTML of a text."""
        with self._lock:
            self._drop(key)
            self._all[key] = html, time.monotonic() + for_seconds
            self._letters += len(key[0]) + len(html)
            while self._letters > MOST_KEPT:
                self._drop(next(iter(self._all)))
        return html

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._all.clear()
            self._letters = 0

    def _drop(self, key: Key) -> None:
        if dropped := self._all.pop(key, None):
            self._letters -= len(key[0]) + len(dropped[0])


def _new_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(PROCESSES, thread_name_prefix='texts')


_kept = _Kept()
_threads = _new_threads()
_workers = [Worker(Path(markdown.__file__), patience=PATIENCE) for _ in range(PROCESSES)]
_free = list(_workers)
_going_on: dict[Key, Future[None]] = {}
_lock = Lock()
