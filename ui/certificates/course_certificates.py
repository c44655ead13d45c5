"""`/courses/{course_id}/certificates.pdf`: all certificates of a course in one file, for those who teach it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.certificates import together
from services.core import database
from ui.kit.group_filter import asked_group
from ui.shell.paper import hand_out_pdf
from ui.shell.request import Visit

router = APIRouter()


@router.get('/courses/{course_id:id}/certificates.pdf')
async def course_certificates(request: Request, course_id: int) -> Response:
    """Return the certificates of everybody who has completed a course, or of those in one group."""

    async def make(visit: Visit) -> bytes:
        group = asked_group(request)
        found = await database.read(together.of_course, visit.signed_in(), course_id, group=group)
        return await together.make_pdf(found)

    return await hand_out_pdf(request, make, name=f'certificates-{course_id}', page=f'/courses/{course_id}/people')
