"""Notices of programs: read, marked and chosen for their person, and for nobody else."""

import pytest

from models import NoticeKind
from services.activity.following import Running
from services.notices.follower import FOLLOWER
from tests.api.conftest import APrograms
from tests.factories.classes import ClassAtHand, a_class, tap

pytestmark = pytest.mark.req('B1', 'M2')


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    """A learner who has completed a course, and a classmate."""
    klass = await a_class(learners=['Lena', 'Otto'], checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await Running(FOLLOWER).catch_up()
    return klass


async def test_a_program_reads_the_notices_of_its_person(klass: ClassAtHand, a_program: APrograms) -> None:
    lena, otto = [await a_program(who) for who in klass.learners]
    address = f'/notifications/{klass.learner.user_id}'

    found = (await lena.get(address)).json()
    (notice,) = found['notifications']
    assert (found['unread'], found['has_more'], notice['kind']) == (1, False, NoticeKind.COURSE_COMPLETED)
    assert notice['title'] == 'Congratulations! You have completed “Soil”.'
    assert (notice['address'], notice['read_at']) == (f'/courses/{klass.course_id}/learn', None)

    ids = {'notification_ids': [notice['notification_id']]}
    assert (await otto.get(address)).status_code == 404
    assert (await otto.post('/notifications/mark-read', json=ids)).status_code == 404
    assert [(await lena.post('/notifications/mark-read', json=ids)).json() for _ in range(2)] == [
        {'marked': 1},
        {'marked': 0},
    ]
    assert (await lena.get(address)).json()['notifications'] == []
    assert len((await lena.get(f'{address}?all=true')).json()['notifications']) == 1
    assert (await lena.get(f'{address}?all=true&before={notice["notification_id"]}')).json()['notifications'] == []


async def test_what_the_person_wants_is_changed_at_once(klass: ClassAtHand, a_program: APrograms) -> None:
    lena = await a_program(klass.learner)
    address = f'/notifications/preferences/{klass.learner.user_id}'
    before = (await lena.get(address)).json()
    assert (before['quiet_from'], before['rhythm'], before['channels']) == (None, 'at_once', ['in_app'])

    off = {'kind': 'deadline', 'channel': 'e_mail', 'is_on': False}
    wanted = {'choices': [off], 'quiet_from': '22:00', 'quiet_until': '07:00', 'rhythm': 'daily'}
    after = (await lena.put(address, json=wanted)).json()
    assert after == (await lena.get(address)).json()
    assert (after['quiet_from'], after['quiet_until'], after['rhythm']) == ('22:00', '07:00', 'daily')
    changed = [one for one, other in zip(after['choices'], before['choices'], strict=True) if one != other]
    assert changed == [{'kind': 'deadline', 'in_app': True, 'e_mail': False, 'push': False}]

    for wrong in (
        {'quiet_from': '22:00'},
        {'quiet_from': '25:00', 'quiet_until': '07:00'},
        {'rhythm': 'hourly'},
        {'choices': [off | {'kind': 'lagging'}]},
    ):
        assert (await lena.put(address, json=wrong)).status_code == 422
