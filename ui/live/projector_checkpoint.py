"""The current checkpoint on the projector: its text, its PDF page by page, or its video; on a key, in place of the
class.
"""

from html import escape

from nicegui import ui

from services.access import Actor
from services.content import pdf_pages, prose
from services.content.uploads.slots import PDF
from services.core import database
from services.enums import CheckpointKind
from services.study import path
from services.study.lesson_checkpoints import LessonCheckpoint
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.video_link import draw_video_link

SIZES = ((60, 'huge'), (160, 'large'), (420, 'medium'), (900, 'small'), (10**9, 'long'))
"""(most letters, the size of a text that fits)"""


class CheckpointPicture:
    """What there is to see of one checkpoint."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._checkpoint: LessonCheckpoint | None = None
        self._page = 1
        self._root = ui.element('section').classes('wall-step hidden')
        with self._root:
            self._title = Piece('h2')
            self._text = Piece('div')
            self._picture = Piece('img')
            self._video = ui.element('div').classes('wall-video hidden')

    @property
    def checkpoint_id(self) -> int | None:
        """Which checkpoint is shown; None while none is."""
        return self._checkpoint.checkpoint_id if self._checkpoint else None

    async def show(self, course_id: int, checkpoint_id: int) -> None:
        """Show a checkpoint instead of the class."""
        checkpoint = (await database.read(path.place, self._actor, course_id, checkpoint_id)).checkpoint
        text = '\n\n'.join(
            part for part in (checkpoint.description, '' if checkpoint.file else checkpoint.body) if part.strip()
        )
        if not prose.is_ready(text):
            await prose.prepare(text)
        self._checkpoint, self._page = checkpoint, 1
        self._title.draw_html(escape(checkpoint.title))
        self._draw_text(checkpoint, text)
        self._draw_page()
        self._draw_video(checkpoint)
        self._root.classes(remove='hidden')

    def hide(self) -> None:
        """Show the class again."""
        self._checkpoint = None
        self._video.clear()
        self._root.classes(add='hidden')

    def set_visibility(self, is_visible: bool) -> None:
        """Make room for something else, or come back; only a checkpoint that is shown does."""
        self._root.classes(**{'remove' if is_visible and self._checkpoint else 'add': 'hidden'})

    def turn(self, by: int) -> None:
        """Turn to another page of a PDF, if there is one."""
        if self._checkpoint and self._checkpoint.file and 1 <= self._page + by <= (self._checkpoint.file.pages or 0):
            self._page += by
            self._draw_page()

    def _draw_text(self, checkpoint: LessonCheckpoint, text: str) -> None:
        if not text and not checkpoint.file and not checkpoint.link:
            text = _('This step has nothing more to show than its name.')
        size = next(name for most, name in SIZES if len(text) <= most)
        beside = ' wall-beside' if checkpoint.file and text else ''
        self._text.draw_html(prose.prose_html(text) if text else '', classes=f'prose wall-text-{size}{beside}')
        self._text.draw({'dir': 'auto', 'tabindex': '0' if size == 'long' else None})

    def _draw_page(self) -> None:
        file = self._checkpoint.file if self._checkpoint else None
        if self._checkpoint is None or file is None or file.media_type != PDF:
            self._picture.draw({'src': None, 'alt': ''}, classes='hidden')
            return
        address = f'/content/{self._checkpoint.checkpoint_id}/pages/{self._page}'
        source = f'{address}?width={max(pdf_pages.WIDTHS)}&file={file.upload_id}'
        alt = _('Page {number} of {count}', number=self._page, count=file.pages or 1)
        self._picture.draw({'src': source, 'alt': alt}, classes='wall-page')

    def _draw_video(self, checkpoint: LessonCheckpoint) -> None:
        self._video.clear()
        is_video = checkpoint.kind is CheckpointKind.VIDEO and checkpoint.file is not None
        self._video.classes(replace='wall-video' if is_video or checkpoint.link else 'wall-video hidden')
        if checkpoint.link:
            with self._video:
                draw_video_link(checkpoint.link)
        if not is_video or checkpoint.file is None:
            return
        address = f'/content/{checkpoint.checkpoint_id}'
        with self._video, ui.element('video').props('controls playsinline preload=metadata') as player:
            player.props['src'] = f'{address}/film?v={checkpoint.file.upload_id}'
            player.props['aria-label'] = _('Video: {title}', title=checkpoint.title)
            if checkpoint.has_captions:
                ui.element('track').props(f'kind=captions src={address}/captions').props['label'] = _('Captions')
