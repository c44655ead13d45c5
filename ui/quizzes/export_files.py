"""`/courses/{course_id}/questions.gift`, `.xml` and `.zip`: the bank of a course as a file for other systems."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.content import question_pictures
from services.core import database
from services.core.errors import NotFound
from services.quizzes import exporting
from services.quizzes.exporting import Format
from ui.shell.downloads import Download, hand_out
from ui.shell.request import Visit

router = APIRouter()
TYPES = {Format.GIFT: 'text/plain; charset=utf-8', Format.MOODLE_XML: 'application/xml', Format.QTI: 'application/zip'}


@router.get('/courses/{course_id:id}/questions.gift')
@router.get('/courses/{course_id:id}/questions.xml')
@router.get('/courses/{course_id:id}/questions.zip')
async def bank_as_a_file(request: Request, course_id: int) -> Response:
    """Return all questions of a course in the format that the address ends with."""
    wanted = Format(request.url.path.rsplit('.', 1)[-1])

    async def make(visit: Visit) -> Download:
        actor = visit.signed_in()
        questions = await database.read(exporting.of_course, actor, course_id)
        if not questions:
            raise NotFound('There are no questions in this course yet.')
        questions, pictures = await question_pictures.for_export(actor, course_id, questions)
        written = await exporting.write(questions, wanted, pictures)
        name = f'questions-{course_id}.{wanted}'
        return Download(name=name, content=written.content, media_type=TYPES[wanted])

    return await hand_out(request, make, page=f'/courses/{course_id}/questions')
