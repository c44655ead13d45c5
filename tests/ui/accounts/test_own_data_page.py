"""`/account/data`: a learner reads who looked at their data, takes the data along, and asks to be erased."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from services import access
from services.core import clock, database
from services.lms import statements
from services.people import participants
from services.privacy import erasure_requests, holds
from services.reports import overview
from services.upkeep import archiving
from tests.factories.classes import a_class, tap
from tests.factories.people import an_admin
from tests.support.fields import press
from tests.ui.conftest import Enter
from ui.accounts.own_looks import PAGES

pytestmark = pytest.mark.req('V1', 'V3')

RETRIES = 20
SERVICES = Path(access.__file__).parent
NOTED = re.compile(r"note_look\([^)]*?'([a-z ]+)'")
NOBODY = {'school', 'school analytics'}
"""pages about the whole school, where nobody's data are"""


async def test_a_learner_sees_who_looked_and_asks_to_be_erased(enter: Enter) -> None:
    klass = await a_class(learners=('Sam Rivera', 'Tom Tall'))
    sam, admin = klass.learner, await an_admin(name='Ada Admin')
    await database.read(participants.of_course, klass.teacher, klass.course_id)
    await database.read(overview.of_learner, admin, sam.user_id)
    user = await enter(sam)

    await user.open('/account/data')

    for said in 'Ada Admin', 'how far you are', 'of you alone', 'Ines Instructor', 'of all 2 learners', 'Soil':
        await user.should_see(said)
    user.find('Ask to be erased').click()
    await user.should_see('Ask to be erased?')
    press(user, 'Ask')
    await user.should_see('Your school has a month.', retries=RETRIES)
    assert await database.read(erasure_requests.since, sam) is not None
    press(user, 'Stay after all')
    await user.should_see('Ask to be erased', retries=RETRIES)
    assert await database.read(erasure_requests.since, sam) is None


async def test_a_learner_takes_along_what_they_did_as_statements(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, 'AT_ONCE', 1)
    klass = await a_class()
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint)
    user = await enter(klass.learner)
    await user.open('/account/data')
    await user.should_see('Download what you did (xAPI)')

    answer = await user.http_client.get('/account/statements.json')

    assert (answer.status_code, answer.headers['content-type']) == (200, 'application/json')
    assert answer.headers['content-disposition'] == 'attachment; filename="my-statements.json"'
    done = [each['object']['definition']['name'] for each in answer.json() if each.get('result', {}).get('completion')]
    assert done == [{'und': 'Step 1'}, {'und': 'Step 2'}]

    nobody = await enter(None)
    refused = await nobody.http_client.get('/account/statements.json', follow_redirects=False)
    assert (refused.status_code, refused.headers['location']) == (303, '/sign-in?next=/account/data')


async def test_an_admin_does_it_unless_a_law_asks_for_the_data(enter: Enter) -> None:
    klass = await a_class(learners=('Sam Rivera', 'Tom Tall'))
    ada = await an_admin(name='Ada Admin')
    for learner in klass.learners:
        await database.write(erasure_requests.ask, learner)
    tomorrow = clock.now().date() + timedelta(days=2)
    tom = klass.learners[1]
    await database.write(holds.hold, ada, user_id=tom.user_id, reason='Exam law, § 4', until=tomorrow)
    admin = await enter(ada)
    await admin.open('/school/privacy')

    await admin.should_see('Exam law, § 4')
    for name, said in ('Sam Rivera', 'Sam Rivera is erased.'), ('Tom Tall', 'These data must be kept until'):
        press(admin, f'Erase {name}')
        await admin.should_see(f'Erase {name} for good?')
        press(admin, 'Erase for good')
        await admin.should_see(said, retries=RETRIES)
        if 'is erased' in said:  # the list is drawn anew before the question goes
            await admin.should_not_see(f'Erase {name} for good?')
    press(admin, 'End the hold on Tom Tall')
    await admin.should_see('There are none.', retries=RETRIES)
    await admin.should_see('Tom Tall')


async def test_an_admin_sees_which_months_are_archived_tonight(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    tonight = archiving.Due(months=4, numbers=[(date(2024, 1, 1), 1), (date(2024, 2, 1), 1_200)])
    monkeypatch.setattr(archiving, 'preview', lambda _tx, _actor: tonight)
    admin = await enter(await an_admin())

    await admin.open('/school/privacy')

    for said in 'January 2024', '1 activity', 'February 2024', '1200 activities', 'and 2 more months':
        await admin.should_see(said)


def test_every_page_that_is_noted_has_words_for_those_whose_data_it_shows() -> None:
    noted = {name for path in SERVICES.rglob('*.py') for name in NOTED.findall(path.read_text(encoding='utf-8'))}
    assert noted - NOBODY == set(PAGES)
