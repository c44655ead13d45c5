"""The lists of the school on the page: looked at, confirmed, and looked at again."""

import pytest
from nicegui import ui
from nicegui.testing import User

from services.core import database
from services.courses import school_list
from services.people.oneroster.files import LARGEST
from tests.factories.people import an_admin, an_instructor
from tests.support.learner import RETRIES
from tests.support.oneroster import a_class, an_export, place, user
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R3')]

TABLES = {
    'users': [user('s1', 'Lena Brandt'), user('s2', 'Omar Said'), user('s3', '')],
    'classes': [a_class('c1', 'Physics')],
    'enrollments': [place('e1', 'c1', 's1'), place('e2', 'c1', 's2')],
}


async def upload(admin: User, files: list[tuple[str, bytes]]) -> None:
    (field,) = admin.find(ui.upload).elements
    await field.handle_uploads([ui.upload.SmallFileUpload(name, 'text/csv', content) for name, content in files])


async def test_an_admin_looks_first_and_confirms(enter: Enter) -> None:
    actor = await an_admin()
    admin = await enter(actor)
    await admin.open('/school/lists')
    await upload(admin, [('users.csv', b'sourcedId\n')])
    await admin.should_see('There is no manifest.csv.', retries=RETRIES)

    await upload(admin, an_export(**TABLES))
    await admin.should_see('This would happen', retries=RETRIES)
    await admin.should_see('1 line cannot be used and is left out:')
    await admin.should_see('users.csv, line 4: givenName and familyName are empty.')
    await admin.should_see('2 learners are new and get codes')
    await admin.should_see('1 class becomes a course')
    assert await database.read(school_list.courses, actor) == []
    admin.find('Bring it in').click()
    await admin.should_see('The lists are brought in.', retries=RETRIES)
    assert len(await database.read(school_list.courses, actor)) == 1

    await upload(admin, an_export(**TABLES))
    await admin.should_see('Nothing would change: everything in it is here already.', retries=RETRIES)


async def test_a_large_export_arrives_but_nothing_larger_than_the_page_says(enter: Enter) -> None:
    admin = await enter(await an_admin())
    await admin.open('/school/lists')
    (field,) = admin.find(ui.upload).elements
    many = [[*user(f's{number}', f'Learner {number}')[:-1], 'x' * 2_000] for number in range(300)]
    exported = an_export(users=many)
    assert sum(len(content) for _, content in exported) > 600_000
    forms = [(name, (name, content, 'text/csv')) for name, content in exported]
    answer = await admin.http_client.post(field.props['url'], files=forms)
    assert answer.status_code == 200
    await admin.should_see('300 learners are new', retries=RETRIES)

    larger = [('users.csv', ('users.csv', bytes(LARGEST + 100_000), 'text/csv'))]
    assert (await admin.http_client.post(field.props['url'], files=larger)).status_code == 413


async def test_it_is_for_admins(enter: Enter) -> None:
    teacher = await enter(await an_instructor())
    answer = await teacher.http_client.get('/school/lists')
    assert answer.status_code == 404
