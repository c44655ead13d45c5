"""Notices for devices: signed, tried again with patience, and never a way into the network of the school."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col

from models import Channel, Notice, NoticeChoice, NoticeKind, NoticePush, NoticeSettings, PushState, User
from services import timed
from services.access import Actor
from services.core import clock, database, jobs
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.notices import pushing, webhook, writing
from services.notices.drafts import Draft
from services.notices.pushing import WAITS
from services.people import participants
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import an_admin
from tests.support.eventually import eventually
from tests.support.push_service import PushService, a_push_service

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M2', 'M3'), pytest.mark.both_databases]


@pytest.fixture
async def service(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    async with a_push_service() as service:
        service.is_used(monkeypatch)
        yield service


async def a_notice(klass: ClassAtHand, key: str = 'one', *, of: Actor | None = None) -> None:
    """Notify a learner who wants such notices on their devices."""
    learner = of or klass.learner
    draft = Draft(
        user_id=learner.user_id,
        kind=NoticeKind.GRADE,
        object_key=key,
        course_id=klass.course_id,
        title=phrase('Graded: {step}', step='Soil <b>'),
        address='/somewhere',
        happened_at=clock.now(),
    )

    def write(tx: Transaction) -> None:
        wish = NoticeChoice(
            user_id=learner.user_id, kind=NoticeKind.GRADE, channel=Channel.PUSH, is_on=True, chosen_at=tx.now
        )
        tx.session.merge(wish)
        tx.session.flush()
        assert writing.write(tx, [draft]) == 1

    await database.write(write)


async def waiting() -> list[NoticePush]:
    return list(await database.read(lambda tx: tx.session.scalars(select(NoticePush)).all()))


async def test_a_notice_is_pushed_once_in_the_language_of_its_reader(service: PushService) -> None:
    klass = await a_class()

    def speak(tx: Transaction) -> None:
        tx.execute(update(User).where(col(User.id) == klass.learner.user_id).values(language='en-XA'))

    await database.write(speak)
    await a_notice(klass)

    await jobs.run_due(timed.kinds())
    await jobs.run_due(timed.kinds())

    ((name, said),) = service.received
    assert said['type'] == 'notice.grade'
    data = said['data']
    assert isinstance(data, dict)
    assert (data['user_id'], data['title']) == (klass.learner.user_id, '⟦Graded: Soil <b>⟧')
    assert str(data['url']).endswith('/somewhere')
    assert name == f'notice-{data["notice_id"]}'
    assert await waiting() == []


async def test_trouble_of_the_service_is_tried_again_later_and_others_keep_their_turn(service: PushService) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    service.status = 500
    admin = await an_admin()
    with time_machine.travel(clock.now(), tick=False) as travelling:
        for learner in klass.learners:
            await a_notice(klass, of=learner)
        for wait in WAITS:
            service.asked = 0
            assert await pushing.send_due() == 0
            assert service.asked == 1, 'the others would fail as well'
            first, other = sorted(await waiting(), key=lambda push: -push.attempts)
            assert other.attempts == 0
            assert wait <= first.due_at - clock.now() <= wait * 1.2
            await database.write(hold_back, other.notice_id)
            travelling.move_to(first.due_at)
        await pushing.send_due()
        failed, _ = sorted(await waiting(), key=lambda push: -push.attempts)
        assert failed.state is PushState.FAILED
        (trouble,) = await database.read(pushing.of_school, admin)
        assert str(trouble.problem) == '127.0.0.1 answers with 500.'
        assert (trouble.count, trouble.is_final) == (1, True)

        service.status = 200
        assert await database.write(pushing.send_again, admin) == 1
        assert await pushing.send_due() == 1


def hold_back(tx: Transaction, notice_id: int) -> None:
    later = tx.now + timedelta(days=7)
    tx.execute(update(NoticePush).where(col(NoticePush.notice_id) == notice_id).values(due_at=later))


@pytest.mark.parametrize('status', [400, 401, 404, 410, 422, 301, 307])
async def test_what_is_refused_for_good_is_not_tried_again(service: PushService, status: int) -> None:
    klass = await a_class()
    service.status = status
    service.headers = {'location': 'http://169.254.169.254/latest/meta-data'} if status < 400 else {}
    await a_notice(klass)

    await pushing.send_due()

    (push,) = await waiting()
    assert push.state is PushState.FAILED
    assert ('leads elsewhere' in push.problem) == (status < 400)


async def test_a_redirect_to_an_address_of_the_network_is_not_followed(service: PushService) -> None:
    klass = await a_class()
    async with a_push_service() as inner:
        service.status, service.headers = 307, {'location': f'{inner.address}/admin'}
        await a_notice(klass)
        await pushing.send_due()

        assert (service.asked, inner.asked) == (1, 0)


@pytest.mark.parametrize('as_moment', [False, True])
async def test_a_service_that_asks_to_be_left_alone_is_left_alone(service: PushService, as_moment: bool) -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False):
        for learner in klass.learners:
            await a_notice(klass, of=learner)
        until = clock.now() + timedelta(minutes=30)
        service.status = 429
        service.headers = {'retry-after': format_datetime(until, usegmt=True) if as_moment else '1800'}

        await pushing.send_due()

        assert {push.due_at >= until for push in await waiting()} == {True}
        assert not await database.read(pushing.is_due)


@pytest.mark.parametrize('said', ['', 'soon', '-5', '9' * 400, 'Thu, 99 Foo 2026'])
async def test_nonsense_about_waiting_is_the_usual_wait(service: PushService, said: str) -> None:
    klass = await a_class()
    service.status, service.headers = 503, {'retry-after': said}
    await a_notice(klass)

    await pushing.send_due()

    (push,) = await waiting()
    assert push.state is PushState.WAITING
    assert push.due_at - clock.now() <= timedelta(days=1)


async def test_a_service_that_never_answers_holds_nobody_up(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, 'DEADLINE', 2.0)  # in which the service is reached on a busy machine, too
    klass = await a_class(learners=['Lena', 'Otto'])
    for learner in klass.learners:
        await a_notice(klass, of=learner)
    service.never_answers = True

    sending = asyncio.ensure_future(pushing.send_due())
    await eventually(lambda: service.asked)
    await a_notice(klass, 'another')  # reading and writing go on meanwhile

    assert await sending == 0
    assert service.asked == 1
    assert sorted('in time' in push.problem for push in await waiting()) == [False, False, True]


async def test_a_notice_that_was_put_off_into_quiet_hours_waits_for_their_end(service: PushService) -> None:
    klass = await a_class()
    service.status = 500
    with time_machine.travel(datetime(2026, 9, 2, 21, 59, tzinfo=UTC), tick=False) as travelling:
        await database.write(
            lambda tx: tx.session.add(NoticeSettings(user_id=klass.learner.user_id, quiet_from=1320, quiet_until=420))
        )
        await a_notice(klass)
        await pushing.send_due()
        service.status = 204
        travelling.shift(timedelta(minutes=5))
        assert await pushing.send_due() == 0
        (push,) = await waiting()
        assert (push.due_at, push.attempts) == (datetime(2026, 9, 3, 7, tzinfo=UTC), 1)
        travelling.move_to(push.due_at)
        assert await pushing.send_due() == 1


async def test_a_killed_process_lets_another_one_try(service: PushService) -> None:
    klass = await a_class()
    await a_notice(klass)
    with time_machine.travel(clock.now(), tick=False) as travelling:
        lost = await database.write(pushing.take)
        assert lost is not None
        assert await pushing.send_due() == 0
        travelling.shift(pushing.LEASE)
        assert await pushing.send_due() == 1
        await database.write(pushing.put_off, lost, webhook.NotPushed(phrase('No.')))

    assert (len(service.received), await waiting()) == (1, [])


async def test_what_is_pointless_by_now_is_dropped(service: PushService) -> None:
    klass = await a_class(learners=['Read', 'Over', 'Gone', 'Unwanted', 'Useful'])
    read, over, gone, unwanted, useful = klass.learners
    for learner in klass.learners:
        await a_notice(klass, of=learner)

    def happen(tx: Transaction) -> None:
        of = col(Notice.user_id)
        tx.execute(update(Notice).where(of == read.user_id).values(read_at=tx.now))
        tx.execute(update(Notice).where(of == over.user_id).values(useful_until=tx.now))
        tx.execute(update(NoticeChoice).where(col(NoticeChoice.user_id) == unwanted.user_id).values(is_on=False))

    await database.write(happen)
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=gone.user_id)

    assert await pushing.send_due() == 1
    assert [said['data']['user_id'] for _, said in service.received] == [useful.user_id]  # type: ignore[index]
    assert await waiting() == []
