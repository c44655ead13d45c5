"""A PDF, one page at a time, as a picture with its text; the next page is loaded while this one is read."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import partial
from html import escape
from math import isfinite

from nicegui import background_tasks, ui
from nicegui.events import KeyEventArguments, ValueChangeEventArguments

from services.access import Actor
from services.content import pdf_access, pdf_pages, reading
from services.content.pdf_pages import Words
from services.study.lesson_checkpoints import FileFacts
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.live.steering import TYPED_INTO

SIZES = '(max-width: 899px) 100vw, 760px'
"""The width of a page on screen, from which the browser chooses the picture that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a PDF comes from."""

    file_id: int
    name: str
    pages: int
    address: str
    """of the whole file"""
    pictures: str
    """the address of the pictures of its pages, without the number"""
    words: Callable[[int], Awaitable[Words]]
    """returns what a page says, by its number"""

    @classmethod
    def of_checkpoint(cls, actor: Actor | None, checkpoint_id: int, file: FileFacts) -> 'Source':
        """Return the document of a checkpoint."""
        return cls(
            file_id=file.upload_id,
            name=file.name,
            pages=file.pages or 0,
            address=f'/content/{checkpoint_id}/file',
            pictures=f'/content/{checkpoint_id}/pages',
            words=partial(pdf_access.words, actor, checkpoint_id),
        )


class PdfPages:
    """The pages of a PDF."""

    def __init__(self, source: Source) -> None:
        self.parts = reading.pages(source.pages)
        self.file_id = source.file_id
        self._from = source
        self._number = 0
        self._is_shown = False
        self._show: Callable[[Collection[int]], None] | None = None
        with ui.element('section').classes('pdf') as self._root:
            self._root.props['aria-label'] = source.name
            self._draw_controls()
            with ui.element('div').classes('pdf-sheet'):
                with Piece('a') as self._closer:
                    self._picture = Piece('img')
                for side, distance in (('back', -1), ('forth', 1)):
                    edge = ui.element('div').classes(f'pdf-edge pdf-edge-{side}').props('aria-hidden=true')
                    edge.on('click', partial(self._step, distance), args=[[]])
            self._picture.on('load', self._shown, args=[[]])
            self._picture.on('error', self._failed, args=[[]])
            self._next_picture = Piece('img')
            self._next_picture.draw({'alt': '', 'aria-hidden': 'true'}, classes='hidden')
            self._trouble = Piece('p')
            self._words = Piece('details')
            self._save = Piece('a')
        ui.keyboard(on_key=self._key, repeating=False).props['ignore'] = TYPED_INTO
        self._save.draw(
            {'href': source.address, 'download': True, 'innerHTML': _('Save the whole file')},
            classes='button-quiet button-bare pdf-save',
        )

    def open(self, position: float) -> None:
        """Open the PDF at a position."""
        self.go_to(position)

    def go_to(self, position: float) -> None:
        """Turn to the page at a position."""
        number = int(position) + 1 if isfinite(position) else 1
        self._turn(min(max(number, 1), len(self.parts)))

    def follow(self, show: Callable[[Collection[int]], None]) -> None:
        """Call `show` with the visible page now and after each change."""
        self._show = show
        if self._is_shown:
            show([self._number - 1])

    def _draw_controls(self) -> None:
        with ui.element('div').classes('pdf-controls'):
            self._back = Piece('button')
            self._field = ui.number(min=1, max=len(self.parts), precision=0).props('dense borderless debounce=400')
            self._field.props['aria-label'] = _('Page, of {count}', count=len(self.parts))
            self._field.props['suffix'] = _('of {count}', count=len(self.parts))
            self._field.on_value_change(self._typed)
            self._forth = Piece('button')
            self._larger = Piece('a')
            self._back.on('click', partial(self._step, -1), args=[[]])
            self._forth.on('click', partial(self._step, 1), args=[[]])

    def _step(self, distance: int) -> None:
        self._turn(self._number + distance)
        self._root.run_method('scrollIntoView')  # a new page is read from its top

    def _key(self, event: KeyEventArguments) -> None:
        if event.action.keydown and not event.modifiers and (event.key.arrow_left or event.key.arrow_right):
            self._step(1 if event.key.arrow_right else -1)

    def _typed(self, event: ValueChangeEventArguments[float | None]) -> None:
        if event.value is not None and isfinite(event.value):
            self._turn(int(event.value))

    def _turn(self, number: int) -> None:
        """Show another page; where there is none, nothing happens."""
        if number == self._number or not 1 <= number <= len(self.parts):
            return
        self._number, self._is_shown = number, False
        if self._show:
            self._show([])
        self._draw()
        background_tasks.create(gesture(self._read)(number), context=self._root.client)

    async def _read(self, number: int) -> None:
        words = await self._from.words(number)
        if number == self._number:
            self._draw_words(words.text)
            self._picture.draw({'width': 1000, 'height': round(1000 * words.ratio)})

    def _draw(self) -> None:
        number, last = self._number, len(self.parts)
        self._field.value = number
        self._back.draw(_button(_('Previous page'), disabled=number == 1), classes='icon-button pdf-back')
        self._forth.draw(_button(_('Next page'), disabled=number == last), classes='icon-button pdf-forth')
        aloud = _('Page {number}, larger in a new tab', number=number)
        link = {'href': self._address(number, max(pdf_pages.WIDTHS)), 'target': '_blank', 'aria-label': aloud}
        self._closer.draw(link | {'tabindex': '-1'}, classes='pdf-page')
        self._larger.draw(link | {'innerHTML': _('Larger')}, classes='button-quiet')
        self._picture.draw(self._source(number) | {'alt': _('Page {number} of {count}', number=number, count=last)})
        if number < last:
            self._next_picture.draw(self._source(number + 1) | {'alt': '', 'aria-hidden': 'true'}, classes='pdf-ahead')
        self._trouble.draw({'innerHTML': ''}, classes='hidden')
        self._words.draw({'innerHTML': _words_html(number, '…')}, classes='quiet-details pdf-words')

    def _draw_words(self, text: str) -> None:
        self._words.draw_html(_words_html(self._number, text or _('No words could be read on this page.')))

    def _source(self, number: int) -> dict[str, object]:
        choice = ', '.join(f'{self._address(number, width)} {width}w' for width in pdf_pages.WIDTHS)
        return {'src': self._address(number, min(pdf_pages.WIDTHS)), 'srcset': choice, 'sizes': SIZES}

    def _address(self, number: int, width: int) -> str:
        return f'{self._from.pictures}/{number}?width={width}&file={self.file_id}'

    def _shown(self) -> None:
        self._is_shown = True
        if self._show:
            self._show([self._number - 1])

    def _failed(self) -> None:
        self._closer.draw({}, classes='hidden')
        said = _('This page cannot be shown as a picture. What it says is below, and you can save the whole file.')
        self._trouble.draw({'innerHTML': said}, classes='notice-problem')
        self._words.draw({'open': True})
        self._shown()


def _button(label: str, *, disabled: bool) -> dict[str, object]:
    return {'type': 'button', 'aria-label': label, 'title': label, 'disabled': disabled}


def _words_html(number: int, text: str) -> str:
    summary = _('What page {number} says', number=number)
    return f'<summary>{summary}</summary><p class="pdf-text" dir="auto">{escape(text)}</p>'
