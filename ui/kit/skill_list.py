"""The skills of one learner: a mark and a word for each, and of how many answers it speaks."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.quizzes.skills import SkillShown, Standing
from services.quizzes.spacing import InCourse, ToReview
from ui.kit.language import _, ngettext
from ui.kit.text import heading, named
from ui.kit.time_format import short

MARKS = {
    Standing.SURE: '<span class="mark mark-done"></span>',
    Standing.ON_THE_WAY: '<span class="mark mark-working"></span>',
    Standing.TO_PRACTISE: '<span class="mark mark-not-yet"></span>',
    Standing.TOO_EARLY: '<span class="skill-early" aria-hidden="true">–</span>',
}
"""beside a word, so that neither colour nor shape says it alone"""


def draw_skills(found: Sequence[SkillShown], *, for_staff: bool = False) -> None:
    """Draw the skills of a learner, if there are any; those who teach see the rates, too."""
    if not found:
        return
    heading(_('Skills'))
    rows = ''.join(_row(each, for_staff=for_staff) for each in found)
    named(ui.html(rows, sanitize=False, tag='ul').classes('list skills'), _('Skills'))


def draw_due(found: Sequence[ToReview]) -> None:
    """Draw what a learner should look at again today, with the way to practise it; nothing where nothing is due.

    It is for the page with the steps of the course, which needs no way to them.
    """
    _draw_due([(_due_line(each), _practice(each)) for each in found])


def draw_due_in(found: Sequence[InCourse]) -> None:
    """Draw the same on another page of the course, with the way to its steps where there is nothing to practise."""
    _draw_due([(_due_line(each.skill), _practice(each.skill) or _steps(each)) for each in found])


def draw_due_everywhere(found: Sequence[InCourse]) -> None:
    """Draw the same of all courses of a learner, each with its course."""
    _draw_due([(_due_line(each.skill, each.title), _practice(each.skill) or _steps(each)) for each in found])


def _draw_due(found: Sequence[tuple[str, str]]) -> None:
    if not found:
        return
    heading(_('To review today'))
    rows = ''.join(f'<li><span class="grow">{line}</span>{way}</li>' for line, way in found)
    named(ui.html(rows, sanitize=False, tag='ul').classes('list skills'), _('To review today'))


def word(standing: Standing) -> str:
    """Return how it stands with a skill."""
    return {
        Standing.SURE: _('sure'),
        Standing.ON_THE_WAY: _('on the way'),
        Standing.TO_PRACTISE: _('worth practising'),
        Standing.TOO_EARLY: _('too early to say'),
    }[standing]


def _row(skill: SkillShown, *, for_staff: bool) -> str:
    said = [ngettext('{count} answer', '{count} answers', skill.answers)]
    if skill.mastered_at:
        said.append(_('mastered on {date}', date=short(skill.mastered_at)))
    if for_staff and skill.percent is not None:
        said.append(_('the next one is right with {percent} %', percent=skill.percent))
    return (
        f'<li>{MARKS[skill.standing]}<span class="grow"><span dir="auto" translate="no">{escape(skill.name)}</span>'
        f'<span class="hint skill-about">{escape(" · ".join(said))}</span></span>'
        f'<b>{escape(word(skill.standing))}</b></li>'
    )


def _due_line(skill: ToReview, course: str = '') -> str:
    where = f'<bdi translate="no">{escape(course)}</bdi> · ' if course else ''
    last = _('last answered on {date}', date=short(skill.last_at))
    return (
        f'<span dir="auto" translate="no">{escape(skill.name)}</span>'
        f'<span class="hint skill-about">{where}{escape(last)}</span>'
    )


def _practice(skill: ToReview) -> str:
    if skill.practice_id is None:
        return ''
    name = _('Practise {skill}', skill=skill.name)
    return _way(f'/quizzes/{skill.practice_id}', _('Practise'), name)


def _steps(due: InCourse) -> str:
    name = _('To the steps of {course}, for {skill}', course=due.title, skill=due.skill.name)
    return _way(f'/courses/{due.course_id}/about', _('To the steps'), name)


def _way(address: str, words: str, name: str) -> str:
    return f'<a class="button-quiet" href="{address}" aria-label="{escape(name)}">{escape(words)}</a>'
