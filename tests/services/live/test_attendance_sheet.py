"""The roll of one class for paper: with the school, the teacher and the day, and a line for the signature."""

from datetime import UTC, datetime, timedelta

import pytest

from services.core import database, school
from services.core.errors import NotFound
from services.core.school import School
from services.core.typesetting import Paper
from services.live import sessions
from services.live.attendance import sheet
from services.live.attendance.report import Absentee, ClassRoll, HeldClass, Presentee
from services.live.attendance.sheet import Sheet
from services.people import groups
from tests.factories.classes import a_class, join_class
from tests.factories.people import an_instructor
from tests.support.printed import pages_of, sizes_of, stays_on_the_page

pytestmark = [pytest.mark.req('L12')]

AT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
NAMES = ['W' * 80, '王小明', 'محمد عبد الله', 'Ada 🦊', '#panic("x") $x$ *b* <l>', 'Lena \u0378']


def a_sheet(*names: str, absent: int = 0) -> Sheet:
    came = tuple(
        Presentee(
            user_id=number,
            name=name,
            came_at=AT,
            left_at=AT + timedelta(minutes=44),
            is_here=False,
            minutes=44,
        )
        for number, name in enumerate(names)
    )
    away = tuple(Absentee(user_id=1000 + number, name=f'Absent {number}') for number in range(absent))
    held = HeldClass(session_id=1, started_at=AT, ended_at=AT + timedelta(minutes=45), came=len(came))
    roll = ClassRoll(title='Soil', groups=(), held=held, present=came, absent=away)
    return Sheet(roll=roll, teacher='Ines Instructor', group='')


@pytest.mark.usefixtures('data_dir')
async def test_it_says_who_was_there_when_at_the_school_and_leaves_room_to_sign() -> None:
    school.remember(School(name='Green Hill School', time_zone='Europe/Berlin'))

    (text,) = pages_of(await sheet.make_pdf(a_sheet('Lena', 'Otto', absent=1)))

    for words in (
        *('Green Hill School', 'Attendance', 'Soil', 'Ines Instructor', 'Wednesday, 25 November 2026'),
        *('00:30 – 01:15', '2 of 3', '2 Lena 00:30 01:14 44', '1 Absent 0 absent'),
        *('Signature of the teacher', 'Place and date', 'Page 1 of 1'),
    ):
        assert words in text, text


@pytest.mark.usefixtures('data_dir')
async def test_thirty_fit_on_one_page_and_five_hundred_on_several_with_one_signature() -> None:
    thirty = pages_of(await sheet.make_pdf(a_sheet(*(f'Student {number}' for number in range(30)))))
    many = pages_of(await sheet.make_pdf(a_sheet(*(f'Student {number}' for number in range(500)))))

    assert len(thirty) == 1
    assert 10 < len(many) < 16
    assert all('Name Came Left Minutes' in text for text in many)
    assert [text.count('Signature of the teacher') for text in many] == [0] * (len(many) - 1) + [1]
    assert f'Page {len(many)} of {len(many)}' in many[-1]


@pytest.mark.usefixtures('data_dir')
async def test_any_name_stays_in_its_row() -> None:
    pdf = await sheet.make_pdf(a_sheet(*NAMES), paper=Paper.LETTER)

    (text,) = pages_of(pdf)

    assert '#panic("x") $x$ *b* <l> 23:30' in text
    assert stays_on_the_page(pdf, margin=20)
    assert sizes_of(pdf) == {(216, 279)}


@pytest.mark.usefixtures('db')
async def test_those_who_teach_print_the_roll_of_everybody_or_of_one_group() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    await database.write(groups.put, klass.teacher, klass.course_id, user_id=otto.user_id, name='Blue')
    await join_class(klass)
    await database.write(sessions.end, klass.teacher, klass.course_id)

    everybody = await database.read(sheet.of_class, klass.teacher, klass.course_id, klass.session_id)
    blue = await database.read(sheet.of_class, klass.teacher, klass.course_id, klass.session_id, group='Blue')

    assert everybody.teacher == klass.teacher.name
    assert ([each.name for each in everybody.roll.present], len(everybody.roll.absent)) == (['Lena'], 1)
    assert [each.name for each in (*blue.roll.present, *blue.roll.absent)] == ['Otto']
    for who in lena, await an_instructor(email='third@example.org'):
        with pytest.raises(NotFound):
            await database.read(sheet.of_class, who, klass.course_id, klass.session_id)
