"""`/api/courses/{course_id}/completion-records`: who completed what, as a file that an auditor can check."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse

from api.auth import Person
from api.subject import Subject
from api.types import Id
from services.reports import completion_records
from services.reports.completion_lines import Format

router = Subject(prefix='/courses/{course_id}/completion-records', tags=['completion_records'])

_TEXT = {'schema': {'type': 'string'}}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {'description': 'The file.', 'content': {'text/csv': _TEXT, 'application/jsonl': _TEXT}}
}


class Records(StreamingResponse):
    """A file with chained lines, written while it is sent."""

    media_type = 'text/csv'


@router.get('', response_class=Records, responses=_FILES)
async def of_course(
    course_id: Id, actor: Person, form: Annotated[Format, Query(alias='format')] = Format.CSV
) -> Records:
    """The records of completion of a course, and who should have completed what and did not, for those who teach it."""
    content = await completion_records.file_of(actor, course_id, form)
    headers = {'content-disposition': f'attachment; filename="completion-records-{course_id}.{form}"'}
    return Records(content, media_type=form.media_type, headers=headers)
