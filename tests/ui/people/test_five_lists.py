"""A secretary brings in the lists of five programs, without help: choose the file, read what would happen, confirm."""

from collections import Counter

import pytest
from nicegui import ui

from services.core import database
from services.people import participants
from tests.factories.classes import CourseAtHand, a_course
from tests.support.learner import RETRIES
from tests.support.patient import PatientUser
from tests.support.shared_files import shared
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('C7'), pytest.mark.parametrize('url', ['sqlite'], indirect=True)]

LISTS = {
    'moodle_participants.csv': ['Ines Quandt', 'María José de la Fuente y Prado', 'Ines Quandt'],
    'canvas_gradebook.csv': ['Ibai Castellano-Ruiz', 'Haru Nakagawa', 'Maartje van den Heuvel'],
    'google_classroom_grades.csv': ['Zofia Abernathy-Lund', 'Tunde Okonjo', "Séamus O'Rourke, Jr.", 'Łucja Ślęzak'],
    'de_excel_semicolon_cp1252.csv': [
        'Änne Müller-Lüdenscheidt',
        'Jürgen Groß',
        'Sebnem Özdemir-Weiß',
        'Karl Freiherr; von Spatz',
    ],
    'fr_excel_sep_line_cp1252.csv': ['Zoé Lefèvre', 'Maël Dœuff', 'Noël Étienne-Ça'],
}
"""two pupils are called Ines Quandt"""


async def bring_in(secretary: PatientUser, name: str) -> None:
    """Choose a file and press the one button that carries it out; nothing else is asked."""
    (field,) = secretary.find(ui.upload).elements
    content = shared(f'samples/class-lists/{name}')
    await field.handle_uploads([ui.upload.SmallFileUpload(name, 'text/csv', content)])
    people = len(LISTS[name])
    await secretary.should_see(f'Nothing has happened yet. Of {people} people: ', retries=RETRIES)
    secretary.find('Bring them in').click()
    await secretary.should_see(f'{people} people brought in.', retries=RETRIES)


async def everybody(course: CourseAtHand) -> Counter[str]:
    found = await database.read(participants.of_course, course.teacher, course.course_id)
    return Counter(person.name for person in found.learners)


async def test_everybody_is_found_once_and_still_once_when_the_lists_come_again(enter: Enter) -> None:
    course = await a_course()
    secretary = await enter(course.teacher)
    await secretary.open(f'/courses/{course.course_id}/people')
    expected = Counter(name for names in LISTS.values() for name in names)

    for name in LISTS:
        await bring_in(secretary, name)
    assert await everybody(course) == expected
    for name in reversed(LISTS):
        await bring_in(secretary, name)
    assert await everybody(course) == expected

    await secretary.open(f'/courses/{course.course_id}/people')
    for name in set(expected) - {'Ines Quandt'}:
        await secretary.should_see(name, retries=RETRIES)
