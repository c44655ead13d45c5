"""A question in class on the projector: large, with how many have answered; then the shares, and what is right."""

from html import escape

from services.enums import LiveQuestionState
from services.live.questions.views import Counted
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.live import question_html as html
from ui.live.question_countdown import QuestionCountdown

LONG = 160
"""letters from which on a question is written smaller"""
MANY = 5
"""options from which on they stand in two columns"""


class QuestionPicture:
    """Nothing of it tells who answered what."""

    def __init__(self) -> None:
        self._root = Piece('section', 'hidden')
        with self._root:
            self._picture = Piece('div')
            self._picture.draw({'tabindex': '0'})  # a long question scrolls
            self._countdown = QuestionCountdown()
            self._count = Piece('p')
            self._count.draw({'role': 'status'}, classes='wall-asked-count')

    @property
    def is_visible(self) -> bool:
        """Whether a question is shown."""
        return 'hidden' not in self._root.classes

    def show(self, counted: Counted) -> None:
        """Show a question as far as it is."""
        asked = counted.asked
        label = _('Question {number}', number=asked.number)
        place = f'<h1 class="asked-place">{escape(label)} · {escape(html.state_words(asked.state))}</h1>'
        below = html.shares_html(asked) if asked.distribution else html.options_html(asked)
        self._picture.draw_html(f'{place}{html.text_html(asked)}{below}')
        self._countdown.follow(asked.closes_at)
        is_open = asked.state is LiveQuestionState.OPEN
        is_counted = is_open or asked.state is LiveQuestionState.CLOSED
        self._count.draw_html(escape(html.counted_text(counted)) if is_counted else '')
        bars = len(asked.distribution.bars) if asked.distribution else 0
        is_many = max(len(asked.options), bars) > MANY
        looks = f'{" wall-asked-many" if is_many else ""}{" wall-asked-long" if len(asked.text) > LONG else ""}'
        classes = f'wall-question{looks}'
        if ' '.join(self._root.classes) != classes:
            self._root.draw({'aria-label': label}, classes=classes)

    def hide(self) -> None:
        """Give the place back to the class."""
        if self.is_visible:
            self._picture.draw_html('')
            self._count.draw_html('')
            self._countdown.follow(None)
            self._root.draw({}, classes='hidden')
