"""The people of a course as a file."""

import csv
import io
from collections.abc import Callable

import pytest

from services.core import database
from services.people import custom_fields
from tests.factories.classes import a_course, mark
from tests.factories.people import a_guest
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('S11', 'C7')]


async def test_the_file_has_states_and_fields_and_only_for_those_who_teach(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    course = await a_course(checkpoints=2)
    lena, otto = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='=Otto')
    await mark(course.checkpoints[0], by=lena)
    fields = [('Seat', '4'), ('=Formula', '+1')]
    await database.write(custom_fields.fill, course.teacher, course.course_id, user_id=lena.user_id, fields=fields)
    address = f'/courses/{course.course_id}/people.csv'

    answer = await a_visitor(token=await token_of(course.teacher)).opens(address)

    rows = list(csv.DictReader(io.StringIO(answer.content.decode('utf-8-sig'), newline='')))
    by_name = {row['Name']: row for row in rows}
    assert (by_name['Lena']['State'], by_name['Lena']['Percent']) == ('in progress', '50')
    assert (by_name['Lena']['Seat'], by_name['Lena']["'=Formula"]) == ('4', "'+1")
    assert (by_name["'=Otto"]['State'], by_name["'=Otto"]['Seat']) == ('not started', '')
    assert (await a_visitor(token=await token_of(otto)).opens(address)).status_code == 404
    assert (await a_visitor().http.get(address)).status_code == 303
