"""Names and packets of the protocol, sent by a client: nobody goes on listening, or seems to be here, by them."""

import orjson
import pytest

from api.sockets import presence as sockets_presence
from api.sockets.packets import RESERVED
from services.core import database
from services.courses import catalog
from services.live import presence, room, rooms
from services.live.board.views import Names, Presence
from services.live.room import Room
from tests.api.test_socket_nonsense import a_line, asked, until_closed
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.people import an_instructor
from tests.support.eventually import eventually
from tests.support.served import Served, token_of

pytestmark = [
    pytest.mark.usefixtures('db'),
    pytest.mark.parametrize('url', ['sqlite'], indirect=True),  # none of this reaches a database
    pytest.mark.req('B2', 'L2'),
]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(checkpoints=1)


@pytest.mark.parametrize('name', sorted(RESERVED))
async def test_an_event_with_a_reserved_name_ends_the_connection(served: Served, klass: ClassAtHand, name: str) -> None:
    async with a_line(served, klass) as line:
        await line.send_str('42/class,' + orjson.dumps([name, {'HTTP_AUTHORIZATION': 'Bearer x'}]).decode())

        assert {problem['error'] for problem in await until_closed(line)} == {'Invalid'}
    await eventually(lambda: not served.sockets.connections)


async def test_a_removed_instructor_who_forged_a_connect_hears_nothing(served: Served, klass: ClassAtHand) -> None:
    otto = await an_instructor(name='Otto', email='otto@example.org')
    await database.write(catalog.add_co_instructor, klass.teacher, klass.course_id, email='otto@example.org')
    program = await served.connect(otto)
    await program.join(klass.course_id)
    await program.next('session_stats')

    await program.io.emit('connect', {'HTTP_AUTHORIZATION': f'Bearer {program.token}'}, namespace='/class')
    await program.gone()
    await database.write(catalog.remove_co_instructor, klass.teacher, klass.course_id, user_id=otto.user_id)
    await served.revocation.look()
    program.heard.clear()
    await tap(klass, klass.checkpoints[0])

    assert not [name for name, _ in program.heard if name != 'problem']


async def test_a_learner_who_forged_a_connect_is_not_here_once_gone(
    served: Served, klass: ClassAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets_presence, 'KEPT', 0.05)
    monkeypatch.setattr(presence, 'GRACE', 0.01)
    monkeypatch.setattr(room, 'PRESENCE_INTERVAL', 0.01)
    front = await rooms.enter(klass.course_id)
    lena = await served.connect(klass.learner)
    await lena.join(klass.course_id)
    assert presence_of_the_learner(front) is Presence.WORKING

    await lena.io.emit('connect', {'HTTP_AUTHORIZATION': f'Bearer {lena.token}'}, namespace='/class')
    await lena.gone()

    assert not served.sockets.connections
    await eventually(lambda: presence_of_the_learner(front) is Presence.LOST)


async def test_a_second_connect_packet_on_one_line_leaves_no_connection_unwatched(
    served: Served, klass: ClassAtHand
) -> None:
    async with a_line(served, klass) as line:
        assert (await asked(line, 'join_course', {'course_id': klass.course_id}))['ok']
        (first,) = served.sockets.connections.values()
        token = orjson.dumps({'token': (await token_of(klass.learner)).access_token}).decode()

        await line.send_str('40/class,' + token)

        await until_closed(line)
    await eventually(lambda: not first.is_open)
    assert first not in served.sockets.connections.values()


def presence_of_the_learner(front: Room) -> Presence:
    (row,) = front.class_view(Names.TEACHER).rows
    return row.presence
