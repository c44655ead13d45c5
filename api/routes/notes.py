"""`/api/notes`: notes and bookmarks, which nobody but their owner ever reads."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from api.auth import Person
from api.idempotency import Once
from api.paging import Page, Paging
from api.subject import Subject
from api.types import LARGEST_ID, Body, Id
from services.core import database
from services.notes import editing, search
from services.notes.editing import FURTHEST, LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, OwnNote
from services.notes.tokens_of_text import Piece

router = Subject(tags=['notes'])

Tags = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_TAG * 2)]], Field(max_length=MOST_TAGS, examples=[['exam']])
]
CourseId = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description='only those of one course')]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNote:
    """A note with where it belongs, and the part of it in which the words are."""

    note: OwnNote
    course_title: str
    step_title: str
    place: str
    """the position as one would say it"""
    is_open: bool
    """whether its checkpoint can still be opened"""
    excerpt: tuple[Piece, ...]


class NewNote(Body):
    """A note, or a bookmark with or without a remark."""

    text: str = Field(default='', max_length=LONGEST_NOTE, examples=['Wet the sample **before** it is weighed.'])
    is_bookmark: bool = False
    position: float | None = Field(
        default=None,
        ge=0,
        le=FURTHEST,
        description='where in the content: seconds of a video, pages of a PDF counted from 0, or a share of a text',
    )
    tags: Tags = Field(default=[])


class Changed(Body):
    """What a note is to say."""

    text: str = Field(max_length=LONGEST_NOTE, examples=['Wet the sample **twice**.'])
    tags: Tags
    seen_at: AwareDatetime | None = Field(
        default=None, description='its `updated_at` as you know it: refused if it was changed elsewhere meanwhile'
    )


@router.get('/notes')
async def notes(
    actor: Person,
    place: Paging,
    words: Annotated[str, Query(max_length=500, description='words, or how they begin')] = '',
    course_id: CourseId = None,
    checkpoint_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description='only those at one checkpoint')] = None,
    tag: Annotated[str, Query(max_length=100)] = '',
) -> Page[FoundNote]:
    """Your own notes and bookmarks in all courses, or those that have all words and the tag, the oldest first."""
    found = await database.read(
        search.listed,
        actor,
        typed=words,
        course_id=course_id,
        checkpoint_id=checkpoint_id,
        tag=tag,
        after=place.after,
        limit=place.limit + 1,
    )
    items = [_found(each) for each in found[: place.limit]]
    return Page[FoundNote](items=items, next=str(items[-1].note.note_id) if len(found) > len(items) else None)


@router.get('/notes/tags')
async def tags(actor: Person) -> tuple[str, ...]:
    """The tags of your own notes."""
    return await database.read(search.tags, actor)


@router.get(
    '/notes/export',
    response_class=Response,
    responses={200: {'content': {'text/markdown': {'schema': {'type': 'string'}}}, 'description': 'Markdown.'}},
)
async def export(actor: Person, course_id: CourseId = None) -> Response:
    """All your own notes, or those of one course, as one Markdown text."""
    text = await database.read(search.export, actor, course_id=course_id)
    as_file = {'content-disposition': 'attachment; filename="notes.md"'}
    return Response(text, media_type='text/markdown', headers=as_file)


@router.post('/checkpoints/{checkpoint_id}/notes', status_code=201)
async def write(checkpoint_id: Id, note: NewNote, actor: Person, once: Once) -> OwnNote:
    """Write a note, or set a bookmark, at a checkpoint of a course in which one learns."""
    return await once.write(OwnNote, editing.write, actor, checkpoint_id, **note.model_dump())


@router.put('/notes/{note_id}')
async def edit(note_id: Id, note: Changed, actor: Person) -> OwnNote:
    """Change the text and the tags of a note."""
    text, tags, seen_at = note.text, note.tags, note.seen_at
    return await database.write(editing.edit, actor, note_id, text=text, tags=tags, seen_at=seen_at)


@router.delete('/notes/{note_id}', status_code=204)
async def delete(note_id: Id, actor: Person) -> None:
    """Delete a note for good."""
    await database.write(editing.delete, actor, note_id)


def _found(each: search.FoundNote) -> FoundNote:
    return FoundNote(
        note=each.note,
        course_title=each.course_title,
        step_title=each.step_title,
        place=str(each.place),
        is_open=each.is_open,
        excerpt=each.excerpt,
    )
