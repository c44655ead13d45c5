"""`/api/courses/{course_id}/file`: a course as one file, to keep, to hand on, and to bring in elsewhere."""

import asyncio
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.types import Body, Id
from services.core import database
from services.courses import export_file, import_file, views
from services.courses.views import CourseShown

router = APIRouter(prefix='/courses', tags=['course_files'])


_PARTS: dict[str, Any] = {
    'type': 'object',
    'properties': {
        'waymark': {'type': 'integer', 'description': 'the version of the format'},
        'course': {'type': 'object'},
        'modules': {'type': 'array', 'items': {'type': 'object'}},
    },
    'required': ['waymark', 'course', 'modules'],
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {'description': 'The file.', 'content': {'application/yaml': {'schema': _PARTS}}}
}


class YamlFile(Response):
    """A course file."""

    media_type = 'application/yaml'


class CourseFile(Body):
    """A course file, as it was exported."""

    file: str = Field(
        max_length=import_file.LONGEST_FILE,
        examples=['waymark: 1\ncourse:\n  title: Soil\nmodules:\n- title: Outside\n  steps:\n  - title: Wet it\n'],
    )


@router.get('/{course_id}/file', response_class=YamlFile, responses=_FILE)
async def export(course_id: Id, actor: Person) -> YamlFile:
    """A course as one YAML file: everything but videos, PDFs, people and what they did."""
    name, text = await database.read(export_file.export_course, actor, course_id)
    return YamlFile(text, headers={'content-disposition': f"attachment; filename*=UTF-8''{quote(name)}"})


@router.post('/import', status_code=201)
async def bring_in(sent: CourseFile, actor: Person, once: Once) -> CourseShown:
    """Make a course of a course file. Larger ones than a request can hold are brought in on the page."""
    await database.read(export_file.may_import, actor)  # a large one takes a while to read
    draft = await asyncio.to_thread(import_file.read, sent.file.encode())
    course_id = await once.write(int, export_file.import_course, actor, draft)
    return await database.read(views.shown, actor, course_id)
