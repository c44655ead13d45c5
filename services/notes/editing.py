"""Writing, changing and deleting notes and bookmarks, and those at one checkpoint. Only their owner ever reads them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import Checkpoint, Note
from services import access
from services.access import Actor
from services.checkpoint_kinds import Unit
from services.core.errors import Gone, Invalid, NotEnrolled, NotFound, Refused
from services.core.phrases import Phrase, phrase
from services.core.text import storable
from services.core.transaction import Transaction
from services.notes.tokens_of_text import folded

LONGEST_NOTE = 10_000
LONGEST_TAG = 40
MOST_TAGS = 20
MOST_NOTES = 2_000
"""of one learner in one course"""
FURTHEST = 1_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNote:
    """A note, or a bookmark with its remark."""

    note_id: int
    course_id: int
    checkpoint_id: int
    is_bookmark: bool
    text: str
    position: float | None
    tags: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


def write(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    text: str = '',
    is_bookmark: bool = False,
    position: float | None = None,
    tags: Sequence[str] = (),
) -> OwnNote:
    """Write a note at a checkpoint of a course that one learns in; a bookmark may be without words."""
    actor = access.signed_in(tx, actor)
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    course = access.course(tx, actor, checkpoint.course_id if checkpoint else 0)
    if not access.enrolled(tx, actor.user_id, course.id):
        raise NotEnrolled
    if checkpoint is None or checkpoint.deleted_at:
        raise Gone('Your instructor has removed this step. Your notes of it are kept.')
    _check_room(tx, actor.user_id, course.id)
    note = Note(
        user_id=actor.user_id,
        course_id=course.id,
        checkpoint_id=checkpoint_id,
        is_bookmark=is_bookmark,
        position=check_position(position),
        created_at=tx.now,
        updated_at=tx.now,
    )
    _fill(note, text, tags)
    tx.session.add(note)
    tx.session.flush()
    return own_note(note)


def edit(
    tx: Transaction,
    actor: Actor | None,
    note_id: int,
    *,
    text: str,
    tags: Sequence[str],
    seen_at: datetime | None = None,
) -> OwnNote:
    """Change a note; where `seen_at` is given, only if nobody changed it since it looked like that."""
    note = _mine(tx, actor, note_id)
    if seen_at is not None and note.updated_at != seen_at:
        raise Refused('This note was changed on another device meanwhile. Look at it before you change it.')
    _fill(note, text, tags)
    note.updated_at = tx.now
    tx.session.add(note)
    return own_note(note)


def delete(tx: Transaction, actor: Actor | None, note_id: int) -> OwnNote:
    """Delete a note for good; what is returned is all that is left of it, for `restore`."""
    note = _mine(tx, actor, note_id)
    tx.session.delete(note)
    return own_note(note)


def restore(tx: Transaction, actor: Actor | None, *, deleted: OwnNote) -> OwnNote:
    """Bring back a note that was just deleted, into a course that one learns in still."""
    back = write(
        tx,
        actor,
        deleted.checkpoint_id,
        text=deleted.text,
        is_bookmark=deleted.is_bookmark,
        position=deleted.position,
        tags=deleted.tags,
    )
    note = tx.session.get_one(Note, back.note_id)
    note.created_at = min(deleted.created_at, tx.now)
    tx.session.add(note)
    return own_note(note)


def at_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> tuple[OwnNote, ...]:
    """Return the actor's own notes and bookmarks at a checkpoint: by their position, those without one last."""
    actor = access.signed_in(tx, actor)
    mine = col(Note.user_id) == actor.user_id, col(Note.checkpoint_id) == checkpoint_id
    order = col(Note.position).is_(None), col(Note.position), col(Note.id)
    return tuple(own_note(note) for note in tx.session.scalars(select(Note).where(*mine).order_by(*order)))


def spell_position(position: float | None, unit: Unit) -> Phrase | str:
    """Return a position as one would say it: "12:30", "page 3", "40 %"; nothing, if there is none."""
    if position is None:
        return ''
    if unit is Unit.SECONDS:
        minutes, seconds = divmod(int(position), 60)
        hours, minutes = divmod(minutes, 60)
        return f'{hours}:{minutes:02}:{seconds:02}' if hours else f'{minutes}:{seconds:02}'
    if unit is Unit.PAGES:
        return phrase('page {number}', number=int(position) + 1)
    return f'{min(100, round(position * 100))} %'


def name_of(place: Phrase | str, *, is_bookmark: bool) -> Phrase:
    """Return "Note at page 3" or "Bookmark at 12:30"; without the place where there is none."""
    if not place:
        return phrase('Bookmark') if is_bookmark else phrase('Note')
    return phrase('Bookmark at {place}', place=place) if is_bookmark else phrase('Note at {place}', place=place)


def check_position(position: float | None) -> float | None:
    """Return a position as it is kept; raises `Invalid` if it is outside of any content."""
    if position is None:
        return None
    if isinstance(position, bool) or not isinstance(position, int | float) or not math.isfinite(position):
        raise Invalid('This position is outside of the content.', field='position')
    return min(max(0.0, float(position)), FURTHEST)


def check_tags(tags: Sequence[str]) -> list[str]:
    """Return tags as they are kept: each once, in small letters, without the # in front."""
    plain = (' '.join(storable(tag).strip().lstrip('#').split()).lower() for tag in tags)
    kept = list(dict.fromkeys(tag for tag in plain if tag))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
        raise Invalid(
            'Use at most {most} tags of {longest} characters each.', most=MOST_TAGS, longest=LONGEST_TAG, field='tags'
        )
    return kept


def own_note(note: Note) -> OwnNote:
    """Return a row as its owner sees it."""
    return OwnNote(
        note_id=note.id,
        course_id=note.course_id,
        checkpoint_id=note.checkpoint_id,
        is_bookmark=note.is_bookmark,
        text=note.text,
        position=note.position,
        tags=tuple(note.tags),
        created_at=note.created_at,
        updated_at=note.updated_at,
    )


def _fill(note: Note, text: str, tags: Sequence[str]) -> None:
    text = storable(text).strip()
    if not text and not note.is_bookmark:
        raise Invalid('Write something first.', field='text')
    if len(text) > LONGEST_NOTE:
        raise Invalid('This note is too long; use at most {most} characters.', most=LONGEST_NOTE, field='text')
    note.text, note.tags = text, check_tags(tags)
    note.plain = folded([text, *note.tags])


def _check_room(tx: Transaction, user_id: int, course_id: int) -> None:
    mine = col(Note.user_id) == user_id, col(Note.course_id) == course_id
    if tx.execute(select(func.count()).where(*mine)).scalar_one() >= MOST_NOTES:
        raise Refused('You have {most} notes in this course. Delete some before you write more.', most=MOST_NOTES)


def _mine(tx: Transaction, actor: Actor | None, note_id: int) -> Note:
    actor = access.signed_in(tx, actor)
    found = select(Note).where(col(Note.id) == note_id, col(Note.user_id) == actor.user_id).with_for_update()
    note: Note | None = tx.session.scalars(found).one_or_none()
    if note is None:
        raise NotFound('There is no such note, or it is not one of yours.')
    return note
