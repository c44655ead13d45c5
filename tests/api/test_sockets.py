"""Programs on Socket.IO: in class or at their own pace, and told what concerns them while it happens."""

import pytest
import time_machine

from api.sockets import presence as sockets_presence
from services.activity import taps
from services.core import clock, database
from services.courses import checkpoints
from services.enums import Verb
from services.live import presence, room, rooms, sessions
from services.live.board.views import Names, Presence
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    a_course,
    assert_log_and_projections_agree,
    percent,
    tap,
)
from tests.factories.people import a_guest
from tests.support.eventually import eventually
from tests.support.served import Served

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B2', 'L4')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(checkpoints=3, learners=['Lena Low', 'Otto Old'])


@pytest.mark.parametrize('transports', [['websocket'], ['polling'], ['polling', 'websocket']], ids=' then '.join)
async def test_a_tap_over_the_socket_is_saved_and_reaches_the_teacher(
    served: Served, klass: ClassAtHand, transports: list[str]
) -> None:
    teacher = await served.connect(klass.teacher, transports=transports)
    await teacher.join(klass.course_id)
    snapshot = await teacher.next('snapshot', course_id=klass.course_id)
    assert [learner['name'] for learner in snapshot['state']['learners']] == ['Lena Low', 'Otto Old']

    lena = await served.connect(klass.learner, transports=transports)
    joined = await lena.join(klass.course_id)
    assert (joined['role'], joined['session_id']) == ('learner', klass.session_id)
    came = await teacher.next('student_joined', user_id=klass.learner.user_id)
    receipt = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0], 'tap_id': 'first-tap'})

    assert receipt['ok']
    assert (receipt['mode'], receipt['tap_id']) == ('live', 'first-tap')
    told = await teacher.next('progress_update', status='completed')
    assert told == {
        'course_id': klass.course_id,
        'version': receipt['version'],
        'user_id': klass.learner.user_id,
        'checkpoint_id': klass.checkpoints[0],
        'status': 'completed',
        'mode': 'live',
        'session_id': klass.session_id,
        'at': receipt['at'],
    }
    assert came['name'] == 'Lena Low'
    assert came['version'] < told['version']
    stats = await teacher.next('session_stats', version=told['version'])
    assert stats['completion_rates'][0] == {'checkpoint_id': klass.checkpoints[0], 'percent': 100}
    assert (stats['percent'], stats['headcount']['here']) == (33, 1)
    assert (await lena.next('progress_update', status='completed')) == told
    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


async def test_a_tap_on_a_page_reaches_the_teachers_program(served: Served, klass: ClassAtHand) -> None:
    teacher = await served.connect(klass.teacher)
    await teacher.join(klass.course_id)

    receipt = await tap(klass, klass.checkpoints[1])
    await tap(klass, klass.checkpoints[1], verb=Verb.UNDONE)

    done = await teacher.next('progress_update')
    assert (done['version'], done['status']) == (receipt.activity_id, 'completed')
    assert (await teacher.next('progress_update'))['status'] == 'in_progress'


async def test_the_same_tap_again_changes_nothing(served: Served, klass: ClassAtHand) -> None:
    teacher, lena = await served.connect(klass.teacher), await served.connect(klass.learner)
    await teacher.join(klass.course_id)
    await lena.join(klass.course_id)
    once = {'checkpoint_id': klass.checkpoints[0], 'tap_id': 'the-same'}

    first, again = await lena.call('checkpoint_completed', once), await lena.call('checkpoint_completed', once)
    await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[1]})

    other = await lena.call('checkpoint_completed', once | {'checkpoint_id': klass.checkpoints[2]})
    assert first == again
    assert (other['ok'], other['error']) == (False, 'KeyTaken')
    until_last = await teacher.until('progress_update', checkpoint_id=klass.checkpoints[1], status='completed')
    done = [data['checkpoint_id'] for name, data in until_last if data.get('status') == 'completed']
    assert done == [klass.checkpoints[0], klass.checkpoints[1]]
    assert await percent(klass, klass.learner) == 66


async def test_at_ones_own_pace_a_program_is_not_in_class(served: Served, klass: ClassAtHand) -> None:
    lena = await served.connect(klass.learner)
    joined = await lena.join(klass.course_id, mode='self_paced')
    snapshot = await lena.next('snapshot')

    receipt = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})

    assert joined['session_id'] is None
    assert receipt['mode'] == 'self_paced'
    assert (await lena.next('progress_update'))['mode'] == 'self_paced'
    front = await rooms.enter(klass.course_id)
    assert not front.board.learner(klass.learner.user_id).joined
    assert snapshot['state']['joined'] is False
    assert front.presences.shown(klass.learner.user_id) is Presence.NOT_YET


async def test_a_tap_needs_no_course_to_be_joined(served: Served, klass: ClassAtHand) -> None:
    lena = await served.connect(klass.learner)

    receipt = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})

    assert (receipt['ok'], receipt['mode']) == (True, 'self_paced')


async def test_a_program_in_class_is_here_like_a_page(served: Served, klass: ClassAtHand) -> None:
    teacher = await served.connect(klass.teacher)
    await teacher.join(klass.course_id)
    front = await rooms.enter(klass.course_id)
    lena = await served.connect(klass.learner)

    await lena.join(klass.course_id)
    row = next(row for row in front.class_view(Names.TEACHER).rows if row.name == 'Lena Low')
    assert row.presence is Presence.WORKING
    assert (await teacher.next('presence_changed', user_id=klass.learner.user_id))['presence'] == 'working'
    assert (await lena.call('leave_course', {'course_id': klass.course_id}))['ok']

    left = await teacher.next('student_left')
    assert (left['user_id'], left['name']) == (klass.learner.user_id, 'Lena Low')
    await tap(klass, klass.checkpoints[0])
    again = await lena.call('leave_course', {'course_id': klass.course_id})
    assert (again['ok'], again['error']) == (False, 'NotFound')
    assert 'progress_update' not in {name for name, data in lena.heard if data.get('version', 0) > left['version']}


async def test_who_does_not_come_back_has_left(
    served: Served, klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets_presence, 'KEPT', 0.05)
    monkeypatch.setattr(presence, 'GRACE', 0.01)
    monkeypatch.setattr(room, 'PRESENCE_INTERVAL', 0.01)
    teacher, lena = await served.connect(klass.teacher), await served.connect(klass.learner)
    await teacher.join(klass.course_id)
    await lena.join(klass.course_id)

    await lena.close()

    heard = await teacher.until('student_left', user_id=klass.learner.user_id)
    if not any(data.get('presence') == 'lost' for _, data in heard):  # it comes with the next tick
        await teacher.next('presence_changed', presence='lost', user_id=klass.learner.user_id)
    await assert_log_and_projections_agree()


async def test_who_waits_for_a_class_is_in_it_when_it_starts(served: Served) -> None:
    course = await a_course(checkpoints=2)
    lena = await a_guest(code=course.code, name='Lena Low')
    teacher, program = await served.connect(course.teacher), await served.connect(lena)
    await teacher.join(course.course_id)
    assert (await program.join(course.course_id))['session_id'] is None

    session_id = await database.write(sessions.start, course.teacher, course.course_id)

    assert (await program.next('class_changed'))['is_running'] is True
    assert (await teacher.next('student_joined'))['session_id'] == session_id
    receipt = await program.call('checkpoint_completed', {'checkpoint_id': course.checkpoints[0]})
    assert receipt['mode'] == 'live'


async def test_everybody_is_told_how_the_class_is_led_paused_and_ended(served: Served, klass: ClassAtHand) -> None:
    programs = [await served.connect(klass.teacher), await served.connect(klass.learner)]
    for program in programs:
        await program.join(klass.course_id)

    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[1])
    await database.write(sessions.pause, klass.teacher, klass.course_id, 'look up')
    for program in programs:
        await program.next('class_changed', current_checkpoint_id=klass.checkpoints[1])
        assert (await program.next('class_changed', pause='The class is paused: look up.'))['paused_at']
    await database.write(sessions.end, klass.teacher, klass.course_id)
    for program in programs:
        assert (await program.next('class_changed', is_running=False))['ended_at']

    late = await programs[1].call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})
    assert late['mode'] == 'self_paced'


async def test_in_a_pause_a_tap_is_refused_in_the_one_shape(served: Served, klass: ClassAtHand) -> None:
    lena = await served.connect(klass.learner)
    await lena.join(klass.course_id)
    await database.write(sessions.pause, klass.teacher, klass.course_id, '')

    with time_machine.travel(clock.now() + taps.CROSSING):
        refused = await lena.call('checkpoint_completed', {'checkpoint_id': klass.checkpoints[0]})

    assert refused.pop('request_id')
    assert refused == {
        'ok': False,
        'error': 'Refused',
        'detail': 'The class is paused. Tap again when the class goes on.',
    }


async def test_new_checkpoints_and_people_arrive(served: Served, klass: ClassAtHand) -> None:
    teacher, lena = await served.connect(klass.teacher), await served.connect(klass.learner)
    await teacher.join(klass.course_id)
    await lena.join(klass.course_id)
    for program in (teacher, lena):
        await program.next('snapshot')

    late = await a_guest(code=klass.code, name='Pia Late')
    assert (await teacher.next('student_named'))['user_id'] == late.user_id
    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')

    columns = (await teacher.next('snapshot'))['state']['columns']
    assert [column['title'] for column in columns][-1] == 'One more'
    assert len((await lena.next('snapshot'))['state']['checkpoints']) == 4


async def test_joining_again_in_another_mode_leaves_the_class(served: Served, klass: ClassAtHand) -> None:
    lena = await served.connect(klass.learner)
    await lena.join(klass.course_id)
    front = await rooms.enter(klass.course_id)
    assert front.presences.is_here(klass.learner.user_id)

    await lena.join(klass.course_id)
    assert front.presences.is_here(klass.learner.user_id)
    await lena.join(klass.course_id, mode='self_paced')

    await eventually(lambda: not front.presences.is_here(klass.learner.user_id))
