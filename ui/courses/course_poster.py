"""`/courses/{course_id}/poster.pdf`: the way into a course, for the wall."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.core import database
from services.core.typesetting import Paper
from services.courses import poster
from ui.shell.address import public_address
from ui.shell.paper import chosen_paper, hand_out_pdf
from ui.shell.request import Visit

router = APIRouter()


@router.get('/courses/{course_id:id}/poster.pdf')
async def course_poster(request: Request, course_id: int) -> Response:
    """Return the poster of a course."""

    async def make(visit: Visit) -> bytes:
        found = await database.read(poster.of_course, visit.signed_in(), course_id)
        paper = chosen_paper(request, tuple(Paper))
        return await poster.make_pdf(found, address=public_address(request), paper=paper, language=visit.language)

    return await hand_out_pdf(request, make, name=f'poster-{course_id}', page=f'/courses/{course_id}')
