"""`/account/data`: what is kept of a person, to take along."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.accounts import profiles
from services.core import database
from services.privacy import own_data
from ui.kit.language import _
from ui.kit.text import Text, heading, hint, title
from ui.shell.downloads import Download
from ui.shell.downloads import hand_out as hand_out_file
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

PAGE = '/account/data'
FILE = '/account/data.zip'

router = APIRouter()


def create() -> None:
    """Declare the page."""

    @page(PAGE, title='Your data')
    async def data(visit: Visit) -> Response | None:
        await database.read(profiles.own, visit.signed_in())
        with frame(visit):
            way_back(_('Your account'), '/account')
            title(_('Your data'))
            _take_along()
        return None


@router.get(FILE)
async def hand_out(request: Request) -> Response:
    """Send everything that there is of the person who asks, as one ZIP."""

    async def make(visit: Visit) -> Download:
        packed = await database.read(own_data.take_along, visit.actor)
        return Download(name='my-data.zip', content=packed.pieces(), media_type='application/zip')

    return await hand_out_file(request, make, page=PAGE)


def _take_along() -> None:
    heading(_('Take your data along'))
    said = _('Everything that is kept of you, as one ZIP: a page to read, the same for programs, and your files.')
    Text('p', said).classes('body')
    ui.link(_('Download'), FILE).classes('button-primary').props('download')
    hint(_('Your password is not in it. Keep the file to yourself.'))
