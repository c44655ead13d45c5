"""The questions that were asked in a class that is over: what was asked, and how many answered what."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.content.prose import prepare
from services.live.questions.past import PastQuestion
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.text import heading
from ui.kit.time_format import stopwatch
from ui.live import question_html as html


async def prepare_questions(questions: Sequence[PastQuestion]) -> None:
    """Lay out their texts beside the event loop, before they are drawn."""
    await prepare(
        *(text for each in questions for text in (each.asked.text, *(option.text for option in each.asked.options)))
    )


def past_questions(questions: Sequence[PastQuestion]) -> None:
    """Draw them under a heading; nothing where none were asked."""
    if not questions:
        return
    heading(_('Questions to the class'))
    with ui.element('ol').classes('list asked-past'):
        for each in questions:
            Piece('li').draw_html(_question(each))


def _question(each: PastQuestion) -> str:
    facts = [_('asked after {time}', time=stopwatch(each.second))]
    if each.right_percent is not None:
        facts.append(_('{percent} % were right', percent=each.right_percent))
    said = f'<p class="hint">{escape(" · ".join(facts))}</p>'
    return f'{html.text_html(each.asked)}{said}{html.shares_html(each.asked)}'
