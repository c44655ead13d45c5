"""Pictures that come along with questions: kept once, shown to those in the course, and handed on with it."""

from dataclasses import replace
from hashlib import sha256

import pytest

from services.access import Actor
from services.content import question_pictures
from services.core import database
from services.core.errors import DomainError, NotFound
from services.courses import catalog
from services.quizzes import bank, exporting, importing, pictures
from services.quizzes.exporting import Format
from services.quizzes.importing import Found
from services.quizzes.question import Question
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import a_guest, an_instructor
from tests.factories.quizzes import FINEST
from tests.support.course_archives import brought_in, names_in, packed
from tests.support.files_at_hand import on_disk

pytestmark = [pytest.mark.req('Q9'), pytest.mark.usefixtures('db')]

CLAY, SAND = (b'\x89PNG\r\n\x1a\n' + each for each in (b'clay', b'sand'))
NAME = f'{sha256(CLAY).hexdigest()}.png'
SHOWS = replace(FINEST, text='What is this? ![a lump](picture:clay.png)', feedback='![grains](picture:sand.png)')


async def a_file(*questions: Question) -> Found:
    """Moodle XML with two pictures in it, as it is read."""
    written = await exporting.write(questions, Format.MOODLE_XML, {'clay.png': CLAY, 'sand.png': SAND})
    return await importing.read('questions.xml', written.content)


async def taken_in(klass: ClassAtHand, found: Found) -> list[int]:
    return await question_pictures.bring_in(klass.teacher, klass.course_id, found.questions, found.pictures)


async def picture(actor: Actor | None, name: str = NAME) -> bytes:
    return (await database.read(question_pictures.served, actor, name)).path.read_bytes()


async def test_pictures_come_along_once_and_are_for_those_in_the_course() -> None:
    klass, other = await a_class(), await a_class(by=await an_instructor(email='o@example.org'), learners=['Otto'])
    found = await a_file(SHOWS, replace(SHOWS, text='Again: ![a lump](picture:clay.png)'))
    assert (len(found.pictures), found.left_out) == (2, ())
    question_id, _ = await taken_in(klass, found)
    kept = (await database.read(bank.one, klass.teacher, question_id)).content
    assert kept.text == f'What is this? ![a lump](/pictures/{NAME})'
    assert await picture(klass.learner) == await picture(klass.teacher) == CLAY
    for nobody in (other.learner, other.teacher, None):
        with pytest.raises(DomainError):
            await picture(nobody)
    with pytest.raises(NotFound):
        await question_pictures.bring_in(klass.learner, klass.course_id, found.questions, found.pictures)
    with pytest.raises(NotFound):
        await question_pictures.for_export(other.teacher, klass.course_id, found.questions)
    with pytest.raises(NotFound):
        await picture(klass.learner, f'{"0" * 64}.png')

    files = on_disk()
    assert await taken_in(klass, found) == [], 'they are in the bank, word for word'
    await taken_in(other, found)
    assert (await picture(other.learner), on_disk()) == (CLAY, files), 'the file is shared'


async def test_pictures_go_along_with_copies_and_files_of_a_course_and_of_its_bank() -> None:
    klass = await a_class()
    await taken_in(klass, await a_file(SHOWS))
    copy_id = await database.write(catalog.duplicate, klass.teacher, klass.course_id)
    code = (await database.read(catalog.facts, klass.teacher, copy_id)).code
    archive = await packed(klass.teacher, klass.course_id)
    stranger = await an_instructor(email='o@example.org')
    await brought_in(stranger, archive)

    assert f'pictures/{NAME}' in names_in(archive)
    assert await picture(await a_guest(code=code, name='Nina')) == await picture(stranger) == CLAY
    questions = await database.read(exporting.of_course, klass.teacher, klass.course_id)
    named, shown = await question_pictures.for_export(klass.teacher, klass.course_id, questions)
    written = await exporting.write(named, Format.QTI, shown)
    assert set((await importing.read('a.zip', written.content)).pictures.values()) == {CLAY, SAND}


async def test_what_is_no_picture_or_too_much_is_listed_and_words_stand_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, 'MOST', 1)
    found = await a_file(SHOWS)
    assert [str(each) for each in found.left_out] == ['The pictures of 1 question.']
    (question,) = found.questions
    assert (question.text, question.feedback) == (f'What is this? ![a lump](/pictures/{NAME})', 'grains')
    klass = await a_class()
    foreign = replace(FINEST, text=f'![taken](/pictures/{NAME})')
    await question_pictures.bring_in(klass.teacher, klass.course_id, [foreign], {})
    with pytest.raises(NotFound):
        await picture(klass.learner)
    assert on_disk() == []
