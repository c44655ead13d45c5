"""A course with its files as one ZIP: out, in again the same, and what of a course goes along at all."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import SQLModel, col

from models import Checkpoint, CheckpointKind, Course, Module, QuestionPicture, Upload
from models.personal import TABLES
from services.access import Actor
from services.content.course_archive.bringing_in import bring_in
from services.content.course_archive.packing import pack
from services.content.uploads.storage import folder
from services.core import database
from services.core.errors import Forbidden, Invalid
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints, modules
from services.courses.carried import CARRIED, LEFT_OUT
from services.courses.checkpoints import Details
from services.courses.import_file import BrokenFile
from services.progress import counters
from tests.factories.classes import a_course, assert_log_and_projections_agree
from tests.factories.people import a_student, an_instructor
from tests.support.course_archives import (
    PDF,
    TEXT,
    add_assignments,
    add_files,
    add_grading,
    add_quizzes,
    brought_in,
    described,
    names_in,
    packed,
)
from tests.support.files_at_hand import on_disk, unread

pytestmark = [pytest.mark.req('C6'), pytest.mark.usefixtures('db')]

SET_BY_HAND = {
    Course: {
        'description': 'Two *samples*',
        'classmates_help': True,
        'gives_certificates': False,
        'lag_percent': 55,
        'lag_steps': 4,
        'lag_minutes': 9,
        'mastery_percent': 65,
        'subject': 'Biology',
    },
    Module: {'description': 'Bring **boots**.'},
    Checkpoint: {
        'link': 'https://youtu.be/aBcDeFgHiJk',
        'due_at': datetime(2027, 3, 1, 8, tzinfo=UTC),
        'estimated_minutes': 7,
        'tags': ['wet'],
        'description': 'Dig',
        'body': '# Soil',
        'is_preview': True,
    },
}


def set_all(tx: Transaction, course_id: int) -> None:
    for model, values in SET_BY_HAND.items():
        its = col(model.id if model is Course else model.course_id)
        tx.execute(update(model).where(its == course_id).values(**values))
    counters.count_checkpoints(tx, course_id)


@pytest.mark.both_databases
async def test_a_course_comes_back_with_its_films_documents_captions_and_settings() -> None:
    course = await a_course(title='Böden', checkpoints=3)
    await add_files(course)
    await add_quizzes(course)
    await add_assignments(course)
    await add_grading(course)
    await database.write(set_all, course.course_id)
    before = await database.read(described, course.course_id)
    other = await an_instructor()

    archive = await packed(course.teacher, course.course_id)
    course_id = await brought_in(other, archive)

    assert names_in(archive) == ['course.yaml', 'files/001-film.mp4', 'files/001-captions.vtt', 'files/002-file.pdf']
    assert await database.read(described, course_id) == before
    assert await packed(other, course_id) == archive
    text = ZipFile(BytesIO(archive)).read('course.yaml').decode()
    assert course.teacher.name not in text
    assert course.code not in text
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
async def test_a_copy_has_the_same_settings_and_shares_the_files() -> None:
    course = await a_course(title='Soil', checkpoints=3)
    await add_files(course)
    await add_quizzes(course)
    await add_assignments(course)
    await add_grading(course)
    await database.write(set_all, course.course_id)
    before, files = await database.read(described, course.course_id), on_disk()

    copy_id = await database.write(catalog.duplicate, course.teacher, course.course_id)

    after = await database.read(described, copy_id)
    assert after[0].pop('title') == 'Soil (copy)'
    assert before[0].pop('title') == 'Soil'
    assert (after, on_disk()) == (before, files)
    assert {'questions', 'question_versions', 'quizzes', 'quiz_parts', 'assignments', 'graded_items'} <= {
        row['table'] for row in after
    }


def test_every_column_of_a_course_goes_along_or_is_left_out_on_purpose() -> None:
    for model in _tables_of_courses():
        carried, left_out = set(CARRIED.get(model, ())), set(LEFT_OUT.get(model, ()))
        assert carried | left_out == set(model.model_fields), f'{model.__name__}: write each column into carried.py'
        assert not carried & left_out


async def test_what_goes_along_is_not_what_every_new_course_has() -> None:
    """Otherwise the journey would prove nothing."""
    course = await a_course(checkpoints=3)
    await add_files(course)
    await add_quizzes(course)
    await add_assignments(course)
    await add_grading(course)
    await database.write(set_all, course.course_id)

    rows = await database.read(described, course.course_id)

    for model, columns in CARRIED.items():
        mine = [row for row in rows if row['table'] == model.__tablename__]
        # Files are compared by themselves; pictures of questions have a journey of their own.
        assert mine or model in {Upload, QuestionPicture}, model
        for column in columns:
            default = model.model_fields[column].default
            assert not mine or any(row[column] != default for row in mine), column


async def test_a_file_that_is_gone_from_the_disk_is_missing_and_said() -> None:
    course = await a_course(checkpoints=3)
    await add_files(course)
    (one,) = [name for name in on_disk() if (folder() / name).read_bytes() == PDF]
    (folder() / one).unlink()

    found = await database.read(pack, course.teacher, course.course_id)
    course_id = await brought_in(course.teacher, b''.join(found.pieces()))

    assert found.missing == 1
    assert '1 of its files are missing' in found.course.text
    assert [row['file_id'] is not None for row in (await database.read(described, course_id))[2:]] == [
        True,
        False,
        False,
    ]


async def test_the_plain_text_is_still_read_and_says_which_files_are_not_in_it() -> None:
    teacher = await an_instructor()
    old = TEXT.replace('    file: files/soil.pdf\n', '')

    course_id = await brought_in(teacher, old.encode())
    with pytest.raises(BrokenFile, match=r'Line 9: “files/soil\.pdf” is missing'):
        await brought_in(teacher, TEXT.encode())

    assert (await database.read(catalog.facts, teacher, course_id)).title == 'Soil'
    assert on_disk() == []


async def test_a_folder_that_was_packed_again_is_a_course_too() -> None:
    teacher, content = await an_instructor(), BytesIO()
    with ZipFile(content, 'w') as archive:
        archive.writestr('Soil/', '')
        archive.writestr('Soil/course.yaml', TEXT.replace('soil.pdf', 'Böden.pdf'))
        archive.writestr('Soil/files/Bo\u0308den.pdf', PDF)
        archive.writestr('__MACOSX/Soil/._course.yaml', b'\0')

    course_id = await brought_in(teacher, content.getvalue())

    assert (await database.read(described, course_id))[2]['file_id']['pages'] == 2  # type: ignore[index]


async def test_only_instructors_bring_courses_in_and_nothing_is_read_before() -> None:
    with pytest.raises(Forbidden, match='Only instructors'):
        await bring_in(await a_student(), unread())
    assert on_disk() == []


words = st.text(st.characters(codec='utf-8', exclude_categories=('C', 'Z')), min_size=1, max_size=30)
chosen = st.fixed_dictionaries(
    {
        'title': words,
        'description': st.text(max_size=80),
        'subject': words,
        'helps': st.booleans(),
        'attention': st.tuples(st.integers(1, 100), st.integers(1, 50), st.integers(1, 120)),
        'steps': st.lists(st.tuples(words, st.text(max_size=80), st.none() | st.integers(1, 1440)), max_size=3),
    }
)


@pytest.mark.parametrize('url', ['sqlite'], indirect=True)
@given(chosen=chosen)
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_out_and_in_and_out_is_the_same_file(chosen: dict[str, Any]) -> None:
    teacher = await an_instructor()
    try:
        course_id = await database.write(make_by_hand, teacher, chosen)
    except Invalid:
        reject()

    archive = await packed(teacher, course_id)
    again = await brought_in(teacher, archive)

    assert await packed(teacher, again) == archive
    assert await database.read(described, again) == await database.read(described, course_id)


def make_by_hand(tx: Transaction, teacher: Actor, chosen: dict[str, Any]) -> int:
    facts = {name: chosen[name] for name in ('title', 'description', 'subject')}
    course_id = catalog.create(tx, teacher, **facts)
    percent, steps, minutes = chosen['attention']
    catalog.set_attention(tx, teacher, course_id, percent=percent, steps=steps, minutes=minutes)
    catalog.let_classmates_help(tx, teacher, course_id, allowed=chosen['helps'])
    module_id = modules.add(tx, teacher, course_id, title=chosen['title'], description=chosen['description'])
    for title, text, minutes in chosen['steps']:
        details = Details(
            title=title, kind=CheckpointKind.DOCUMENT, description=text, body=text, estimated_minutes=minutes
        )
        checkpoints.add_one(tx, teacher, course_id, details=details, module_id=module_id)
    return course_id


def _tables_of_courses() -> list[type[SQLModel]]:
    """Everything that refers to a part of a course, or to a part of a part, and is not about one person; the files."""
    tables = {mapper.local_table.name: mapper for mapper in SQLModel._sa_registry.mappers}
    refers = {name: {key.column.table.name for key in each.local_table.foreign_keys} for name, each in tables.items()}
    parts = more = {'courses', 'uploads'}
    while more:
        more = {name for name in tables.keys() - parts if refers[name] & parts and not TABLES[name].whose}
        parts = parts | more
    return [tables[name].class_ for name in parts]
