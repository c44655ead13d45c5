"""`/children`: how the week of each child goes; the home of parents, made for a phone and a minute a week."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.parents import children, links
from services.parents.children import Child
from ui.kit.confirm import ask
from ui.kit.language import _
from ui.kit.text import Text, heading, hint, named, title
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
    title_page(seen.name)
    with frame(visit):
        if not actor.time_zone:
            BrowserClock(visit, actor)
        _choice(found, seen.child_id)
        ChildWeekView(actor, seen).follow()
        _about(visit, actor, Child(child_id=seen.child_id, name=seen.name))


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


def _about(visit: Visit, actor: Actor, child: Child) -> None:
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
            heading(_('One more child'))
            form(visit, '/children', [PARENT_CODE], _('Add the child'), quiet=True)
