"""A rubric as its learner reads it: what is looked at, and what their work or essay got for it."""

from collections.abc import Sequence
from html import escape

from services.rubrics import Mark, Rubric
from ui.kit.language import _, ngettext


def rubric_html(rubric: Rubric) -> str:
    """Return the criteria with their levels; nothing where there are none."""
    if not rubric:
        return ''
    criteria = ''.join(
        f'<dt dir="auto" translate="no">{escape(each.title)}</dt>'
        + ''.join(
            f'<dd><span class="number rubric-worth">{level.points}</span>'
            f'<span dir="auto" translate="no">{escape(level.text)}</span></dd>'
            for level in each.levels
        )
        for each in rubric
    )
    head = escape(_('How it is graded'))
    return f'<details class="quiet-details"><summary>{head}</summary><dl class="rubric-read">{criteria}</dl></details>'


def marks_html(marks: Sequence[Mark]) -> str:
    """Return what work got for each criterion; nothing where there was no rubric."""
    rows = ''.join(_mark_html(each) for each in marks)
    return f'<ul class="rubric-got">{rows}</ul>' if rows else ''


def _mark_html(mark: Mark) -> str:
    points = ngettext('{points} of {count} point', '{points} of {count} points', mark.most, points=mark.points)
    got = f'<span class="number rubric-worth">{escape(points)}</span>' if mark.level else ''
    level = (
        f'<span class="rubric-got-level" dir="auto" translate="no">{escape(mark.level)}</span>' if mark.level else ''
    )
    remark = f'<span class="hint" dir="auto" translate="no">{escape(mark.remark)}</span>' if mark.remark else ''
    head = f'<b dir="auto" translate="no">{escape(mark.criterion)}</b>{got}'
    return f'<li><span class="spread">{head}</span>{level}{remark}</li>'
