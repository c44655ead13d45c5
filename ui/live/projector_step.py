"""The current step on the projector: its text, its PDF page by page, or its video; on a key, in place of the class."""

from html import escape

from nicegui import ui

from services.access import Actor
from services.content import pdf_pages, prose
from services.content.uploads.slots import PDF
from services.core import database
from services.enums import CheckpointKind
from services.study import path
from services.study.path import LessonCheckpoint
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.video_link import draw_video_link

SIZES = ((160, 'large'), (420, 'medium'), (900, 'small'), (10**9, 'long'))
"""(most letters, the size of a text that fits)"""


class StepPicture:
    """What there is to see of one step."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._step: LessonCheckpoint | None = None
        self._page = 1
        self._root = ui.element('section').classes('wall-step hidden')
        with self._root:
            self._title = Piece('h2')
            self._text = Piece('div')
            self._picture = Piece('img')
            self._video = ui.element('div').classes('wall-video hidden')

    @property
    def checkpoint_id(self) -> int | None:
        """Which step is shown; None while none is."""
        return self._step.checkpoint_id if self._step else None

    async def show(self, course_id: int, checkpoint_id: int) -> None:
        """Show a step instead of the class."""
        step = (await database.read(path.place, self._actor, course_id, checkpoint_id)).step
        text = '\n\n'.join(part for part in (step.description, '' if step.file else step.body) if part.strip())
        if not prose.is_ready(text):
            await prose.prepare(text)
        self._step, self._page = step, 1
        self._title.draw_html(escape(step.title))
        self._draw_text(step, text)
        self._draw_page()
        self._draw_video(step)
        self._root.classes(remove='hidden')

    def hide(self) -> None:
        """Show the class again."""
        self._step = None
        self._video.clear()
        self._root.classes(add='hidden')

    def set_visibility(self, is_visible: bool) -> None:
        """Make room for something else, or come back; only a step that is shown does."""
        self._root.classes(**{'remove' if is_visible and self._step else 'add': 'hidden'})

    def turn(self, by: int) -> None:
        """Turn to another page of a PDF, if there is one."""
        if self._step and self._step.file and 1 <= self._page + by <= (self._step.file.pages or 0):
            self._page += by
            self._draw_page()

    def _draw_text(self, step: LessonCheckpoint, text: str) -> None:
        if not text and not step.file and not step.link:
            text = _('This step has nothing more to show than its name.')
        size = next(name for most, name in SIZES if len(text) <= most)
        beside = ' wall-beside' if step.file and text else ''
        self._text.draw_html(prose.prose_html(text) if text else '', classes=f'prose wall-text-{size}{beside}')
        self._text.draw({'dir': 'auto', 'tabindex': '0' if size == 'long' else None})

    def _draw_page(self) -> None:
        file = self._step.file if self._step else None
        if self._step is None or file is None or file.media_type != PDF:
            self._picture.draw({'src': None, 'alt': ''}, classes='hidden')
            return
        address = f'/content/{self._step.checkpoint_id}/pages/{self._page}'
        source = f'{address}?width={max(pdf_pages.WIDTHS)}&file={file.upload_id}'
        alt = _('Page {number} of {count}', number=self._page, count=file.pages or 1)
        self._picture.draw({'src': source, 'alt': alt}, classes='wall-page')

    def _draw_video(self, step: LessonCheckpoint) -> None:
        self._video.clear()
        is_video = step.kind is CheckpointKind.VIDEO and step.file is not None
        self._video.classes(replace='wall-video' if is_video or step.link else 'wall-video hidden')
        if step.link:
            with self._video:
                draw_video_link(step.link)
        if not is_video or step.file is None:
            return
        address = f'/content/{step.checkpoint_id}'
        with self._video, ui.element('video').props('controls playsinline preload=metadata') as player:
            player.props['src'] = f'{address}/film?v={step.file.upload_id}'
            player.props['aria-label'] = _('Video: {title}', title=step.title)
            if step.has_captions:
                ui.element('track').props(f'kind=captions src={address}/captions').props['label'] = _('Captions')
