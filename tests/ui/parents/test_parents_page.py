"""A child makes a code for their parents, sees who is linked and who has looked; the school sees and blocks."""

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.accounts import parent_codes
from services.core import database
from services.parents import children, looks
from services.people import joining
from tests.factories.classes import a_class
from tests.factories.people import a_parent, a_student, an_admin
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('A7', 'V3')


async def test_a_child_makes_a_code_and_sees_who_uses_it_and_looks(enter: Enter) -> None:
    kim = await a_student(name='Kim Rivera')
    page = await enter(kim)
    await page.open('/account/parents')
    await page.should_see('No parent is linked.')

    page.find('Make a code').click()
    await page.should_see('good until')
    (code,) = await database.read(parent_codes.open_codes, kim.user_id)
    mum = await a_parent(name='Mum Rivera')
    await database.write(parent_codes.add_child, mum, code=code.code)
    await database.write(looks.note, mum, child_id=kim.user_id)

    await page.should_see('Mum Rivera')
    await page.should_not_see('good until')
    await page.open('/account/parents')
    await page.should_see('1 look')
    await page.should_not_see('Block')

    press(page, 'End the link')
    await page.should_see('They see nothing from now on.')
    press(page, 'End the link')
    await page.should_see('No parent is linked.')
    assert await database.read(children.of_parent, mum) == ()


async def test_the_school_sees_the_parents_of_its_learners_and_blocks_one(enter: Enter) -> None:
    klass = await a_class(learners=[])
    kim, other = await a_student(name='Kim Rivera'), await a_student(name='Otto Other')
    await database.write(joining.join, kim, code=klass.code)
    await a_parent(of=kim, name='Dad Rivera')
    teacher = await enter(klass.teacher)

    await teacher.open(f'/people/{kim.user_id}/parents')
    press(teacher, 'Block')
    await teacher.should_see('Their link and all open codes end.')
    press(teacher, 'Block')
    await teacher.should_see('They cannot be linked.')
    await teacher.should_not_see('Let in again')
    assert (await teacher.http_client.get(f'/people/{other.user_id}/parents')).status_code == 404

    admin = await enter(await an_admin())
    await admin.open(f'/people/{other.user_id}/parents')
    await admin.should_see('No parent is linked.')
    await admin.open(f'/people/{kim.user_id}/parents')
    press(admin, 'Let in again')
    await admin.should_not_see('They cannot be linked.')


def press(user: PatientUser, words: str) -> None:
    """Press the button that was drawn last of those with these words: that of a dialog, if one is open."""
    buttons = [each for each in user.find(kind=ui.button, content=words).elements if each.text == words]
    with user.client:
        UserInteraction(user, {max(buttons, key=lambda each: each.id)}, target=None).click()
