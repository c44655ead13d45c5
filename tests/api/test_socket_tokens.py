"""Who may listen: somebody with a token, while it is good and the device signed in; and how much they may ask."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import socketio  # type: ignore[import-untyped]
import time_machine

from api.sockets import revocation, server
from models import Role, User
from services.accounts import sign_ins, tokens
from services.core import clock, database
from services.core.transaction import Transaction
from services.enums import Scope
from services.people import participants
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.people import an_admin, sign_out
from tests.support.served import Served, token_of
from tests.support.socket_listener import Listener

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('B2', 'A4')]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(checkpoints=2, learners=['Lena Low', 'Otto Old'])


def forged() -> str:
    claims = {'aud': 'waymark access', 'sid': 1, 'exp': clock.now() + timedelta(minutes=5)}
    return jwt.encode(claims, 'another key that is just as long as it must be', algorithm='HS256')


@pytest.mark.parametrize(
    'token', [forged, lambda: 'nonsense', lambda: '', lambda: None, lambda: 7, lambda: ['x'], lambda: 'ä']
)
async def test_without_a_good_token_nobody_connects(
    served: Served, klass: ClassAtHand, token: Callable[[], object]
) -> None:
    assert (await refusal(served.listener(token())))['data']['error'] == 'NotSignedIn'
    assert not served.sockets.connections


async def test_the_refusal_says_why(served: Served, klass: ClassAtHand) -> None:
    made = await token_of(klass.teacher)

    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        late = await refusal(served.listener(made.access_token))
    refresh = await refusal(served.listener(made.refresh_token))
    service = await database.write(tokens.add_service, await an_admin(), name='Checker', scope=Scope.PROGRESS)
    of_service = await refusal(served.listener(service.token))

    assert late['message'] == 'This token is too old. Refresh it, or sign in again.'
    assert refresh['message'] == 'This token is not one of ours. Sign in to get one.'
    assert of_service['data']['error'] == 'Forbidden'
    assert set(late['data']) == {'error', 'detail', 'request_id'}


async def test_the_token_may_come_in_the_header_and_never_in_a_cookie(served: Served, klass: ClassAtHand) -> None:
    token = (await token_of(klass.teacher)).access_token
    by_header, by_cookie = served.listener(None), served.listener(None)

    await by_header.connect(headers={'Authorization': f'Bearer {token}'})
    await by_header.join(klass.course_id)

    browser = await database.write(sign_ins.enter, klass.teacher.user_id, 'Browser')
    with pytest.raises(socketio.exceptions.ConnectionError):
        await by_cookie.connect(headers={'Cookie': f'session={browser.token}; token={token}'})


async def test_a_foreign_page_opens_no_connection(served: Served, klass: ClassAtHand) -> None:
    program = served.listener((await token_of(klass.teacher)).access_token)

    with pytest.raises(socketio.exceptions.ConnectionError):
        await program.connect(headers={'Origin': 'https://elsewhere.example'})


async def test_who_is_signed_out_hears_nothing_any_longer(served: Served, klass: ClassAtHand) -> None:
    program = await served.connect(klass.teacher)
    await program.join(klass.course_id)
    (line,) = served.sockets.connections.values()

    await sign_out(actor=line.actor)
    refused = await program.call('join_course', {'course_id': klass.course_id})
    assert (refused['ok'], refused['error']) == (False, 'NotSignedIn')
    await served.revocation.look()

    assert (await program.next('problem'))['error'] == 'NotSignedIn'
    await program.gone()
    program.heard.clear()
    await tap(klass, klass.checkpoints[0])
    assert not program.heard
    assert not served.sockets.connections


async def test_a_token_that_runs_out_is_replaced_in_time_or_the_connection_ends(
    served: Served, klass: ClassAtHand
) -> None:
    made = await token_of(klass.teacher)
    keen, lazy = served.listener(made.access_token), await served.connect(klass.teacher)
    await keen.connect()
    for program in (keen, lazy):
        await program.join(klass.course_id)

    with time_machine.travel(clock.now() + timedelta(minutes=14)):
        fresh = await database.write(tokens.rotate, made.refresh_token)
        assert isinstance(fresh, tokens.Tokens)
        assert (await keen.call('authenticate', {'token': fresh.access_token}))['ok']
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        late = await lazy.call('join_course', {'course_id': klass.course_id})
        assert (late['error'], late['detail'][:33]) == ('NotSignedIn', 'The token of this connection is t')
        await served.revocation.look()
        assert lazy.io.connected  # for a moment it may still send a fresh one
    with time_machine.travel(clock.now() + timedelta(minutes=15) + revocation.GRACE):
        await served.revocation.look()
        await lazy.gone()

        assert (await keen.join(klass.course_id))['role'] == 'teacher'


async def test_a_token_of_a_new_sign_in_takes_the_place_of_the_old(served: Served, klass: ClassAtHand) -> None:
    program = await served.connect(klass.teacher)
    await program.join(klass.course_id)
    (line,) = served.sockets.connections.values()
    before = line.actor

    await program.call('authenticate', {'token': (await token_of(klass.teacher)).access_token})
    await sign_out(actor=before)
    await served.revocation.look()

    receipt = await tap(klass, klass.checkpoints[0])
    heard = await program.until('progress_update', version=receipt.activity_id)
    assert 'problem' not in {name for name, _ in heard}


async def test_a_connection_stays_the_one_of_its_person(served: Served, klass: ClassAtHand) -> None:
    program = await served.connect(klass.learner)
    other = await token_of(klass.learners[1])

    refused = await program.call('authenticate', {'token': other.access_token})
    forgery = await program.call('authenticate', {'token': forged()})

    assert (refused['ok'], refused['error']) == (False, 'Forbidden')
    assert (forgery['ok'], forgery['error']) == (False, 'NotSignedIn')


async def test_who_is_taken_out_of_a_course_is_told_once_and_then_nothing(served: Served, klass: ClassAtHand) -> None:
    program = await served.connect(klass.learner)
    await program.join(klass.course_id)
    await program.next('session_stats')

    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    await served.revocation.look()

    told = await program.next('problem')
    assert (told['error'], told['course_id']) == ('Removed', klass.course_id)
    program.heard.clear()
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])
    again = await program.call('join_course', {'course_id': klass.course_id})
    assert (again['ok'], again['error']) == (False, 'Removed')
    assert not program.heard


async def test_who_does_not_teach_any_longer_hears_nothing(served: Served, klass: ClassAtHand) -> None:
    admin = await an_admin()
    program = await served.connect(admin)
    await program.join(klass.course_id)
    await database.write(become_student, admin.user_id)

    await served.revocation.look()

    assert (await program.next('problem'))['error'] == 'NotFound'
    program.heard.clear()
    await tap(klass, klass.checkpoints[0])
    assert (await program.call('leave_course', {'course_id': klass.course_id}))['ok'] is False
    assert not program.heard


async def test_a_line_without_a_token_is_cut(served: Served) -> None:
    stranger = served.listener(None)
    await stranger.io.eio.connect(f'{served.origin}/', transports=['websocket'], engineio_path='/api/socket.io')

    await served.revocation.look()
    await served.revocation.look()

    await stranger.io.eio.wait()
    assert not served.sockets.lines.open()


@pytest.mark.usefixtures('no_time_passes')
async def test_one_token_has_a_fair_share_of_connections_and_events(served: Served, klass: ClassAtHand) -> None:
    token = (await token_of(klass.learner)).access_token
    programs = [served.listener(token) for _ in range(server.MOST_CONNECTIONS)]
    for program in programs:
        await program.connect()

    crowd = await refusal(served.listener(token))
    answers = [await programs[0].call('leave_course', {'course_id': 1}) for _ in range(105)]

    assert crowd['data']['error'] == 'TooManyAttempts'
    errors = [answer['error'] for answer in answers]
    assert errors[:100] == ['NotFound'] * 100
    assert errors[-1] == 'TooManyAttempts'
    assert answers[-1]['retry_after'] >= 1


async def refusal(listener: Listener) -> dict[str, Any]:
    """Return what a program is told that cannot connect."""
    heard: list[dict[str, Any]] = []
    listener.io.on('connect_error', heard.append, namespace='/class')
    with pytest.raises(socketio.exceptions.ConnectionError):
        await listener.connect()
    return heard[0]


def become_student(tx: Transaction, user_id: int) -> None:
    tx.session.get_one(User, user_id).role = Role.STUDENT
