"""What the projector is sent, byte by byte: nothing by which a student could be told."""

import re
from collections.abc import Callable
from html import unescape

import aiohttp
import pytest

from bench.protocol import Page
from bench.student import Student
from services import enrollments, guests
from services.accounts import sign_ins
from services.core import database
from services.kinds import NameDisplay
from services.live import sessions
from tests.factories.classes import a_class
from tests.factories.people import a_student, an_account
from tests.running import Server, token_of
from tests.services.eventually import eventually

pytestmark = [pytest.mark.req('L10')]

FULL_NAMES = ('Amina Yusuf', 'Ben Okafor-Lindqvist', 'علي بن أبي طالب')


class Projector:
    """The projector page, with everything that comes over its wire."""

    def __init__(self, server: Server, token: str) -> None:
        self._origin = server.origin
        self._session = aiohttp.ClientSession(cookies={'waymark': token}, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._page = Page(self._session)
        self.wire = ''

    async def open(self, course_id: int) -> None:
        path = f'/courses/{course_id}/projector'
        async with self._session.get(self._origin + path) as answer:
            self.wire += await answer.text()
        await self._page.load(self._origin, path)
        receive = self._page._wire._take

        async def taken(socket: object, packet: str) -> None:
            self.wire += f'\n{packet}'
            await receive(socket, packet)  # type: ignore[arg-type]

        self._page._wire._take = taken  # type: ignore[method-assign]
        await self._page.connect()

    async def hears(self, sign: Callable[[str], bool]) -> None:
        """Wait until something has come over the wire."""
        await eventually(lambda: sign(decoded(self.wire)))

    async def close(self) -> None:
        await self._page.close()
        await self._session.close()


@pytest.mark.parametrize('names', list(NameDisplay))
async def test_nothing_that_a_student_could_be_told_by(server: Server, names: NameDisplay) -> None:
    klass = await a_class(learners=())
    await database.write(sessions.set_names, klass.teacher, klass.course_id, names)
    account = await an_account(email=f'{names}.wire@example.org', name='Secret Surname')
    absent = await a_student(name='Absent Absentsson')
    hidden = await an_account(email=f'{names}.hidden@example.org', name='Verborgen Hiddensson')
    students = [Student(name, server.origin) for name in FULL_NAMES]
    for student in students:
        await student.join(klass.code)
    with_account = Student('', server.origin)
    with_account.enter({'waymark': account.token}, f'/class/{klass.course_id}')
    await enroll(klass.code, account.token)
    await enroll(klass.code, await token_of(absent))
    unseen = Student('', server.origin)
    unseen.enter({'waymark': hidden.token}, f'/class/{klass.course_id}')
    await enroll(klass.code, hidden.token)
    await hide(hidden.token, klass.course_id)
    projector = Projector(server, await token_of(klass.teacher))
    await students[0].load()
    await students[0].connect()

    await projector.open(klass.course_id)
    for student in (unseen, *students[1:], with_account):
        await student.load()
        await student.connect()
    await projector.hears(lambda wire: '4 here' in wire)
    taps = [await student.tap() for student in (unseen, *students, with_account)]
    await eventually(lambda: all(tap.answered for tap in taps))
    await projector.hears(lambda wire: len(keys(wire)) == 5)  # four who joined, and everyone
    await projector.hears(lambda wire: wire.rfind('"p":33') > wire.rfind('"p":0'))
    await with_account.close()
    await unseen.close()
    for student in students:
        await student.close()
    await projector.close()

    wire = decoded(projector.wire)
    surnames = ('Yusuf', 'Okafor', 'Lindqvist', 'طالب', 'Surname')
    firsts = ('Amina', 'علي', 'Secret')
    for text in surnames[:5]:
        assert (text in wire) is (names is NameDisplay.FULL), text
    for text in ('Absent', 'Verborgen', 'Hiddensson', 'wire@example.org', 'example.org', *rejoin_secrets(students)):
        assert text not in wire
    for text in firsts:
        assert (text in wire) is (names in {NameDisplay.FIRST_NAME, NameDisplay.FULL}), text
    assert not any(key in wire for key in ('user_id', 'userId', '"email"'))
    assert not any(key.isdigit() for key in keys(wire))


async def enroll(code: str, token: str) -> None:
    """Enroll somebody with an account, as the form on the page behind the code does."""
    resolved = await database.read(sign_ins.resolve, token)
    assert resolved
    await database.write(guests.join, resolved[0], code=code)


async def hide(token: str, course_id: int) -> None:
    """Keep somebody off the projector, as the switch on their page does."""
    resolved = await database.read(sign_ins.resolve, token)
    assert resolved
    await database.write(enrollments.hide, resolved[0], course_id, True)


def decoded(wire: str) -> str:
    """Return the wire as it reads: without what JSON and HTML have escaped, however often."""
    letters = re.sub(r'\\+u([0-9a-f]{4})', lambda escaped: chr(int(escaped[1], 16)), unescape(wire))
    return re.sub(r'\\+"', '"', letters)


def keys(wire: str) -> set[str]:
    """Return the keys of all lines that the grid was given."""
    return set(re.findall(r'"k":\s*"([^"]+)"', wire))


def rejoin_secrets(students: list[Student]) -> list[str]:
    """Return the session tokens of students."""
    return [cookie.value for student in students for cookie in student.session.cookie_jar if cookie.key == 'waymark']
