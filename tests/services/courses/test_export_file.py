"""A course as one file: out, in, and what is said about a broken one."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import CheckpointKind, Course
from services.access import Actor
from services.core import database
from services.core.errors import NotFound
from services.courses import catalog, checkpoints, export_file, modules, outline
from services.courses.checkpoints import Details
from services.courses.import_file import BrokenFile, read
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree
from tests.factories.people import a_student, an_instructor

pytestmark = [pytest.mark.req('C6'), pytest.mark.usefixtures('db')]

FILE = """\
waymark: 1
course:
  title: Soil
modules:
  - title: Outside
    steps:
      - title: Collect a sample
        minutes: 5
"""


async def exported(course: CourseAtHand, by: Actor | None = None) -> str:
    return (await database.read(export_file.export_course, by or course.teacher, course.course_id)).text


@pytest.mark.both_databases
async def test_everything_in_a_course_survives_the_journey() -> None:
    course = await a_course(title='Böden: “yes”', checkpoints=3)
    details = Details(
        title='12',
        kind=CheckpointKind.DOCUMENT,
        description='# Look\n\n- one\n- two: three',
        body='# Soil\n\n  indented: yes\n\n---\n# no comment',
        estimated_minutes=7,
        due_at=datetime(2027, 3, 1, 8, tzinfo=UTC),
        tags=('no', 'wet soil'),
        is_preview=True,
    )
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[1], details)
    await database.write(modules.add, course.teacher, course.course_id, title='null')
    text = await exported(course)
    other = await an_instructor()

    course_id = await database.write(export_file.import_course, other, read(text.encode()))

    sections = await database.read(outline.sections, other, course_id)
    assert [section.title for section in sections] == ['Module 1', 'null']
    assert [checkpoint.details.title for checkpoint in sections[0].checkpoints] == ['Step 1', '12', 'Step 3']
    assert sections[0].checkpoints[1].details == details
    assert (await database.read(catalog.facts, other, course_id)).title == 'Böden: “yes”'
    again = await database.read(export_file.export_course, other, course_id)
    assert again.text == text
    await assert_log_and_projections_agree()


async def test_deleted_checkpoints_and_people_stay_behind() -> None:
    course = await a_course(checkpoints=2)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])

    text = await exported(course)

    assert 'Step 1' not in text
    assert course.teacher.name not in text
    assert course.code not in text


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('', 'Line 1: the file is empty.'),
        ('just words', 'Line 1: the file must have parts like “waymark: …”.'),
        (FILE.replace('minutes: 5', 'minutes: soon'), 'Line 8: the minutes must be a whole number, not “soon”.'),
        (FILE.replace('minutes: 5', 'minutes: 99999'), 'Line 8: The minutes must be between 1 and 1440.'),
        (
            FILE.replace('        minutes', '        minuets'),
            'Line 8: “minuets” is not known here. Did you mean “minutes”?',
        ),
        (FILE.replace('title: Soil', 'title: ""'), 'Line 3: '),
        (FILE.replace('waymark: 1', 'waymark: 9'), 'Line 1: this Waymark reads files that say “waymark: 1”.'),
        (FILE.replace('title: Outside', 'name: Outside'), 'Line 5: the module has no “title”.'),
        (FILE.replace('course:', 'course: ['), 'Line 4: this cannot be read'),
        (FILE + '      - title: [a, b]\n', 'Line 9: a text is needed here, not a list.'),
        (
            FILE + '      - title: x\n        kind: vidoe\n',
            'Line 10: “vidoe” is no kind of step. Did you mean “video”?',
        ),
        (FILE + '      - title: x\n        due: tomorrow\n', 'Line 10: a moment is written like'),
        (FILE + '      - title: x\n        due: 0001-01-01T00:00:00+14:00\n', 'Line 10: a moment is written like'),
        (FILE + '      - title: x\n        due: 1066-10-14\n', 'Line 10: A step is due in a year from 2000 to 2199.'),
        (FILE + '      - title: x\n        preview: perhaps\n', 'Line 10: say yes or no.'),
        (FILE + '      - title: x\n        title: y\n', 'Line 10: “title” is there twice.'),
        (FILE.replace('title: Soil', 'title: &t Soil').replace('title: Outside', 'title: *t'), 'Line 5: references'),
        (FILE.replace('Soil', 'So\x00il'), 'Line 3: there is a character that no text has.'),
        ('[' * 5000 + ']' * 5000, 'Line 1: there are too many brackets'),
    ],
)
async def test_a_broken_file_says_what_is_wrong_in_which_line_and_changes_nothing(text: str, said: str) -> None:
    teacher = await an_instructor()

    with pytest.raises(BrokenFile) as refused:
        await database.write(export_file.import_course, teacher, read(text.encode()))

    assert any(str(problem).startswith(said) for problem in refused.value.problems), refused.value.problems
    assert await database.read(lambda tx: tx.execute(select(func.count()).select_from(Course)).scalar()) == 0


async def test_all_that_is_wrong_is_said_at_once() -> None:
    text = FILE.replace('minutes: 5', 'minutes: soon').replace('title: Outside', 'titel: Outside')

    with pytest.raises(BrokenFile) as refused:
        read(text.encode())

    assert [str(problem).split(':')[0] for problem in refused.value.problems] == ['Line 5', 'Line 5', 'Line 8']


async def test_halves_of_characters_are_left_out() -> None:
    teacher = await an_instructor()
    text = FILE.replace('title: Soil', r'title: "So\uD800il"') + '        tags: ["so\\uD800il", "a\\0b"]\n'

    course_id = await database.write(export_file.import_course, teacher, read(text.encode()))

    assert (await database.read(catalog.facts, teacher, course_id)).title == 'Soil'
    (section,) = await database.read(outline.sections, teacher, course_id)
    assert section.checkpoints[-1].details.tags == ('soil', 'ab')


async def test_what_is_no_text_or_too_large_is_refused() -> None:
    with pytest.raises(BrokenFile, match='this is not text'):
        read(b'waymark: 1\n\xff\xfe\x00')
    with pytest.raises(BrokenFile, match='larger than 5 MB'):
        read(b'#' * 5_000_001)
    with pytest.raises(BrokenFile, match='Line 1: there is more here than the largest course has'):
        read(b'[' + b'a,' * 300_000 + b']')


async def test_only_those_who_teach_export_and_only_instructors_import() -> None:
    course = await a_course()
    stranger = await an_instructor()

    with pytest.raises(NotFound):
        await exported(course, by=stranger)
    with pytest.raises(Exception, match='Only instructors'):
        await database.write(export_file.import_course, await a_student(), read(FILE.encode()))


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode) | st.sampled_from(FILE.split()).map(str.encode))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_file_holds_it_is_read_or_refused_with_a_line(content: bytes) -> None:
    with suppress(BrokenFile):
        assert read(content).title
        return
    with pytest.raises(BrokenFile, match=r'^Line \d+: '):
        read(content)
