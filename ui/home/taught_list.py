"""The courses of a person who teaches, as one element: two hundred of them cost little."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.core.secrets import spell_code
from services.courses.course_cards import CourseCard
from ui.kit.language import _, ngettext
from ui.kit.text import hint
from ui.kit.theme import filled
from ui.kit.time_format import short

APART, TOGETHER = '\u2068', '\u2069'
"""Between these two, Unicode lets a text have a direction of its own."""


def taught_list(cards: Sequence[CourseCard]) -> None:
    """Draw a line for each course, with its size, its code, and the way into its class while that is on."""
    if cards:
        ui.html(''.join(map(_row, cards)), sanitize=False, tag='ul').classes('list')
    else:
        hint(_('All your courses are archived.'))


def _row(card: CourseCard) -> str:
    address = f'/courses/{card.course_id}'
    live = f'<a class="chip chip-live" href="{address}/live">{escape(_("live"))}</a>' if card.is_running else ''
    bar = ''
    if card.learners:
        name = escape(_('{percent} percent done on average', percent=card.percent))
        bar = f'<div class="bar {filled(card.percent)}" role="img" aria-label="{name}"></div>'
    return (
        '<li class="course-row"><div class="course-name">'
        f'<a class="course-link" href="{address}" dir="auto">{escape(card.title)}</a>'
        f'<p class="hint" dir="ltr">{escape(_size(card))}</p></div>{live}'
        f'<span class="course-code-small" translate="no" dir="auto">{escape(spell_code(card.code))}</span>{bar}</li>'
    )


def _size(card: CourseCard) -> str:
    checkpoints = ngettext('{count} step', '{count} steps', card.checkpoints)
    learners = ngettext('{count} learner', '{count} learners', card.learners)
    average = _('{percent} % on average', percent=card.percent) if card.learners else ''
    last = _('last class {when}', when=short(card.last_class_at)) if card.last_class_at else ''
    subject = f'{APART}{card.subject}{TOGETHER}' if card.subject else ''
    return ' · '.join(part for part in (subject, learners, checkpoints, average, last) if part)
