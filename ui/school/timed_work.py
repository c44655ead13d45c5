"""What the admin sees of the work that is done by the clock: what failed, and behind a click what waits."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from services import timed
from services.access import Actor
from services.core import database, jobs
from services.timed import TimedWork
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, say
from ui.kit.text import Text, heading, named
from ui.kit.time_format import short


class TimedWorkList:
    """One line each; what failed has its reason, and a button that does not wait for the next try."""

    def __init__(self, actor: Actor, found: Sequence[TimedWork]) -> None:
        self._actor = actor
        self._place = ui.element('section').classes('stack-tight').props('aria-live=polite')
        self._show(found)

    def _show(self, found: Sequence[TimedWork]) -> None:
        self._place.clear()
        self._place.visible = bool(found)
        with self._place:
            heading(_('Work by the clock'))
            failed = [each for each in found if each.problem]
            if failed:
                self._lines(failed)
            with ui.element('details').classes('quiet-details'):
                Text(
                    'summary',
                    _('What else there is, and when') if failed else _('Nothing has failed. What there is, and when'),
                )
                self._lines([each for each in found if not each.problem])

    def _lines(self, found: Sequence[TimedWork]) -> None:
        with ui.element('ul').classes('list'):
            for each in found:
                self._line(each)

    def _line(self, each: TimedWork) -> None:
        with ui.element('li'):
            with ui.element('div').classes('grow'):
                Text('span', say(each.name))
                if each.problem:
                    Text('p', say(each.problem)).classes('field-problem')
                Text('p', _when(each)).classes('hint')
            if each.problem:
                again = ui.button(_('Try again'), on_click=gesture(partial(self._try_again, each.job_id)))
                named(again.props('flat no-caps').classes('button-quiet'), _('Try again: {work}', work=each.name))

    async def _try_again(self, job_id: int) -> None:
        jobs.hurry(await database.write(timed.try_again, self._actor, job_id))
        tell(_('It is tried now. Load this page again to see whether it worked.'))
        self._show(await database.read(timed.of_school, self._actor))


def _when(each: TimedWork) -> str:
    if each.is_running:
        return _('goes on now')
    if each.done_at:
        return _('next {when} · last done {done}', when=short(each.due_at), done=short(each.done_at))
    return _('next {when}', when=short(each.due_at))
