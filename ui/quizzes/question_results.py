"""What a quiz says of one of its questions: in words first, then in numbers."""

from html import escape

from nicegui import ui

from services.quizzes.class_answers import InClasses
from services.quizzes.item_analysis import Item, Whole
from services.quizzes.question import QuestionKind
from services.quizzes.question_results import Chosen, QuestionResult
from ui.kit import time_format
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text
from ui.quizzes.result_words import inline_html


def draw_question_result(result: QuestionResult, address: str) -> None:
    """Draw one question."""
    with ui.element('h3').classes('question-title'):
        ui.link(result.title, address).props('dir=auto')
    for sentence in result.said:
        Text('p', say(sentence)).classes('question-said')
    if result.in_classes and result.in_classes.facility is not None:
        Text('p', in_class_words(result.in_classes)).classes('hint')
    if result.item:
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('In numbers'))
            ui.html(
                _numbers_html(result.item, result.median_seconds, result.in_classes), sanitize=False, tag='dl'
            ).classes('numbers')
            if result.options:
                ui.html(_options_html(result.kind, result.options), sanitize=False).classes('roll results')


def in_class_words(found: InClasses) -> str:
    """Return how classes have answered, beside the attempts."""
    return ngettext(
        'In class: {right} % of {count} answer was right.',
        'In class: {right} % of {count} answers were right.',
        found.answered,
        right=found.right_percent,
    )


def whole_words(whole: Whole) -> str:
    """Return a whole quiz in numbers."""
    words = _('Mean {mean} points, median {median}.', mean=_rounded(whole.mean), median=_rounded(whole.median))
    if whole.alpha is None:
        return words
    return f'{words} {_("Inner consistency (α): {alpha} %.", alpha=round(whole.alpha))}'


def _numbers_html(item: Item, seconds: float, in_classes: InClasses | None) -> str:
    rows = [
        (_('Attempts'), str(item.attempts)),
        (_('How easy it is'), _('{percent} %', percent=round(100 * item.facility))),
        *_in_class_row(in_classes),
        (_('How well it tells strong from weak'), _figure(item.discrimination)),
        (_('The same, of what is possible'), _percent(item.efficiency)),
        (_('Intended weight'), _percent(item.intended_weight)),
        (_('Effective weight'), _percent(item.effective_weight)),
        (_('Median time'), time_format.span(round(seconds))),
    ]
    return ''.join(f'<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>' for name, value in rows)


def _in_class_row(found: InClasses | None) -> list[tuple[str, str]]:
    if found is None or found.facility is None:
        return []
    return [(_('How easy it was in class'), _('{percent} %', percent=round(100 * found.facility)))]


def _options_html(kind: QuestionKind, options: tuple[Chosen, ...]) -> str:
    heads = _('Option'), _('Chosen by'), _('in the stronger third'), _('in the weaker third')
    top = ''.join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = ''.join(
        f'<tr><th scope="row" dir="auto">{_option(kind, place, option)}</th>'
        f'<td>{option.in_all}</td><td>{option.upper}</td><td>{option.lower}</td></tr>'
        for place, option in enumerate(options)
    )
    return f'<table class="result-table"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'


def _option(kind: QuestionKind, place: int, option: Chosen) -> str:
    text = inline_html(option.text)
    if kind is QuestionKind.TRUE_FALSE:
        text = escape(_('True') if place == 0 else _('False'))
    right = f' <span class="chip">{escape(_("right"))}</span>' if option.is_right else ''
    return f'{text}{right}'


def _figure(value: float | None) -> str:
    return '–' if value is None else str(round(value))


def _percent(value: float | None) -> str:
    return '–' if value is None else _('{percent} %', percent=round(value))


def _rounded(value: float) -> str:
    return format(round(value, 2), 'g')
