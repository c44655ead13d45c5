"""`/api/checkpoints/{checkpoint_id}/content`, `/api/content`: what there is to watch and to read."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response

from api import files
from api.auth import Person, Visitor
from api.subject import Subject
from api.types import Id
from services.access import Actor
from services.content import documents, lessons, passages, prose, question_pictures
from services.content.lessons import Lesson
from services.content.uploads.serving import served
from services.content.uploads.slots import MEDIA_TYPES, Part
from services.core import database, threads
from services.core.errors import NotSaved
from services.enums import CheckpointKind
from services.quizzes import pictures
from web.files import is_whole

router = Subject(tags=['content'])

Picture = Annotated[str, Path(max_length=80)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageShown:
    """One passage of a text."""

    number: int
    """as `POST /study/progress` wants to be told that it was read"""
    html: str
    start: float
    stop: float
    """as shares of the text"""
    seconds: float
    """how long it takes to read it, at least"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """A video or a PDF."""

    file_id: int
    name: str
    media_type: str
    size: int
    """in bytes"""
    seconds: float | None
    """how long a video is"""
    pages: int | None
    """how many pages a PDF has"""
    address: str
    """where to get it, with the same token; ranges are served"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A checkpoint as a learner sees it. HTML is sanitised."""

    checkpoint_id: int
    course_id: int
    kind: CheckpointKind
    title: str
    description: str
    description_html: str
    minutes: int | None
    due_at: datetime | None
    is_preview: bool
    body: str
    """the text of a document, as Markdown"""
    body_html: str
    passages: tuple[PassageShown, ...]
    """the same text in parts, each of which can be told to be read"""
    file: FileShown | None
    link: str
    """the address of a video elsewhere, which a browser or player opens; empty for none"""
    captions: str | None
    """where to get the captions of a video (WebVTT)"""
    position: float
    """where to go on: seconds of a video, pages of a PDF counted from 0, or a share of a text"""
    percent: int
    """the share that was really seen"""


@router.get('/checkpoints/{checkpoint_id}/content')
async def content(checkpoint_id: Id, actor: Visitor) -> Content:
    """What there is at a checkpoint, and where to go on. A preview is open to anyone."""
    lesson = await database.read(lessons.lesson, actor, checkpoint_id)
    await prose.prepare(lesson.checkpoint.description)
    await passages.prepare(lesson.checkpoint.body)
    # a long text takes a while to read
    return await threads.shared.run(_content, lesson)


@router.get(
    '/content/{checkpoint_id}/{part}',
    response_class=Response,
    responses=files.answers(*(kind for kinds in MEDIA_TYPES.values() for kind in kinds)),
)
async def get_file(request: Request, checkpoint_id: Id, part: Part, actor: Visitor) -> Response:
    """A video, its captions, or the PDF of a checkpoint, whole or the range that is asked for.

    A learner of the course who begins to save the PDF is counted as a download.
    """
    return await _hand_out(request, checkpoint_id, part, actor)


@router.head('/content/{checkpoint_id}/{part}', include_in_schema=False)
async def head_of_file(request: Request, checkpoint_id: Id, part: Part, actor: Visitor) -> Response:
    """Tell what a file is, without sending it."""
    return await _hand_out(request, checkpoint_id, part, actor)


@router.get('/pictures/{picture}', response_class=Response, responses=files.answers(*pictures.MEDIA_TYPES.values()))
async def get_picture(request: Request, picture: Picture, actor: Person) -> Response:
    """A picture that questions show, for those in a course that has it.

    A text of a question refers to it as `/pictures/…`: the same path stands below `/api`.
    """
    return files.hand_out(request, await database.read(question_pictures.served, actor, picture), as_attachment=False)


async def _hand_out(request: Request, checkpoint_id: int, part: Part, actor: Actor | None) -> Response:
    file = await database.read(served, actor, checkpoint_id, part)
    answer = files.hand_out(request, file, as_attachment=part is Part.FILE)
    if part is Part.FILE and answer.status_code == 200 and is_whole(request):
        with suppress(NotSaved):  # it is the file that matters
            await database.write(documents.count_download, actor, checkpoint_id)
    return answer


def _content(lesson: Lesson) -> Content:
    checkpoint = lesson.checkpoint
    address = f'/api/content/{checkpoint.checkpoint_id}'
    is_text = bool(checkpoint.text.strip())
    return Content(
        checkpoint_id=checkpoint.checkpoint_id,
        course_id=lesson.course_id,
        kind=checkpoint.kind,
        title=checkpoint.title,
        description=checkpoint.description,
        description_html=prose.prose_html(checkpoint.description),
        minutes=checkpoint.minutes,
        due_at=checkpoint.due_at,
        is_preview=checkpoint.is_preview,
        body=checkpoint.body if is_text else '',
        body_html=prose.prose_html(checkpoint.body) if is_text else '',
        passages=tuple(_passages(checkpoint.body)) if is_text else (),
        file=_file(lesson, address),
        link=checkpoint.link,
        captions=f'{address}/{Part.CAPTIONS}' if checkpoint.has_captions else None,
        position=lesson.position,
        percent=lesson.percent,
    )


def _file(lesson: Lesson, address: str) -> FileShown | None:
    file = lesson.checkpoint.file
    if file is None:
        return None
    part = Part.VIDEO if file.media_type in MEDIA_TYPES[Part.VIDEO] else Part.FILE
    return FileShown(
        file_id=file.upload_id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        seconds=file.seconds,
        pages=file.pages,
        address=f'{address}/{part}',
    )


def _passages(body: str) -> Iterator[PassageShown]:
    for number, passage in enumerate(passages.passages(body), start=1):
        part = passage.part
        yield PassageShown(number=number, html=passage.html, start=part.start, stop=part.stop, seconds=part.seconds)
