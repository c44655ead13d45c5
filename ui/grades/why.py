"""How the total of one learner comes about, line by line, and what each grade is."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from services.grades.book import OwnGrades, Thing
from services.grades.explaining import why
from services.quizzes.skills import SkillShown
from ui.grades.grade_words import about, grade, total
from ui.kit.language import _, say
from ui.kit.skill_list import draw_skills
from ui.kit.text import Text, named


def show_why(found: OwnGrades, known: Sequence[SkillShown]) -> None:
    """Open a dialog that explains a total to those who teach, with what the learner is sure of."""
    question = _('Why {total}?', total=total(found.row.explanation))
    with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide'):
        Text('h2', question).classes('heading')
        Text('p', found.row.name).classes('hint').props('translate=no')
        draw_sum(found)
        draw_grades(found)
        draw_skills(known, for_staff=True)
        with ui.element('div').classes('line'):
            ui.button(_('Close'), on_click=dialog.close).props('flat no-caps autofocus').classes('button-quiet')
    dialog.props['aria-label'] = question
    dialog.on('hide', dialog.delete)


def draw_sum(found: OwnGrades) -> None:
    """Draw the lines that add up to the total."""
    lines = ''.join(f'<li>{escape(say(line))}</li>' for line in why(found.row.explanation))
    named(ui.html(lines, sanitize=False, tag='ul').classes('list grade-sum'), _('How the total comes about'))


def draw_grades(found: OwnGrades, *, is_own: bool = False) -> None:
    """Draw each grade with what there is to say of it, to those who teach or to the learner."""
    cells = zip(found.things, found.row.cells, strict=True)
    rows = ''.join(
        f'<li><span class="grow"><span dir="auto" translate="no">{escape(thing.title)}</span>'
        f'{_about(found, thing)}</span>'
        f'<b class="number">{escape(grade(cell, is_own=is_own))}</b></li>'
        for thing, cell in cells
    )
    named(ui.html(rows, sanitize=False, tag='ul').classes('list'), _('Grades'))


def _about(found: OwnGrades, thing: Thing) -> str:
    said = [about(found, thing)]
    if by_hand := found.by_hand.get(thing.checkpoint_id):
        said.append(
            _('{person}: {reason}', person=by_hand.by, reason=by_hand.reason)
            if by_hand.reason
            else _('Set by {person}', person=by_hand.by)
        )
    return ''.join(f'<span class="hint grade-about">{escape(line)}</span>' for line in said if line)
