"""`/privacy`: what is kept of people, why, on which basis and for how long, from the declarations; for everybody."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services.accounts import agreements
from services.core import school
from services.lms import record_store
from services.privacy import declared
from services.privacy.declared import KeptKind
from ui.kit.in_parts import in_parts
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint, title
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/privacy', title='What is kept of you')
    async def privacy(visit: Visit) -> Response | None:
        with frame(visit):
            way_back(_('To the start page'), '/')
            title(_('What is kept of you'))
            _rights(visit)
            for basis, kinds in declared.by_basis():
                heading(say(basis))
                await _kinds(kinds)
        return None


def _rights(visit: Visit) -> None:
    name = school.current().name
    said = [
        _('{school} decides over these data. Ask there if anything of this is unclear.', school=name),
        _('You can take everything along, see who looked at your data, and ask to be erased.'),
        _('Figures that others see together say nothing of groups of fewer than five; of the whole school, than ten.'),
        _('Predictions decide nothing. You can contest yours on the page of the course, and have none made of you.'),
        _sent(),
        _('It asks for no sex, origin or date of birth.'),
    ]
    if age := agreements.age():
        said.append(_('Learners who register say that they are {age} or older, or that their parents agree.', age=age))
    with ui.element('ul').classes('prose'):
        for sentence in said:
            Text('li', sentence)
    if visit.actor:
        ui.link(_('Your data'), '/account/data').classes('button-quiet')


def _sent() -> str:
    """Return who else is sent what people do here."""
    if not record_store.is_on():
        return _('Nothing is sent to others, but for mails and notices to you. Cookies only keep you signed in.')
    return _(
        'What you do in courses is sent to the record store {host}, under an account without your name. '
        'Nothing else is sent to others, but for mails and notices to you. Cookies only keep you signed in.',
        host=record_store.host(),
    )


async def _kinds(kinds: Sequence[KeptKind]) -> None:
    with ui.element('details').classes('quiet-details'):
        Text('summary', ngettext('{count} kind of data', '{count} kinds of data', len(kinds)))
        with ui.element('ul').classes('list'):
            await in_parts(kinds, _kind)


def _kind(kept: KeptKind) -> None:
    with ui.element('li'), ui.element('div').classes('grow'):
        Text('div', say(kept.what)).classes('capital')
        hint(say(kept.why))
        until, then = say(kept.until), say(kept.on_erase)
        hint(_('How long: {until}. When you are erased: {then}.', until=until, then=then))
