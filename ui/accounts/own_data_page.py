"""`/account/data`: what is kept of a person: to take along, and to have erased."""

from collections.abc import AsyncIterator
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.lms import statements
from services.lms.statements import Part
from services.privacy import erasure_requests, own_data, own_looks
from ui.accounts.own_looks import own_looks as draw_looks
from ui.kit.confirm import ask
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact
from ui.shell.downloads import Download
from ui.shell.downloads import hand_out as hand_out_file
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

PAGE = '/account/data'
FILE = '/account/data.zip'
STATEMENTS = '/account/statements.json'

router = APIRouter()


def create() -> None:
    """Declare the page."""

    @page(PAGE, title='Your data')
    async def data(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        since = await database.read(erasure_requests.since, actor)
        looks = await database.read(own_looks.listed, actor)
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Your data'))
            ui.link(_('What is kept, why and for how long'), '/privacy')
            _take_along()
            await draw_looks(looks)
            _Leaving(actor, since)
        return None


@router.get(FILE)
async def hand_out(request: Request) -> Response:
    """Send everything that there is of the person who asks, as one ZIP."""

    async def make(visit: Visit) -> Download:
        packed = await database.read(own_data.take_along, visit.actor)
        return Download(name='my-data.zip', content=packed.pieces(), media_type='application/zip')

    return await hand_out_file(request, make, page=PAGE)


@router.get(STATEMENTS)
async def hand_out_statements(request: Request) -> Response:
    """Send what the person who asks did as xAPI statements, which are read while they are sent."""

    async def make(visit: Visit) -> Download:
        first = await database.read(statements.own, visit.actor)
        return Download(name='my-statements.json', content=_pieces(visit.actor, first), media_type='application/json')

    return await hand_out_file(request, make, page=PAGE)


async def _pieces(actor: Actor | None, part: Part) -> AsyncIterator[bytes]:
    """Yield one JSON list of statements."""
    before = b'[\n'
    while True:
        for each in part.statements:
            yield before + each
            before = b',\n'
        if part.next is None:
            break
        part = await database.read(statements.own, actor, after=part.next)
    yield (b'[' if before == b'[\n' else b'\n') + b']\n'


def _take_along() -> None:
    heading(_('Take your data along'))
    said = _('Everything that is kept of you, as one ZIP: a page to read, the same for programs, and your files.')
    Text('p', said).classes('body')
    with ui.element('div').classes('line'):
        ui.link(_('Download'), FILE).classes('button-primary').props('download')
    hint(_('Your password is not in it. Keep the file to yourself.'))
    ui.link(_('Download what you did (xAPI)'), STATEMENTS).classes('button-quiet').props('download')


class _Leaving:
    """How a person asks to be erased, and takes that back."""

    def __init__(self, actor: Actor, since: datetime | None) -> None:
        self._actor = actor
        heading(_('Be erased'))
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw(since)

    def _draw(self, since: datetime | None) -> None:
        self._place.clear()
        with self._place:
            if since is None:
                said = _('Your school then removes your name, your address and all that you wrote or handed in.')
                Text('p', said).classes('body')
                button = ui.button(_('Ask to be erased'), on_click=self._ask).props('flat no-caps')
                button.classes('button-danger')
            else:
                Text('p', _('You asked for it on {when}. Your school has a month.', when=exact(since))).classes('body')
                stay = ui.button(_('Stay after all'), on_click=gesture(self._stay)).props('flat no-caps')
                stay.classes('button-quiet')

    def _ask(self) -> None:
        ask(
            _('Ask to be erased?'),
            _(
                'Once your school has done it, you cannot sign in any more, and your certificates are withdrawn. '
                'Take your data along before.'
            ),
            yes=_('Ask'),
            then=self._asked,
        )

    async def _asked(self) -> None:
        await database.write(erasure_requests.ask, self._actor)
        self._draw(await database.read(erasure_requests.since, self._actor))

    async def _stay(self) -> None:
        await database.write(erasure_requests.take_back, self._actor)
        self._draw(None)
