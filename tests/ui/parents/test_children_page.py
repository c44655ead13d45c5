"""A parent opens the page and knows in ten seconds how the week was; it follows the child, and ends with the link."""

import pytest

from services.accounts import parent_codes
from services.analytics import child_definitions, definitions
from services.core import database
from services.core.phrases import ENGLISH
from services.parents import links
from services.people import joining
from tests.factories.classes import a_course, mark
from tests.factories.people import a_parent, a_student
from tests.ui.conftest import Enter
from ui.parents import child_week

pytestmark = pytest.mark.req('D2', 'A7')


async def test_a_parent_sees_the_week_and_what_the_child_does_next(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_week, 'PAUSE', 0.01)
    course = await a_course()
    sam = await a_student(name='Sam Rivera')
    await database.write(joining.join, sam, code=course.code)
    mum = await enter(await a_parent(of=sam))

    await mum.open('/')

    await mum.should_see('Sam Rivera')
    await mum.should_see('No step is done yet this week; 5 are planned.')
    await mum.should_see('no study time this week')
    await mum.should_not_see('on 0 days')
    await mum.should_see('Ask Ines Instructor')
    await mum.should_not_see('Step 1')
    for key in child_definitions.SHOWN:
        await mum.should_see(definitions.of(key).sentence.spoken(ENGLISH))

    await mark(course.checkpoints[0], by=sam)
    await mum.should_see('1 of 5 steps of this week are done.')
    await mum.should_see('Step 1 (Soil)')

    seen = await database.read(lambda tx: links.of_child(tx, sam, child_id=sam.user_id))
    assert [look.count for look in seen.looks] == [1]
    await database.write(links.end, sam, child_id=sam.user_id, parent_id=seen.linked[0].parent_id)
    await mum.should_see('No child is linked to your account.')


async def test_a_parent_of_two_sees_one_at_a_time_and_no_child_of_others(enter: Enter) -> None:
    sam, kim, other = [await a_student(name=name) for name in ('Sam Rivera', 'Kim Rivera', 'Otto Other')]
    parent = await a_parent(of=sam)
    code = await database.write(parent_codes.make, kim, child_id=kim.user_id)
    await database.write(parent_codes.add_child, parent, code=code.code)
    mum = await enter(parent)

    await mum.open('/children')
    await mum.should_see('Kim Rivera is in no course at the moment.')
    await mum.open(f'/children/{sam.user_id}')
    await mum.should_see('Sam Rivera is in no course at the moment.')
    assert (await mum.http_client.get(f'/children/{other.user_id}')).status_code == 404


async def test_the_page_is_for_parents_alone(enter: Enter) -> None:
    sam = await enter(await a_student(name='Sam Rivera'))
    assert (await sam.http_client.get('/children')).status_code == 404

    nobody_yet = await enter(await a_parent())
    await nobody_yet.open('/')
    await nobody_yet.should_see('No child is linked to your account.')


async def test_nothing_leads_a_parent_to_a_page_for_people_in_courses(enter: Enter) -> None:
    sam = await a_student(name='Sam Rivera')
    mum = await enter(await a_parent(of=sam))

    await mum.open('/account')
    await mum.should_see('What you are notified of')
    await mum.should_not_see('Deadlines in your calendar')
    for page in ('/calendar', '/inbox'):
        answer = await mum.http_client.get(page)
        assert (answer.status_code, answer.headers['location']) == (303, '/children'), page
