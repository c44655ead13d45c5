"""One field for one file, or for several: a button that names what is chosen, how large it may be, and the way while
it arrives."""

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakSet

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments, MultiUploadEventArguments, UploadEventArguments

from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text, hint

MOST_OF_NAME, MOST_NAMES = 80, 10
"""letters of the name of a file, and names, that are shown"""

_without_room: WeakSet[Element] = WeakSet()
"""fields whose last file found no room on our disk"""


def broken_off() -> str:
    """Return what a person can do where a file did not arrive, and nobody here knows why."""
    return _(
        'The file did not arrive. Check your connection and try again; if that does not help, choose a smaller file.'
    )


def taken_here(kinds: str, most: int) -> str:
    """Return which files a field takes: their kinds in words, and up to `most` bytes."""
    return _('{kinds}; up to {size}', kinds=kinds, size=_limit(most))


def why_not_sent(why: str, kinds: str, most: int) -> str:
    """Return what is wrong with a file that the browser has not sent, and what would be taken instead.

    `why` is the check of the browser that the file has not passed; the file's own name does not come along.
    """
    if why == 'accept':
        return _(
            'The file that you chose is of another kind. Taken here: {kinds}; up to {size}.',
            kinds=kinds,
            size=_limit(most),
        )
    if why == 'max-total-size':
        return _('The files that you chose are larger than {size} together. Choose fewer.', size=_limit(most))
    return _(
        'The file that you chose is larger than {size}. Choose a smaller one: {kinds}.', size=_limit(most), kinds=kinds
    )


def _limit(most: int) -> str:
    """Return a limit in words: some are a round number of bytes, others of settings' megabytes."""
    if most < 1_000_000:
        return _('{size} kB', size=most // 1024)
    return _('{size} MB', size=most // (1024**2 if most % 1_000_000 else 1_000_000))


def note_no_room(field: Element) -> None:
    """Take note that a file found no room on our disk, for the page that is told only that it failed."""
    _without_room.add(field)


class FilePicker:
    """Takes small files and gives them to `take` or `take_all`.

    A file that does not arrive, because the browser refuses to send it or for another reason, is a sentence below the
    button.
    """

    def __init__(
        self,
        *,
        choose: str,
        kinds: str,
        accept: str,
        most: int,
        take: Callable[[bytes], Awaitable[None]] | None = None,
        take_all: Callable[[list[tuple[str, bytes]]], Awaitable[None]] | None = None,
    ) -> None:
        """`kinds` are the files that are taken, in words, and `most` their size in bytes.

        `take_all` takes several files at once, each with its name; they are at most so large together.
        """
        self._kinds, self._most = kinds, most
        self._take, self._take_all = take, take_all
        self._turn = asyncio.Lock()
        """files are taken in the order in which they were chosen: the page shows the last one, not the slowest"""
        with ui.element('div').classes('stack-tight') as self.element:
            self._upload: ui.upload = ui.upload(
                label=_('On its way'),
                auto_upload=True,
                multiple=take_all is not None,
                max_file_size=most,
                max_total_size=most if take_all else None,
                on_upload=gesture(self._arrived) if take else None,
                on_multi_upload=gesture(self._all_arrived) if take_all else None,
                on_begin_upload=self._begin,
            ).classes('upload upload-hidden')
            self._upload.on('failed', self._failed, args=[[]])
            self._upload.on('rejected', self._rejected)
            self._upload.props(f'flat bordered accept="{accept}"').props['aria-label'] = taken_here(kinds, most)
            # the uploader's own button has no name and cannot be reached by keyboard
            button = ui.button(choose, on_click=lambda: self._upload.run_method('pickFiles'))
            button.props('flat no-caps').classes('button-quiet')
            hint(taken_here(kinds, most))
            self._name = hint('')
            self._name.visible = False
            self._problem = ui.element('div').props('role=alert')

    def _begin(self) -> None:
        _without_room.discard(self._upload)
        self._problem.clear()
        self._upload.classes('upload-busy')

    async def _arrived(self, event: UploadEventArguments) -> None:
        assert self._take is not None
        async with self._turn:
            content = await event.file.read()
            self._done()
            self._show_names([event.file.name])
            await self._take(content)

    async def _all_arrived(self, event: MultiUploadEventArguments) -> None:
        assert self._take_all is not None
        async with self._turn:
            files = [(file.name, await file.read()) for file in event.files]
            self._done()
            self._show_names([name for name, _content in files])
            await self._take_all(files)

    def _show_names(self, names: list[str]) -> None:
        """Say which files the page speaks of from now on, whether it takes them or says what is wrong with them."""
        self._name.set_text(
            _('You chose: {files}', files=', '.join(name[-MOST_OF_NAME:] for name in names[:MOST_NAMES]))
        )
        self._name.visible = True

    def _rejected(self, event: GenericEventArguments) -> None:
        self._done()
        self._complain(why_not_sent(event.args, self._kinds, self._most))

    def _failed(self) -> None:
        self._done()
        is_full = self._upload in _without_room
        self._complain(_('Not saved: the disk of the server is full. Tell your school.') if is_full else broken_off())

    def _complain(self, sentence: str) -> None:
        with self._problem, ui.element('p').classes('notice-problem'):
            Text('span', sentence)

    def _done(self) -> None:
        self._upload.classes(remove='upload-busy')
        self._upload.reset()
        self._problem.clear()
