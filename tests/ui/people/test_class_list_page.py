"""A class list on the page: asked about, shown, and only brought in when the teacher confirms it."""

import errno
import os
import re

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.people import column_maps, participants
from services.people.list_reading import NEW_PERSON, Fact
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.support.learner import RETRIES
from tests.support.running import ROOT
from tests.support.workbooks import texts, xlsx
from tests.ui.conftest import Enter
from ui.shell.security import noting_a_full_disk

pytestmark = [pytest.mark.req('C7')]


async def upload(teacher: User, content: bytes) -> None:
    (field,) = teacher.find(ui.upload).elements
    await field.handle_uploads([ui.upload.SmallFileUpload('list.csv', 'text/csv', content)])


async def names(course: CourseAtHand) -> list[str]:
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    return [person.name for person in found.learners]


def the(teacher: User, kind: type[ui.select] | type[ui.checkbox], part: str) -> ui.select | ui.checkbox:
    assert teacher.client
    every = [element for element in teacher.client.elements.values() if isinstance(element, kind)]
    (found,) = (each for each in every if part in str(each.props.get('label') or getattr(each, 'text', '')))
    return found


def button(teacher: User, label: str) -> UserInteraction[ui.button]:
    assert teacher.client
    buttons = (element for element in teacher.client.elements.values() if isinstance(element, ui.button))
    found = {each for each in buttons if each.props.get('aria-label') == label}
    assert len(found) == 1
    return UserInteraction(teacher, found, label)


async def test_unknown_columns_are_asked_for_once(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await upload(teacher, b'Wer,Treff\nLena Brandt,Blau\n')
    await teacher.should_see('Say which column has the names.', retries=RETRIES)
    the(teacher, ui.select, 'Wer: Lena Brandt').set_value(Fact.NAME)
    teacher.find('Read the list like this').click()
    await teacher.should_see('Of 1 person: 1 new, with a code of their own.', retries=RETRIES)
    assert await names(course) == []
    teacher.find('Bring them in').click()
    await teacher.should_see('1 person brought in.', retries=RETRIES)

    assert await names(course) == ['Lena Brandt']
    assert await database.read(column_maps.remembered, course.teacher) == {'wer': Fact.NAME}
    await upload(teacher, b'Wer,Treff\nBen Okafor,Blau\n')
    await teacher.should_see('Of 1 person: 1 new, with a code of their own.', retries=RETRIES)


async def test_bad_lines_are_left_out_by_choice_and_repaired_names_are_pointed_out(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await upload(teacher, 'name,email\nMia MÃ¼ller,m@example.org\nBen,nonsense\n'.encode())
    await teacher.should_see('1 line cannot be read:', retries=RETRIES)
    await teacher.should_see('Line 3: “nonsense” is not an e-mail address.')
    await teacher.should_see('These names were garbled in the file and have been repaired:')
    await teacher.should_not_see('Bring them in')
    the(teacher, ui.checkbox, 'Leave these lines out').set_value(True)
    await teacher.should_see('Bring them in', retries=RETRIES)
    teacher.find('Bring them in').click()
    await teacher.should_see('1 person brought in.', retries=RETRIES)
    assert await names(course) == ['Mia Müller']


async def test_who_has_left_is_shown_and_comes_in_only_if_the_teacher_says_so(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')
    content = b'name,Status\nLena Brandt,Active\nOmar Said,Withdrawn\n'

    await upload(teacher, content)
    await teacher.should_see('1 has left, as the list says; nothing is done', retries=RETRIES)
    teacher.find('Bring them in').click()
    await teacher.should_see('1 person brought in.', retries=RETRIES)
    assert await names(course) == ['Lena Brandt']

    await upload(teacher, content)
    await teacher.should_see('1 is here already, 1 has left', retries=RETRIES)
    the(teacher, ui.select, 'Status: Active').set_value(Fact.IGNORED)
    teacher.find('Read the list like this').click()
    await teacher.should_see('1 new, with a code of their own', retries=RETRIES)


async def test_the_teacher_says_who_a_namesake_is(enter: Enter) -> None:
    course = await a_course()
    await a_guest(code=course.code, name='Ali Khan')
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await upload(teacher, b'name,email\nAli Khan,k1@example.org\nAli Khan,k2@example.org\n')
    await teacher.should_see('Say who these people are:', retries=RETRIES)
    await teacher.should_not_see('Bring them in')
    first, second = (the(teacher, ui.select, f'Ali Khan, k{number}@example.org') for number in (1, 2))
    first.set_value(NEW_PERSON)
    assert isinstance(second, ui.select)
    second.set_value(next(id_ for id_ in second.options if id_ != NEW_PERSON))
    teacher.find('That is who they are').click()
    await teacher.should_see('Of 2 people: 1 new, with a code of their own, 1 is here already.', retries=RETRIES)
    teacher.find('Bring them in').click()
    await teacher.should_see('2 people brought in.', retries=RETRIES)
    assert await names(course) == ['Ali Khan', 'Ali Khan']


async def test_names_are_pasted_one_a_line(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    pasted = '1. Lena Brandt\n• Said, Omar\n\nBen Okafor <ben@example.org>\n'
    teacher.find('Or type or paste names, one per line').type(pasted)
    teacher.find('See what would happen').click()
    await teacher.should_see('Of 3 people: 3 new, with a code of their own.', retries=RETRIES)
    assert await names(course) == []
    teacher.find('Bring them in').click()
    await teacher.should_see('3 people brought in.', retries=RETRIES)
    assert await names(course) == ['Ben Okafor', 'Lena Brandt', 'Omar Said']


async def test_a_list_that_does_not_arrive_says_what_can_be_done(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')
    teacher.find(ui.upload).trigger('failed')
    await teacher.should_see('The file did not arrive. Check your connection and try again', retries=RETRIES)

    await upload(teacher, b'name\nLena Brandt\n')
    await teacher.should_see('Of 1 person: 1 new, with a code of their own.', retries=RETRIES)
    await teacher.should_not_see('The file did not arrive')

    (field,) = teacher.find(ui.upload).elements
    with pytest.raises(OSError, match='No space left'), noting_a_full_disk(field.props['url']):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    teacher.find(ui.upload).trigger('failed')
    await teacher.should_see('the disk of the server is full', retries=RETRIES)


def test_every_field_for_files_says_when_one_does_not_arrive() -> None:
    drawn = {file.name: file.read_text() for file in (ROOT / 'ui').rglob('*.py')}
    fields = {name: text for name, text in drawn.items() if re.search(r"ui\.upload\(|'q-uploader'", text)}
    assert len(fields) >= 4
    assert [name for name, text in fields.items() if ".on('failed'" not in text] == []


async def test_a_line_that_looks_like_nobody_is_shown_and_taken_with_one_click(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    footers = ''.join(f'Page {number} of 40,,\n' for number in range(1, 41))
    await upload(teacher, f'name,Class,Status\nLena Brandt,7b,\nTotal Marks,,\n{footers}Omar Said,7b,left\n'.encode())
    await teacher.should_see('42 lines bring nobody in.', retries=RETRIES)
    await teacher.should_see('Line 3: Total Marks')
    await teacher.should_not_see('Line 44: Omar Said')
    teacher.find('Show more of them').click()
    await teacher.should_see('Line 44: Omar Said', retries=RETRIES)
    await teacher.should_not_see('Show more of them')
    assert await names(course) == []

    button(teacher, 'Take line 44: Omar Said').click()
    await teacher.should_see('Of 2 people: 2 new, with a code of their own.', retries=RETRIES)
    button(teacher, 'Take line 3: Total Marks').click()
    await teacher.should_see('Of 3 people: 3 new, with a code of their own.', retries=RETRIES)
    teacher.find('Bring them in').click()
    await teacher.should_see('3 people brought in.', retries=RETRIES)
    assert await names(course) == ['Lena Brandt', 'Omar Said', 'Total Marks']


async def test_a_list_of_nobody_shows_its_lines(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')
    await upload(teacher, b'name,Class\nTotal Marks,\n')
    await teacher.should_see('There is nobody in this file.', retries=RETRIES)
    await teacher.should_not_see('Bring them in')
    button(teacher, 'Take line 2: Total Marks').click()
    await teacher.should_see('Of 1 person: 1 new, with a code of their own.', retries=RETRIES)


async def test_a_workbook_with_several_sheets_says_which_one_is_read(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await upload(teacher, xlsx({'7a': texts(['Name'], ['Lena Brandt']), '7b': texts(['Name'], ['Omar Said'])}))
    await teacher.should_see('Read: the sheet “7a”. Not read: 7b.', retries=RETRIES)
    teacher.find('Bring them in').click()
    await teacher.should_see('1 person brought in.', retries=RETRIES)
    assert await names(course) == ['Lena Brandt']


async def test_a_file_of_bare_names_is_shown_without_a_question_about_columns(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await upload(teacher, b'Lena Brandt\nOmar Said\n')
    await teacher.should_see('Of 2 people: 2 new, with a code of their own.', retries=RETRIES)
    await teacher.should_not_see('What the columns mean')
