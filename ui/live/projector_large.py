"""What fills the projector: the way in until somebody has joined, and a closing picture when the class ends."""

from html import escape

from services.core.phrases import Phrase
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.live.join_strip import closed_html, way_in_html
from ui.live.projector_class import PublicClass

MOST_NAMES = 40
"""names that have room below a large code; of more, their number is said"""


class LargePicture:
    """One picture over the whole screen."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._root = Piece('section', 'wall-large hidden')
        self._above = ''
        with self._root:
            self._picture = Piece('div')
            self._frozen = Piece('p')
            self.show_frozen('')

    def show_way_in(self, title: str, shown: PublicClass, code: str, *, is_open: bool, said: Phrase) -> None:
        """Show how to get in, what the class waits for, and who is in already."""
        way = way_in_html(self._address, code) if is_open else closed_html()
        self._above = f'{_title(title)}<div class="join-large">{way}</div><p class="wall-waits">{escape(say(said))}</p>'
        html = self._above + _names(shown)
        self._draw(_('How to join'), html, 'wall-way-in')

    def show_end(self, title: str, shown: PublicClass) -> None:
        """Show how far the class came, and no way in."""
        facts = [] if shown.percent is None else [_('Together we did {percent} % of all steps.', percent=shown.percent)]
        count = len(shown.lines)
        if count:
            facts.append(ngettext('{count} learner took part.', '{count} learners took part.', count))
        facts.append(_('Thank you. What you did is kept.'))
        said = ''.join(f'<p>{escape(fact)}</p>' for fact in facts)
        ended = f'<p class="wall-ended">{_("The class has ended")}</p>'
        html = f'{ended}{_title(title)}{said}'
        self._draw(_('The class has ended'), html, 'wall-closing')

    def rename(self, shown: PublicClass) -> None:
        """Show only those who may still be seen below the way in, by the names that are chosen now."""
        if 'wall-way-in' in self._root.classes:
            self._picture.draw_html(self._above + _names(shown))

    def show_frozen(self, said: str) -> None:
        """Say that the picture stands still; nothing while it moves."""
        self._frozen.draw({'role': 'status', 'innerHTML': said}, classes='chip projector-frozen' if said else 'hidden')

    def hide(self) -> None:
        """Give the screen back."""
        if 'hidden' not in self._root.classes:
            self._picture.draw_html('')
            self._root.draw({}, classes='wall-large hidden')

    def _draw(self, label: str, html: str, classes: str) -> None:
        self._picture.draw_html(html)
        classes = f'wall-large {classes}'
        if ' '.join(self._root.classes) != classes:
            self._root.draw({'aria-label': label}, classes=classes)


def _title(title: str) -> str:
    return f'<h1 class="wall-course" dir="auto">{escape(title)}</h1>'


def _names(shown: PublicClass) -> str:
    lines = list(shown.lines.values())
    if not lines:
        return ''
    if len(lines) > MOST_NAMES:
        return f'<p class="wall-waits">{ngettext("{count} is in", "{count} are in", len(lines))}</p>'
    names = ''.join(
        f'<li class="{"wall-new" if line.is_new else ""}">'
        f'<bdi class="wall-name" translate="no">{escape(line.name)}</bdi></li>'
        for line in lines
    )
    return f'<ul class="wall-arrived">{names}</ul>'
