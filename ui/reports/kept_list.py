"""Reports that were kept: keeping one, the list of them, links to one, and who opened it."""

from collections.abc import Sequence
from datetime import UTC
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.server_address import standing_address
from services.enums import ReportReader
from services.reports.performance import keeping, links
from services.reports.performance.document import PerformanceReport
from services.reports.performance.kept_reports import KeptShown
from services.reports.performance.links import LinkShown
from ui.kit import confirm
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture
from ui.kit.language import Spoken, _, ngettext, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import day, exact
from ui.reports.chosen import Chosen
from ui.shell.request import Visit

READERS = Spoken(
    {
        ReportReader.STUDENT: lambda: _('learner'),
        ReportReader.PARENT: lambda: _('parent'),
        ReportReader.TEACHER: lambda: _('teacher'),
        ReportReader.ADMINISTRATOR: lambda: _('admin'),
    }
)


class KeepDialog:
    """Asks for whom a report is kept, and keeps it."""

    def __init__(self, actor: Actor, asked: Chosen, found: PerformanceReport) -> None:
        self._actor, self._asked, self._user_id = actor, asked, found.student_id
        with ui.dialog() as self._dialog, ui.card():
            Text('h2', _('Keep this report')).classes('heading')
            Text('p', _('It stays as it is today, so that everybody speaks of the same report.')).classes('body')
            self._learner = ui.switch(_('The learner may open it'), value=True)
            self._learner.set_visibility(actor.user_id != found.student_id)
            self._parents = ui.switch(_('Parents may see it: you can make a link'), value=False)
            hint(_('What one of them may not see is left out.'))
            with ui.element('div').classes('line'):
                ui.button(_('Cancel'), on_click=self._dialog.close).props('flat no-caps').classes('button-quiet')
                ui.button(_('Keep'), on_click=gesture(self._keep)).props('flat no-caps').classes('button-primary')
        self._dialog.props['aria-label'] = _('Keep this report')

    def open(self) -> None:
        """Ask."""
        self._dialog.open()

    async def _keep(self) -> None:
        report_id = await keeping.keep(
            self._actor,
            self._user_id,
            course_id=self._asked.course_id,
            options=self._asked.options,
            shows_learner=bool(self._learner.value),
            shows_parents=bool(self._parents.value),
        )
        ui.navigate.to(f'/reports/{report_id}')


class Links:
    """The links to a report: making one, and what has become of those that were made."""

    def __init__(self, visit: Visit, actor: Actor, found: PerformanceReport) -> None:
        self._visit, self._actor = visit, actor
        assert found.id is not None
        self._report_id, self._user_id = found.id, found.student_id
        heading(_('Links for parents'))
        if found.configuration.sharing.shareable:
            hint(_('Anybody who has the link can read this report until it ends. Send it only to those it is for.'))
            with ui.element('div').classes('line'):
                self._days = ui.number(_('Works for how many days'), value=links.USUAL_DAYS, min=1, max=links.MOST_DAYS)
                self._days.props('outlined inputmode=numeric').classes('report-days')
                ui.button(_('Make a link'), on_click=gesture(self._make)).props('flat no-caps').classes('button-quiet')
        else:
            hint(_('This report was not kept for parents, so there are no links to it.'))
        self._new = ui.element('div')
        self._list = ui.element('ul').classes('list')
        forget = ui.button(_('Delete this report'), on_click=self._ask).props('flat no-caps')
        forget.classes('button-quiet button-bare report-link')

    def show(self, found: Sequence[LinkShown]) -> None:
        """Show the links that were made."""
        self._list.clear()
        self._list.set_visibility(bool(found))
        with self._list:
            for link in found:
                with ui.element('li'):
                    with ui.element('span').classes('grow'):
                        Text('span', self._state(link))
                        Text('span', self._opened(link)).classes('hint report-about')
                    if link.is_open:
                        button = ui.button(_('Revoke'), on_click=gesture(partial(self._revoke, link)))
                        button.props('flat no-caps').classes('button-quiet button-bare')
                        button.props['aria-label'] = _('Revoke the link of {day}', day=day(link.made_at))

    def _state(self, link: LinkShown) -> str:
        if link.is_open:
            return _('Link by {name}, works until {day}', name=link.made_by, day=day(link.expires_at))
        return _('Link by {name}, has ended', name=link.made_by)

    def _opened(self, link: LinkShown) -> str:
        if link.opened_at is None:
            return _('not opened yet')
        last = exact(link.opened_at.astimezone(UTC))
        return ngettext('opened once, {last}', 'opened {count} times, last {last}', link.openings, last=last)

    async def _make(self) -> None:
        days = int(self._days.value or 0)
        token = await database.write(links.make, self._actor, self._report_id, days=days)
        self._new.clear()
        with self._new:
            hint(_('This is the link. It is shown only now.'))
            copy_link(self._visit.request, f'{standing_address()}/reports/shared/{token}')
        await self._load()

    async def _revoke(self, link: LinkShown) -> None:
        await database.write(links.revoke, self._actor, link.link_id)
        await self._load()

    async def _load(self) -> None:
        self.show(await database.read(links.of_report, self._actor, self._report_id))

    def _ask(self) -> None:
        confirm.ask(
            _('Delete this report?'),
            _('Its links end at once. The figures are not touched; a new report can be kept at any time.'),
            yes=_('Delete it'),
            then=self._forget,
        )

    async def _forget(self) -> None:
        await database.write(keeping.forget, self._actor, self._report_id)
        ui.navigate.to(f'/report/{self._user_id}')


def draw_kept(kept: Sequence[KeptShown]) -> None:
    """Draw the list of kept reports."""
    with ui.element('ul').classes('list'):
        for each in kept:
            with ui.element('li'), ui.element('span').classes('grow'):
                ui.link(
                    _('{title} of {day}', title=say(each.title), day=day(each.made_at)), f'/reports/{each.report_id}'
                )
                Text('span', _about(each)).classes('hint report-about')


def draw_openings(found: PerformanceReport) -> None:
    """Draw who opened a report, and when."""
    heading(_('Who opened it'))
    if not found.accessed_by:
        hint(_('Nobody has opened it before you.'))
        return
    with ui.element('ul').classes('list'):
        for each in found.accessed_by:
            with ui.element('li'):
                who = (
                    _('{name}, {role}', name=each.name, role=READERS[each.role])
                    if each.role
                    else _('somebody with a link')
                )
                Text('span', who).classes('grow')
                Text('span', exact(each.accessed_at)).classes('hint')


def _about(kept: KeptShown) -> str:
    said = [say(kept.description), _('kept by {name}', name=kept.made_by)]
    if kept.shows_parents:
        said.append(_('for parents too'))
    said.append(
        ngettext('opened once', 'opened {count} times', kept.openings) if kept.openings else _('not opened yet')
    )
    return ' · '.join(said)
