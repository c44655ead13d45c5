"""A person's own notes across all courses: found by words and tags, and taken along as one Markdown file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from itertools import groupby

from sqlalchemy import ColumnElement, Dialect, column, exists, func, select, text
from sqlmodel import col

from models import Checkpoint, Course, Note
from services import access
from services.access import Actor
from services.checkpoint_kinds import unit_of
from services.core import zones
from services.core.languages import translations
from services.core.phrases import Phrase, phrase
from services.core.text import storable
from services.core.transaction import Transaction
from services.notes.editing import OwnNote, name_of, own_note, spell_position
from services.notes.tokens_of_text import Piece, excerpt, words

PAGE = 50
TITLE, EMPTY = phrase('Notes'), phrase('There are none yet.')
MOST_WORDS = 12
"""How many words of a search are looked for; more find nothing that these do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNote:
    """A note with where it belongs, and the part of it in which the words are."""

    note: OwnNote
    course_title: str
    step_title: str
    place: Phrase | str
    """the position as one would say it"""
    is_open: bool
    """whether its checkpoint can still be opened"""
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search has found, newest first, and by what else one could choose."""

    notes: tuple[FoundNote, ...]
    has_more: bool
    courses: tuple[tuple[int, str], ...]
    tags: tuple[str, ...]


def search(
    tx: Transaction,
    actor: Actor | None,
    *,
    typed: str = '',
    course_id: int | None = None,
    tag: str = '',
    limit: int = PAGE,
) -> Found:
    """Return the actor's own notes that have all words (or words that begin like them) in their text or tags.

    Whatever is typed is only ever taken as words; neither case nor accents matter.
    """
    actor = access.participant(tx, actor)
    wanted = _wanted(typed)
    if wanted is None:
        rows: Sequence[FoundNote] = ()
    else:
        chosen = _chosen(tx, actor.user_id, wanted, course_id, tag)
        rows = _read(tx, chosen, wanted, max(1, min(limit, 1000)) + 1)
    notes = tuple(rows[: max(1, min(limit, 1000))])
    courses, tags = _choices(tx, actor.user_id)
    return Found(notes=notes, has_more=len(rows) > len(notes), courses=courses, tags=tags)


def listed(
    tx: Transaction,
    actor: Actor | None,
    *,
    typed: str = '',
    course_id: int | None = None,
    checkpoint_id: int | None = None,
    tag: str = '',
    after: int = 0,
    limit: int = PAGE,
) -> list[FoundNote]:
    """Return what `search` finds, in the order in which it was written, from behind the note with an id."""
    actor = access.participant(tx, actor)
    wanted = _wanted(typed)
    if wanted is None:
        return []
    chosen = [*_chosen(tx, actor.user_id, wanted, course_id, tag), col(Note.id) > after]
    chosen += [col(Note.checkpoint_id) == checkpoint_id] if checkpoint_id is not None else []
    return _read(tx, chosen, wanted, limit, newest_first=False)


def tags(tx: Transaction, actor: Actor | None) -> tuple[str, ...]:
    """Return the tags of the actor's own notes."""
    actor = access.participant(tx, actor)
    return _choices(tx, actor.user_id)[1]


def export(tx: Transaction, actor: Actor | None, *, course_id: int | None = None, language: str = 'en') -> str:
    """Return all notes of the actor, or those of one course, as one Markdown text in the order of the courses.

    Headings and names of notes are in `language`.
    """
    actor = access.participant(tx, actor)
    chosen = [col(Note.user_id) == actor.user_id]
    chosen += [col(Note.course_id) == course_id] if course_id is not None else []
    notes = sorted(_read(tx, chosen, (), None), key=_place_in_file)
    spoken_in = translations(language)
    lines = [f'# {TITLE.spoken(spoken_in)}']
    for (_, course_title), of_course in groupby(notes, key=lambda each: (each.note.course_id, each.course_title)):
        lines.append(f'## {_title(course_title)}')
        for (_, checkpoint_title), of_checkpoint in groupby(
            of_course, key=lambda each: (each.note.checkpoint_id, each.step_title)
        ):
            lines.append(f'### {_title(checkpoint_title)}')
            lines += [_written(each, actor, spoken_in) for each in of_checkpoint]
    return '\n\n'.join(lines if notes else [*lines, EMPTY.spoken(spoken_in)]) + '\n'


def _wanted(typed: str) -> list[str] | None:
    """Return the words to look for; None if something was typed in which there are none."""
    wanted = list(dict.fromkeys(words(typed[:500])))[:MOST_WORDS]
    return None if typed.strip() and not wanted else wanted


def _chosen(
    tx: Transaction, user_id: int, wanted: Sequence[str], course_id: int | None, tag: str
) -> list[ColumnElement[bool]]:
    chosen = [col(Note.user_id) == user_id]
    chosen += [_has_words(tx.connection.dialect, user_id, wanted)] if wanted else []
    chosen += [col(Note.course_id) == course_id] if course_id is not None else []
    chosen += [_has_tag(tx.connection.dialect, tag)] if tag else []
    return chosen


def _read(
    tx: Transaction,
    chosen: Sequence[ColumnElement[bool]],
    wanted: Sequence[str],
    limit: int | None,
    *,
    newest_first: bool = True,
) -> list[FoundNote]:
    query = (
        select(Note, Checkpoint, Course)
        .join(Checkpoint, col(Checkpoint.id) == col(Note.checkpoint_id))
        .join(Course, col(Course.id) == col(Note.course_id))
        .where(*chosen)
        .order_by(*((col(Note.updated_at).desc(), col(Note.id).desc()) if newest_first else (col(Note.id),)))
        .limit(limit)
    )
    return [_found(*row, wanted) for row in tx.execute(query)]


def _found(note: Note, checkpoint: Checkpoint, course: Course, wanted: Sequence[str]) -> FoundNote:
    return FoundNote(
        note=own_note(note),
        course_title=course.title,
        step_title=checkpoint.title,
        place=spell_position(note.position, unit_of(checkpoint.kind, checkpoint.file_id)),
        is_open=checkpoint.deleted_at is None and course.deleted_at is None,
        excerpt=excerpt(note.text, wanted),
    )


def _has_words(dialect: Dialect, user_id: int, wanted: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a note has words that begin so; `wanted` are letters and digits alone."""
    if dialect.name == 'sqlite':
        beginnings = ' AND '.join(f'"{word}" *' for word in wanted)
        match = f'user_id : {user_id} AND plain : ({beginnings})'
        rows = text('SELECT rowid FROM notes_words WHERE notes_words MATCH :match').bindparams(match=match)
        return col(Note.id).in_(rows.columns(column('rowid')))
    match = ' & '.join(f"'{word}':*" for word in wanted)
    document: ColumnElement[str] = func.to_tsvector(text("'simple'"), col(Note.plain))
    return document.bool_op('@@')(func.to_tsquery(text("'simple'"), match))


def _has_tag(dialect: Dialect, tag: str) -> ColumnElement[bool]:
    read = func.json_each if dialect.name == 'sqlite' else func.json_array_elements_text
    tags = read(col(Note.tags)).table_valued('value')
    return exists(select(tags.c.value).where(tags.c.value == storable(tag).strip().lstrip('#').lower()))


def _choices(tx: Transaction, user_id: int) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    mine = col(Note.user_id) == user_id
    courses = select(col(Course.id), col(Course.title)).where(
        col(Course.id).in_(select(col(Note.course_id)).where(mine))
    )
    used = tx.execute(select(col(Note.tags)).where(mine)).scalars()
    titles = tuple((id_, title) for id_, title in tx.execute(courses.order_by(col(Course.title), col(Course.id))))
    return titles, tuple(sorted({tag for tags in used for tag in tags}))


def _place_in_file(each: FoundNote) -> tuple[str, int, int, float, datetime]:
    position = each.note.position if each.note.position is not None else -1.0
    return each.course_title, each.note.course_id, each.note.checkpoint_id, position, each.note.created_at


def _written(each: FoundNote, actor: Actor, spoken_in: NullTranslations) -> str:
    what = name_of(each.place, is_bookmark=each.note.is_bookmark).spoken(spoken_in)
    tags = ' '.join(f'#{tag.replace(" ", "-")}' for tag in each.note.tags)
    written = f'{zones.in_zone(actor.zone, each.note.created_at):%Y-%m-%d %H:%M}'
    head = f'**{what}** · {written}' + (f' · {tags}' if tags else '')
    return f'{head}\n\n{each.note.text}'.rstrip()


def _title(title: str) -> str:
    """Return a title with nothing in it that Markdown would take for more."""
    return re.sub(r'([\\`*_{}\[\]<>#|])', r'\\\1', ' '.join(title.split()))
