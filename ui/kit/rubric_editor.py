"""The rubric of an assignment or an essay, as its teacher writes it: criteria, each with its levels and points."""

from collections.abc import Callable

from nicegui import ui

from services.rubrics import (
    LONGEST_CRITERION,
    LONGEST_LEVEL,
    MOST_CRITERIA,
    MOST_LEVELS,
    MOST_POINTS,
    Criterion,
    Level,
    Rubric,
)
from ui.kit.language import _
from ui.kit.text import Text, hint, named

NEW = Criterion(title='', levels=tuple(Level(points=points, text='') for points in (4, 2, 0)))
"""what a new criterion begins with; levels without words are left out"""
ENTER = 'keydown.exact.prevent.enter'


class RubricEditor:
    """All criteria; nothing is saved here."""

    def __init__(self, rubric: Rubric, *, heading: str = 'h3') -> None:
        self._criteria: list[CriterionFields] = []
        with named(ui.element('section').classes('stack'), _('Rubric')):
            Text(heading, _('Rubric')).classes('heading')
            hint(_('With a rubric, you choose a level for each criterion, and the grade follows from the points.'))
            self._list = ui.element('div').classes('stack')
            self._add = ui.button(_('Add a criterion'), on_click=lambda: self._append(NEW).focus())
            self._add.props('flat no-caps').classes('button-quiet assignment-add')
        for each in rubric:
            self._append(each)
        self._problem = Text('p').classes('field-problem').props('role=alert')
        self._problem.visible = False

    @property
    def value(self) -> Rubric:
        """What is typed."""
        return tuple(each.value for each in self._criteria)

    def complain(self, sentence: str) -> None:
        """Say what is wrong with it; nothing for an empty sentence."""
        self._problem.set_text(sentence)
        self._problem.visible = bool(sentence)

    def _append(self, criterion: Criterion) -> 'CriterionFields':
        with self._list:
            fields = CriterionFields(criterion, self._remove)
        self._criteria.append(fields)
        self._add.visible = len(self._criteria) < MOST_CRITERIA
        return fields

    def _remove(self, fields: 'CriterionFields') -> None:
        self._criteria.remove(fields)
        fields.element.delete()
        self._add.visible = True
        self._add.run_method('focus')


class CriterionFields:
    """One criterion with its levels."""

    def __init__(self, criterion: Criterion, remove: Callable[['CriterionFields'], None]) -> None:
        self._levels: list[tuple[ui.element, ui.number, ui.textarea]] = []
        with ui.element('div').classes('rubric-criterion stack-tight') as self.element:
            with ui.element('div').classes('line'):
                self._title = ui.input(_('Criterion'), value=criterion.title).classes('grow')
                self._title.props(f'outlined dense dir=auto maxlength={LONGEST_CRITERION}')
                _icon(_('Remove this criterion'), lambda: remove(self))
            self._rows = ui.element('div').classes('rubric-levels stack-tight')
            self._more = ui.button(_('Add a level'), on_click=lambda: self._append(None))
            self._more.props('flat no-caps').classes('button-quiet button-bare assignment-add')
        for level in criterion.levels:
            self._append(level)

    @property
    def value(self) -> Criterion:
        """What is typed; levels without words are left out."""
        levels = tuple(
            Level(points=int(points.value or 0), text=words.value)
            for _row, points, words in self._levels
            if words.value
        )
        return Criterion(title=self._title.value or '', levels=levels)

    def focus(self) -> None:
        """Put the cursor into its name."""
        self._title.run_method('focus')

    def _append(self, level: Level | None) -> None:
        with self._rows, ui.element('div').classes('line rubric-level-fields') as row:
            points = ui.number(_('Points'), value=level.points if level else None, min=0, max=MOST_POINTS, precision=0)
            points.props('outlined dense inputmode=numeric').classes('rubric-points')
            words = ui.textarea(_('What this level means'), value=level.text if level else '')
            words.props(f'outlined dense autogrow rows=1 dir=auto maxlength={LONGEST_LEVEL}').classes('grow')
            words.on(ENTER, lambda: self._append(None), args=[[]])
            _icon(_('Remove this level'), lambda: self._remove(row))
        self._levels.append((row, points, words))
        self._more.visible = len(self._levels) < MOST_LEVELS
        if level is None:
            points.run_method('focus')

    def _remove(self, row: ui.element) -> None:
        self._levels = [each for each in self._levels if each[0] is not row]
        row.delete()
        self._more.visible = True
        self._more.run_method('focus')


def _icon(name: str, pressed: Callable[[], None]) -> None:
    button = ui.button(icon='delete_outline', on_click=pressed).props('flat round dense').classes('button-icon')
    named(button, name)
