"""Notes and bookmarks: written, changed, found by words on both databases alike, and read by nobody else."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from services.access import Actor
from services.checkpoint_kinds import Unit
from services.core import clock, database
from services.core.errors import DomainError, Gone, Invalid, NotFound, NotSignedIn, Refused
from services.core.languages import PSEUDO
from services.courses import catalog, checkpoints
from services.notes import editing, search
from services.notes.editing import OwnNote
from services.notes.search import Found
from services.notes.tokens_of_text import excerpt, words
from services.people import joining, participants
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest, an_admin

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S9')]


async def a_note(
    course: CourseAtHand, by: Actor, text: str, *, checkpoint: int = 0, tags: tuple[str, ...] = ()
) -> OwnNote:
    return await database.write(editing.write, by, course.checkpoints[checkpoint], text=text, tags=tags)


async def found(by: Actor, typed: str = '', tag: str = '', course_id: int | None = None) -> list[str]:
    result: Found = await database.read(search.search, by, typed=typed, tag=tag, course_id=course_id)
    return [each.note.text for each in result.notes]


@pytest.mark.usefixtures('db')
async def test_notes_are_written_changed_deleted_and_brought_back() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)

    note = await database.write(
        editing.write,
        lena,
        course.checkpoints[0],
        text='  pH is *7*  ',
        position=750.4,
        tags=['#Exam', 'exam', ' acid  base '],
    )
    mark = await database.write(editing.write, lena, course.checkpoints[0], is_bookmark=True, position=12)
    assert (note.text, note.tags) == ('pH is *7*', ('exam', 'acid base'))
    assert await database.read(editing.at_checkpoint, lena, course.checkpoints[0]) == (mark, note)

    changed = await database.write(editing.edit, lena, note.note_id, text='pH is 8', tags=[])
    assert await found(lena, 'eight') == []
    assert await found(lena, '8') == ['pH is 8']
    assert await found(lena, 'exam') == []

    deleted = await database.write(editing.delete, lena, note.note_id)
    assert deleted == changed
    assert await found(lena, '8') == []
    back = await database.write(editing.restore, lena, deleted=deleted)
    assert (back.text, back.position, back.created_at) == ('pH is 8', 750.4, note.created_at)
    assert await found(lena, '8') == ['pH is 8']


@pytest.mark.usefixtures('db')
async def test_nobody_else_reads_or_changes_a_note() -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code), await a_guest(code=course.code, name='Otto')
    note = await a_note(course, lena, 'secret thought')

    for other in otto, course.teacher, await an_admin():
        assert await found(other, 'secret') == []
        assert 'secret' not in await database.read(search.export, other)
        assert await database.read(editing.at_checkpoint, other, course.checkpoints[0]) == ()
        for verb, more in (editing.edit, {'text': 'x', 'tags': []}), (editing.delete, {}):
            with pytest.raises(NotFound):
                await database.write(verb, other, note.note_id, **more)  # type: ignore[arg-type]
    for verb, more in (editing.edit, {'text': 'x', 'tags': []}), (editing.delete, {}):
        with pytest.raises(NotSignedIn):
            await database.write(verb, None, note.note_id, **more)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await database.write(editing.restore, (await a_course(title='Air')).teacher, deleted=note)
    assert await found(lena) == ['secret thought']


@pytest.mark.usefixtures('db')
async def test_a_search_knows_no_case_no_accents_and_beginnings_of_words() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    for text in (
        'Wie heißt Müller?',
        'Le café est fermé',
        'بِسْمِ الله',
        'हिन्दी भाषा',
        '光合作用 is photosynthesis',
        'naïve_snake-case',
    ):
        await a_note(course, lena, text)

    for typed, expected in {
        'muller': 'Wie heißt Müller?',
        'HEISST mul': 'Wie heißt Müller?',
        'CAFÉ ferme': 'Le café est fermé',
        'بسم': 'بِسْمِ الله',
        'हिन्दी': 'हिन्दी भाषा',
        '合作': '光合作用 is photosynthesis',
        'photo': '光合作用 is photosynthesis',
        'snake': 'naïve_snake-case',
        'NAIVE': 'naïve_snake-case',
    }.items():
        assert await found(lena, typed) == [expected], typed
    assert await found(lena, 'muller cafe') == [], 'all words have to be there'
    assert await found(lena, 'synthesis') == [], 'words are found by their beginning'


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize(
    'typed',
    [
        *('"', '*', 'NEAR(', ')', "'", 'a" OR "b', 'user_id : 1', 'plain:', '-a', "a':* | b", '\\', '%', '\x00', '!!'),
        *('a\nb', '(((', '&', '🌱', '{a b}:c', 'AND', 'OR NOT', '^', '..', '1e5', 'ﷺ', '½', 'a' * 5000, '<->'),
    ],
)
async def test_whatever_is_typed_is_only_taken_as_words(typed: str) -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    await a_note(course, lena, 'quite unrelated')
    await a_note(course, lena, f'here: {typed} there' if typed.strip('\x00') else 'nothing')

    assert 'quite unrelated' not in await found(lena, typed)
    if words(typed) and typed != 'a' * 5000:
        assert len(await found(lena, typed)) == 1, 'a note is found by what it says'


@pytest.mark.usefixtures('db')
async def test_choosing_by_tag_and_course() -> None:
    soil, air = await a_course(), await a_course(title='Air')
    lena = await a_guest(code=soil.code)
    await database.write(joining.join, lena, code=air.code)
    await a_note(soil, lena, 'one', tags=('exam', 'héllo'))
    await a_note(air, lena, 'two', tags=('exam', '"quote'))

    assert await found(lena, tag='exam') == ['two', 'one']
    assert await found(lena, tag='#HÉLLO') == ['one']
    assert await found(lena, tag='"quote') == ['two']
    assert await found(lena, tag='exa') == []
    assert await found(lena, 'hello') == ['one'], 'tags are words too'
    assert await found(lena, tag='exam', course_id=air.course_id) == ['two']
    result = await database.read(search.search, lena)
    assert result.courses == ((air.course_id, 'Air'), (soil.course_id, 'Soil'))
    assert result.tags == ('"quote', 'exam', 'héllo')
    assert (await database.read(search.search, lena, limit=1)).has_more


@pytest.mark.usefixtures('db')
async def test_what_cannot_be_kept_is_refused_with_a_sentence() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    hostile: list[dict[str, object]] = [
        {'text': ''},
        {'text': ' \x00 '},
        {'text': 'x' * 10_001},
        {'text': 'x', 'tags': ['t' * 41]},
        {'text': 'x', 'tags': [str(number) for number in range(21)]},
        {'text': 'x', 'position': float('nan')},
        {'text': 'x', 'position': float('inf')},
        {'text': 'x', 'position': '12'},
    ]
    for arguments in hostile:
        with pytest.raises(Invalid):
            await database.write(editing.write, lena, course.checkpoints[0], **arguments)  # type: ignore[arg-type]
    for position, kept in (-5.0, 0.0), (1e300, editing.FURTHEST):
        note = await database.write(editing.write, lena, course.checkpoints[0], text='x', position=position)
        assert note.position == kept
    for absent in (10**30, -1):
        with pytest.raises(NotFound):
            await database.write(editing.delete, lena, absent)


@pytest.mark.usefixtures('db')
async def test_a_change_from_a_stale_screen_does_not_overwrite() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    note = await a_note(course, lena, 'first')
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        newer = await database.write(editing.edit, lena, note.note_id, text='phone', tags=[], seen_at=note.updated_at)
    with pytest.raises(Refused):
        await database.write(editing.edit, lena, note.note_id, text='laptop', tags=[], seen_at=note.updated_at)
    assert await found(lena) == ['phone']
    await database.write(editing.edit, lena, note.note_id, text='laptop', tags=[], seen_at=newer.updated_at)
    assert await found(lena) == ['laptop']


@pytest.mark.usefixtures('db')
async def test_notes_stay_with_their_owner_when_checkpoint_course_or_place_are_gone() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    await a_note(course, lena, 'kept')
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])
    with pytest.raises(Gone):
        await a_note(course, lena, 'late')
    await database.write(participants.remove, course.teacher, course.course_id, user_id=lena.user_id)
    with pytest.raises(DomainError):
        await a_note(course, lena, 'late', checkpoint=1)
    await database.write(catalog.delete, course.teacher, course.course_id)

    result = await database.read(search.search, lena, typed='kept')
    assert [(each.note.text, each.is_open) for each in result.notes] == [('kept', False)]
    assert 'kept' in await database.read(search.export, lena)


@pytest.mark.usefixtures('db')
async def test_the_file_tells_where_each_note_belongs() -> None:
    course = await a_course(title='Soil # <b>')
    lena = await a_guest(code=course.code)
    await a_note(course, lena, 'first **bold**', tags=('big idea',))
    await database.write(editing.write, lena, course.checkpoints[1], is_bookmark=True, position=0.25)

    text = await database.read(search.export, lena, course_id=course.course_id)

    assert text.startswith('# Notes\n\n## Soil \\# \\<b\\>\n\n### Step 1\n\n**Note** · ')
    assert ' · #big-idea\n\nfirst **bold**\n' in text
    assert '### Step 2\n\n**Bookmark at 25 %** · ' in text
    assert 'There are none yet' in await database.read(search.export, lena, course_id=999_999)
    foreign = await database.read(search.export, lena, course_id=course.course_id, language=PSEUDO)
    assert foreign.startswith('# ⟦Notes⟧\n\n## Soil')
    assert '**⟦Bookmark at 25 %⟧** · ' in foreign


def test_positions_are_spelled_as_one_says_them() -> None:
    assert [editing.spell_position(at, Unit.SECONDS) for at in (0, 750.9, 3661)] == ['0:00', '12:30', '1:01:01']
    assert str(editing.spell_position(2.0, Unit.PAGES)) == 'page 3'
    assert editing.spell_position(0.4, Unit.SHARE) == '40 %'
    assert editing.spell_position(None, Unit.SHARE) == ''


@given(text=st.text(max_size=600), typed=st.text(max_size=20))
def test_an_excerpt_is_a_part_of_the_text_and_marks_only_what_was_looked_for(text: str, typed: str) -> None:
    wanted = words(typed)
    pieces = excerpt(text, wanted)
    assert ''.join(piece.text for piece in pieces).removeprefix('… ').removesuffix(' …') in text or '…' in text
    for piece in pieces:
        if piece.is_hit:
            assert any(word.startswith(tuple(wanted)) for word in words(piece.text))


def test_an_excerpt_shows_the_hit_in_its_surroundings() -> None:
    pieces = excerpt('x ' * 100 + 'Müller <b> here' + ' y' * 200, ['mul'])
    assert [piece.text for piece in pieces if piece.is_hit] == ['Müller']
    assert pieces[0].text == '… '
    assert pieces[-1].text.endswith(' …')
