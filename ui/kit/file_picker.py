"""One field for one file: a button that names what is chosen, how large it may be, and the way while it arrives."""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import UploadEventArguments

from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import hint


class FilePicker:
    """Takes one small file and gives its content to `take`; a file that is refused is a sentence for `refuse`."""

    def __init__(
        self,
        *,
        choose: str,
        about: str,
        accept: str,
        most: int,
        take: Callable[[bytes], Awaitable[None]],
        refuse: Callable[[], None],
    ) -> None:
        self._take = take
        self._refuse = refuse
        self._turn = asyncio.Lock()
        """files are taken in the order in which they were chosen: the page shows the last one, not the slowest"""
        with ui.element('div').classes('stack-tight') as self.element:
            self._upload: ui.upload = ui.upload(
                label=_('On its way'),
                auto_upload=True,
                max_file_size=most,
                on_upload=gesture(self._arrived),
                on_begin_upload=lambda: self._upload.classes('upload-busy'),
                on_rejected=self._rejected,
            ).classes('upload upload-hidden')
            self._upload.props(f'flat bordered accept="{accept}"').props['aria-label'] = about
            # the uploader's own button has no name and cannot be reached by keyboard
            button = ui.button(choose, on_click=lambda: self._upload.run_method('pickFiles'))
            button.props('flat no-caps').classes('button-quiet')
            hint(about)

    async def _arrived(self, event: UploadEventArguments) -> None:
        async with self._turn:
            content = await event.file.read()
            self._done()
            await self._take(content)

    def _rejected(self) -> None:
        self._done()
        self._refuse()

    def _done(self) -> None:
        self._upload.classes(remove='upload-busy')
        self._upload.reset()
