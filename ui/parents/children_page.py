"""`/children`: how the week of each child goes; the home of parents, made for a phone and a minute a week."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.mail import mail_server
from services.parents import children, links, summaries
from services.parents.children import Child
from services.reports.performance import kept_reports
from services.reports.performance.kept_reports import KeptShown
from ui.kit.confirm import ask
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint, named, title
from ui.kit.time_format import day
from ui.parents.child_week import ChildWeekView
from ui.shell.browser_clock import BrowserClock
from ui.shell.forms import form
from ui.shell.frame import frame, title_page
from ui.shell.page import page
from ui.shell.parent_code import PARENT_CODE
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/children', title='Your children')
    async def first_child(visit: Visit) -> Response | None:
        await _draw(visit, None)
        return None

    @page('/children/{child_id:id}', title='Your children')
    async def one_child(visit: Visit, child_id: int) -> Response | None:
        await _draw(visit, child_id)
        return None


async def _draw(visit: Visit, child_id: int | None) -> None:
    actor = visit.signed_in()
    found = await database.read(children.of_parent, actor)
    if child_id is None and not found:
        _nobody_yet(visit)
        return
    seen = await children.look(actor, found[0].child_id if child_id is None else child_id)
    is_wanted = await database.read(summaries.own, actor)
    title_page(seen.name)
    with frame(visit):
        if not actor.time_zone:
            BrowserClock(visit, actor)
        _choice(found, seen.child_id)
        ChildWeekView(actor, seen).follow()
        _reports(await database.read(kept_reports.of_child, actor, seen.child_id))
        _about(visit, actor, Child(child_id=seen.child_id, name=seen.name), is_wanted=is_wanted)


def _nobody_yet(visit: Visit) -> None:
    with frame(visit):
        title(_('Your children'))
        Text('p', _('No child is linked to your account. Enter a code from your child or from the school.'))
        form(visit, '/children', [PARENT_CODE], _('Add the child'))


def _choice(found: Sequence[Child], chosen: int) -> None:
    """Draw the way to the other children, if there are any."""
    if len(found) < 2:
        return
    with named(ui.element('nav').classes('tabs-row'), _('Your children')):
        for child in found:
            link = ui.link(child.name, f'/children/{child.child_id}').classes('tab').props('dir=auto translate=no')
            if child.child_id == chosen:
                link.props('aria-current=page')


def _reports(kept: Sequence[KeptShown]) -> None:
    """Draw the reports that were kept for parents, if there are any."""
    if not kept:
        return
    with ui.element('section').classes('stack-tight'):
        heading(_('Reports'))
        with ui.element('ul').classes('list'):
            for each in kept:
                with ui.element('li'):
                    words = _('{title} of {day}', title=say(each.title), day=day(each.made_at))
                    ui.link(words, f'/reports/{each.report_id}')


def _about(visit: Visit, actor: Actor, child: Child, *, is_wanted: bool) -> None:
    """Draw what else can be done here: how the link came about and how it ends, and one more child."""

    async def end() -> None:
        await database.write(links.end, actor, child_id=child.child_id, parent_id=actor.user_id)
        ui.navigate.to('/children')

    def sure() -> None:
        ask(
            _('Stop seeing how {child} learns?', child=child.name),
            _('The link ends at once. For a new one you need another code.'),
            yes=_('End the link'),
            then=end,
        )

    with ui.element('details').classes('quiet-details').props(add='open' if visit.problem else ''):
        Text('summary', _('This link, and other children'))
        with ui.element('div').classes('stack-tight'):
            hint(_('{child} sees on which days you look here. Each of you can end the link.', child=child.name))
            button = ui.button(_('End the link'), on_click=sure).props('flat no-caps').classes('button-quiet')
            button.props['aria-label'] = _('End the link to {child}', child=child.name)
            if mail_server.is_ready():
                _mail_choice(actor, is_wanted)
            heading(_('One more child'))
            form(visit, '/children', [PARENT_CODE], _('Add the child'), quiet=True)


def _mail_choice(actor: Actor, is_wanted: bool) -> None:
    """Draw the switch of the weekly mail; it goes only to an address that is confirmed."""

    async def choose(wanted: bool) -> None:
        await database.write(summaries.choose, actor, wanted=wanted)

    box = ui.checkbox(_('A mail about the week, on Sunday at five'), value=is_wanted)
    box.on_value_change(lambda event: gesture(choose)(bool(event.value)))
    hint(_('It goes to your address once that is confirmed. A week in which nothing happened brings none.'))
