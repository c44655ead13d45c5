"""What the new version of a question means for attempts that are over: asked before it is saved, with a dry run."""

from collections.abc import Callable

from nicegui import ui

from services.access import Actor
from services.core import database, jobs
from services.core.errors import Refused
from services.enums import Change
from services.quizzes import dry_runs, regrading
from services.quizzes.dry_runs import DryRun, InClass
from services.quizzes.question import Question
from services.quizzes.regrading import LONGEST_REASON
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, named
from ui.quizzes.question_words import CHANGES

MOST_NAMES = 12


class RegradeDialog:
    """Asks what is to be done, and says beforehand who would have how many points."""

    def __init__(self, actor: Actor, question_id: int, question: Question, saved: Callable[[], None]) -> None:
        self._actor = actor
        self._question_id = question_id
        self._question = question
        self._saved = saved
        heading = _('Learners have answered this question')
        with ui.dialog(value=True).props('no-backdrop-dismiss') as self._dialog, ui.card().classes('dialog-wide'):
            Text('h2', heading).classes('heading')
            self._change = ui.radio(dict(CHANGES), value=Change.FROM_NOW_ON, on_change=gesture(self._look))
            named(self._change.classes('choices'), _('What becomes of attempts that are over?'))
            self._better = ui.switch(_('Nobody loses points'), value=True, on_change=gesture(self._look))
            self._reason = ui.input(_('What you say to learners about it (may be empty)'))
            self._reason.props(f'outlined dir=auto maxlength={LONGEST_REASON}')
            self._found = ui.element('div').classes('panel regrade-found').props('role=status')
            with ui.element('div').classes('dialog-actions'):
                self._save = ui.button(_('Save the question'), on_click=gesture(self._confirmed))
                self._save.props('flat no-caps').classes('button-primary')
                back = ui.button(_('Go on editing'), on_click=self._dialog.close).props('flat no-caps')
                back.classes('button-quiet button-bare')
        named(self._dialog, heading).on('hide', self._dialog.delete, args=[[]])
        self._show(None)

    async def _look(self) -> None:
        """Say what the choice would mean."""
        if self._chosen is Change.FROM_NOW_ON:
            self._show(None)
            return
        try:
            found = await database.read(
                dry_runs.of_change,
                self._actor,
                self._question_id,
                self._question,
                change=self._chosen,
                keeps_better=bool(self._better.value),
            )
        except Refused as refusal:
            self._show(None, say(refusal))
        else:
            self._show(found)

    async def _confirmed(self) -> None:
        await database.write(
            regrading.edit,
            self._actor,
            self._question_id,
            self._question,
            change=self._chosen,
            keeps_better=bool(self._better.value),
            reason=self._reason.value or '',
        )
        if self._chosen is not Change.FROM_NOW_ON:
            jobs.hurry(regrading.NAME)
        self._dialog.close()
        self._saved()

    @property
    def _chosen(self) -> Change:
        return Change(self._change.value)

    def _show(self, found: DryRun | None, problem: str = '') -> None:
        changes = self._chosen is not Change.FROM_NOW_ON
        self._better.visible = self._chosen is Change.REGRADE
        self._reason.visible = changes
        self._save.set_enabled(not problem)
        self._found.clear()
        with self._found:
            if problem:
                Text('p', problem).classes('field-problem')
            elif found is None:
                Text('p', _('Attempts that are over keep their points. Who begins now gets the new version.'))
            else:
                _draw_found(found)


def _draw_found(found: DryRun) -> None:
    if found.attempts or not found.in_class.answers:
        Text('p', dry_run_words(found))
    if found.in_class.answers:
        Text('p', in_class_words(found.in_class))
    if flips := [moved for moved in found.moved if moved.flips]:
        Text('p', ngettext('{count} result turns:', '{count} results turn:', len(flips)))
    shown = flips or list(found.moved)
    with ui.element('ul').classes('regrade-names'):
        for moved in shown[:MOST_NAMES]:
            words = _('{name}: {before} % → {after} %', name=moved.name, before=moved.before, after=moved.after)
            Text('li', words).props('translate=no')
        if len(shown) > MOST_NAMES:
            more = len(shown) - MOST_NAMES
            Text('li', ngettext('and {count} more', 'and {count} more', more)).classes('hint')


def dry_run_words(found: DryRun) -> str:
    """Return what a change would mean, in one sentence."""
    if not found.up and not found.down:
        return ngettext(
            'Nothing changes: {count} attempt stays as it is.',
            'Nothing changes: all {count} attempts stay as they are.',
            found.attempts,
        )
    return _(
        'Of {attempts} attempts, {up} go up and {down} go down.', attempts=found.attempts, up=found.up, down=found.down
    )


def in_class_words(found: InClass) -> str:
    """Return what a change would mean for what classes have answered, in one sentence."""
    if not found.up and not found.down:
        return ngettext(
            '{count} answer in class stays as it is.', 'All {count} answers in class stay as they are.', found.answers
        )
    return _(
        'Of {answers} answers in class, which count for no grade, {up} go up and {down} go down.',
        answers=found.answers,
        up=found.up,
        down=found.down,
    )
