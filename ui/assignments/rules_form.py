"""How an assignment is handed in, as its teacher sets it."""

from collections.abc import Mapping

from nicegui import ui

from services.access import Actor
from services.assignments import rules as assignment_rules
from services.assignments.rules import MOST_FILES, Rules
from services.core import database
from services.core.errors import Invalid
from services.enums import FileKind
from ui.kit.handlers import gesture, tell, tell_problem
from ui.kit.language import Spoken, _, say
from ui.kit.rubric_editor import RubricEditor
from ui.kit.text import hint

KINDS: Mapping[FileKind, str] = Spoken(
    {
        FileKind.PDF: lambda: _('PDF'),
        FileKind.PICTURE: lambda: _('Pictures (PNG, JPEG, WebP, GIF)'),
        FileKind.TEXT: lambda: _('Plain text'),
        FileKind.OFFICE: lambda: _('Documents of Word, Excel, PowerPoint and LibreOffice'),
    }
)


class RulesForm:
    """The settings of one assignment."""

    def __init__(self, actor: Actor, checkpoint_id: int, rules: Rules) -> None:
        self._actor = actor
        self._checkpoint_id = checkpoint_id
        with ui.element('div').classes('stack'):
            self._takes_text = ui.switch(_('Learners write a text'), value=rules.takes_text)
            self._most_files = ui.number(_('Files at most'), value=rules.most_files, min=0, max=MOST_FILES, precision=0)
            self._most_files.props('outlined inputmode=numeric').classes('assignment-grade')
            hint(_('0 where no files are taken'))
            self._kinds = {kind: ui.checkbox(KINDS[kind], value=kind in rules.file_kinds) for kind in FileKind}
            self._takes_late = ui.switch(_('Late work is taken, and marked as late'), value=rules.takes_late)
            self._is_graded = ui.switch(_('Graded from 0 to 100'), value=rules.is_graded)
            self._passing = ui.number(_('Passed from'), value=rules.passing_percent, min=0, max=100, precision=0)
            self._passing.props('outlined inputmode=numeric').classes('assignment-grade')
            self._passing.bind_visibility_from(self._is_graded, 'value')
            self._may_resubmit = ui.switch(
                _('Learners can hand in again after it was returned'), value=rules.may_resubmit
            )
            self._hides_names = ui.switch(_('Names are hidden from those who grade'), value=rules.hides_names)
            self._rubric = RubricEditor(rules.rubric)
            save = ui.button(_('Save'), on_click=gesture(self._save)).props('flat no-caps')
            save.classes('button-quiet assignment-add')

    async def _save(self) -> None:
        fields = {'most_files': self._most_files, 'passing_percent': self._passing}
        for field in fields.values():
            field.error = None
        self._rubric.complain('')
        try:
            await database.write(assignment_rules.set_rules, self._actor, self._checkpoint_id, self._typed())
        except Invalid as refusal:
            if refusal.field == 'rubric':
                self._rubric.complain(say(refusal))
            if wrong := fields.get(refusal.field):
                wrong.error = say(refusal)
            tell_problem(say(refusal))
        else:
            tell(_('Saved'))

    def _passing_percent(self) -> int:
        """Return from which grade on one passes; an empty field is not 0, with which everybody would."""
        if self._passing.value is None:
            raise Invalid('Type a number from {least} to {most}.', least=0, most=100, field='passing_percent')
        return int(self._passing.value)

    def _typed(self) -> Rules:
        return Rules(
            takes_text=bool(self._takes_text.value),
            most_files=int(self._most_files.value or 0),
            file_kinds=frozenset(kind for kind, box in self._kinds.items() if box.value),
            takes_late=bool(self._takes_late.value),
            is_graded=bool(self._is_graded.value),
            passing_percent=self._passing_percent(),
            may_resubmit=bool(self._may_resubmit.value),
            hides_names=bool(self._hides_names.value),
            rubric=self._rubric.value,
        )
