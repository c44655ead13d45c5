"""`/pictures/{name}`: the pictures that questions show, for those in a course that has them."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.content import question_pictures
from services.core import database, server_log
from services.core.errors import DomainError
from ui.content.files import refused
from ui.shell.request import visit_of
from web import files

router = APIRouter()


@router.api_route('/pictures/{name}', methods=['GET', 'HEAD'])
async def hand_out(request: Request, name: str) -> Response:
    """Return a picture to those who teach or learn in a course that has it."""
    server_log.begin_request()
    visit = None
    try:
        visit = await visit_of(request)
        picture = await database.read(question_pictures.served, visit.actor, name)
        return files.hand_out(request, picture, as_attachment=False)
    except DomainError as refusal:
        return refused(visit, refusal)
