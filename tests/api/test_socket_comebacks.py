"""Coming back: what was missed arrives once, or else a snapshot; and who is slow is given one instead of a backlog."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.sockets import outbox
from api.sockets.packets import Message
from api.sockets.transport import Lines
from services.core import database
from services.courses import checkpoints
from services.live import rooms, sessions
from services.live.board.views import Presence
from services.live.stream import feed
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class, mark, tap
from tests.support.running import Server
from tests.support.served import Served, token_of
from tests.support.socket_listener import Listener

pytestmark = [pytest.mark.req('B2', 'L4', 'L5')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(checkpoints=3, learners=['Lena Low', 'Otto Old'])


async def test_what_was_missed_comes_once_and_in_order(served: Served, klass: ClassAtHand) -> None:
    teacher = await served.connect(klass.teacher)
    await teacher.join(klass.course_id)
    first = await tap(klass, klass.checkpoints[0])
    await teacher.next('progress_update', version=first.activity_id)

    await teacher.cut()
    second = await tap(klass, klass.checkpoints[1])
    joined = await join_class(klass, by=klass.learners[1])
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[2])
    answer = await teacher.join(klass.course_id, since=first.activity_id)
    third = await tap(klass, klass.checkpoints[2])

    assert answer['resumed']
    heard = await teacher.until('progress_update', version=third.activity_id)
    happened = [(name, data['version']) for name, data in heard if name in {'progress_update', 'student_joined'}]
    assert happened == [
        ('progress_update', second.activity_id),
        ('student_joined', joined.activity_id),
        ('progress_update', third.activity_id),
    ]
    (standing,) = [data for name, data in heard if name == 'class_changed']
    assert standing['current_checkpoint_id'] == klass.checkpoints[2]
    assert 'snapshot' not in {name for name, _ in heard}


async def test_a_learner_is_told_only_what_is_theirs_of_what_they_missed(served: Served, klass: ClassAtHand) -> None:
    lena = await served.connect(klass.learner)
    version = (await lena.join(klass.course_id, mode='self_paced'))['version']
    await lena.cut()
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])
    own = await mark(klass.checkpoints[1], by=klass.learner)

    answer = await lena.join(klass.course_id, mode='self_paced', since=version)

    assert (answer['resumed'], answer['version']) == (True, own.activity_id)
    heard = await lena.until('session_stats', version=own.activity_id)
    assert [data['version'] for name, data in heard if name == 'progress_update'] == [own.activity_id]


async def test_a_version_that_says_nothing_leads_to_a_snapshot(
    served: Served, klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, 'KEPT', 2)
    teacher = await served.connect(klass.teacher)
    version = (await teacher.join(klass.course_id))['version']
    await teacher.next('snapshot')
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)

    for since in (version, 2**50, 0):
        assert not (await teacher.join(klass.course_id, since=since))['resumed']
        learner = (await teacher.next('snapshot'))['state']['learners'][0]
        assert learner['marks'] == ['done'] * 3
    newest = await served.connect(klass.teacher)
    assert not (await newest.join(klass.course_id, since=version))['resumed']  # it never heard what came before


async def test_a_course_that_was_edited_meanwhile_is_shown_anew(served: Served, klass: ClassAtHand) -> None:
    teacher = await served.connect(klass.teacher)
    version = (await teacher.join(klass.course_id))['version']
    await teacher.next('snapshot')
    await teacher.cut()
    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')

    await teacher.join(klass.course_id, since=version)

    assert len((await teacher.next('snapshot'))['state']['columns']) in {3, 4}
    receipt = await tap(klass, klass.checkpoints[0])
    heard = await teacher.until('progress_update', version=receipt.activity_id)
    assert [data['version'] for name, data in heard if name == 'progress_update'] == [receipt.activity_id]


async def test_snapshot_and_events_have_no_gap_and_no_double(served: Served, klass: ClassAtHand) -> None:
    """While taps come, one program after the other joins; each ends with the same marks, and counts each tap once."""
    taps = [(checkpoint, who) for checkpoint in klass.checkpoints for who in klass.learners]
    programs = [await served.connect(klass.teacher) for _ in taps]

    async def join_and_tap(program: Listener, checkpoint: int, who: Any) -> None:
        await asyncio.gather(program.join(klass.course_id), tap(klass, checkpoint, by=who))

    await asyncio.gather(*(join_and_tap(program, *each) for program, each in zip(programs, taps, strict=True)))

    last = await tap(klass, klass.checkpoints[0])
    for program in programs:
        heard = await program.until('progress_update', version=last.activity_id)
        (snapshot,) = [data for name, data in heard if name == 'snapshot']
        marks = {learner['user_id']: learner['marks'].count('done') for learner in snapshot['state']['learners']}
        versions = [data['version'] for name, data in heard if name == 'progress_update'][:-1]
        assert sum(marks.values()) + len(versions) == len(taps)
        assert sorted(set(versions)) == versions
        assert all(version > snapshot['version'] for version in versions)


async def test_a_slow_program_is_given_a_snapshot_and_holds_up_nobody(
    served: Served, klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, 'MOST_WAITING', 10)
    slow, quick = await served.connect(klass.teacher), await served.connect(klass.teacher)
    for program in (slow, quick):
        await program.join(klass.course_id)
        await program.next('session_stats')
    line, _ = served.sockets.connections.values()
    takes = asyncio.Event()
    monkeypatch.setattr(line.outbox, '_lines', Slow(served.sockets.lines, line.line_id, takes))

    receipts = [await mark(klass.checkpoints[number % 3], by=klass.learners[number % 2]) for number in range(40)]
    await quick.next('progress_update', version=receipts[-1].activity_id)
    assert len(line.outbox._waiting) <= 10
    takes.set()

    heard = await slow.until('snapshot')
    assert heard[-1][1]['version'] == receipts[-1].activity_id
    assert len(heard) < 20
    again = await mark(klass.checkpoints[0], by=klass.learner)
    assert (await slow.next('progress_update'))['version'] == again.activity_id


@dataclass(slots=True)
class Slow:
    """Lines of which one takes nothing for a while."""

    lines: Lines
    slow: str
    takes: asyncio.Event

    async def send(self, line_id: str, message: Message) -> None:
        await self.lines.send(line_id, message)

    async def drained(self, line_id: str) -> None:
        assert line_id == self.slow
        await self.takes.wait()


async def test_a_flicker_of_the_network_is_no_leaving(served: Served, klass: ClassAtHand) -> None:
    teacher, lena = await served.connect(klass.teacher), await served.connect(klass.learner)
    await teacher.join(klass.course_id)
    version = (await lena.join(klass.course_id))['version']

    await lena.cut()
    await lena.join(klass.course_id, since=version)

    front = await rooms.enter(klass.course_id)
    assert front.presences.shown(klass.learner.user_id) is Presence.WORKING
    receipt = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})
    heard = await teacher.until('progress_update', version=receipt['version'])
    assert [name for name, _ in heard if name.startswith('student_')] == ['student_joined']
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('data_dir')
async def test_after_a_restart_of_the_server_a_program_comes_back_and_is_told_the_truth(tmp_path: Path) -> None:
    server = Server(tmp_path)
    await asyncio.to_thread(server.start)
    async with server.at_hand():
        klass = await a_class(checkpoints=3, learners=['Lena Low'])
        token = (await token_of(klass.teacher)).access_token
        own = (await token_of(klass.learner)).access_token
    teacher, lena = Listener(server.origin, token), Listener(server.origin, own)
    try:
        for program in (teacher, lena):
            await program.connect()
            await program.join(klass.course_id)
        receipt = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0], 'tap_id': 'before'})
        version = (await teacher.next('progress_update', version=receipt['version']))['version']

        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await teacher.back(connections=2)
        await lena.back(connections=2)
        answer = await teacher.join(klass.course_id, since=version)
        await lena.join(klass.course_id)
        again = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0], 'tap_id': 'before'})

        assert not answer['resumed']
        (learner,) = (await teacher.next('snapshot'))['state']['learners']
        assert (learner['marks'][0], learner['joined']) == ('done', True)
        assert again == receipt
    finally:
        for program in (teacher, lena):
            await program.close()
        await asyncio.to_thread(server.stop)
