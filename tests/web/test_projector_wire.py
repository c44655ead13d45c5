"""What the projector is sent, byte by byte: nothing by which a student could be told."""

import re
from collections.abc import Callable
from html import unescape

import aiohttp
import pytest

from bench.protocol import Page
from bench.student import Student
from services.accounts import sign_ins
from services.core import database
from services.enums import NameDisplay
from services.live import sessions
from services.live.board.aliases import alias, row_key
from services.people import joining
from services.progress import enrollments
from tests.factories.classes import CourseAtHand, a_class, a_course
from tests.factories.people import a_student, an_account
from tests.support.eventually import eventually
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.req('L10')]

ONE_DONE = '1 of 3 steps done'
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
            page = await answer.text()  # what it shows already comes with the page, and need not be sent again
        self.wire += page
        self._page.take(self._origin, page)
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
    await projector.hears(lambda wire: '4 of 5 here' in wire)  # one is absent, and nobody counts who is hidden
    taps = [await student.tap() for student in (unseen, *students, with_account)]
    await eventually(lambda: all(tap.answered for tap in taps))
    await projector.hears(lambda wire: len(names_on(wire)) == 4)
    await projector.hears(lambda wire: wire.count(ONE_DONE) >= 4)
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
    for student in students:
        assert row_key(klass.session_id, await user_id_of(student)) not in wire


@pytest.mark.parametrize('names', [NameDisplay.ALIAS, NameDisplay.FULL])
async def test_who_keeps_off_it_during_the_class_leaves_no_trace_until_they_are_back(
    server: Server, names: NameDisplay
) -> None:
    klass = await a_class(learners=())
    await database.write(sessions.set_names, klass.teacher, klass.course_id, names)
    students = [Student(name, server.origin) for name in (*FULL_NAMES, 'Ida Ice', 'Otto Old', 'Lena Low')]
    for student in students:
        await student.join(klass.code)
        await student.load()
        await student.connect()
    otto, lena = students[-2:]
    projector = Projector(server, await token_of(klass.teacher))
    await projector.open(klass.course_id)
    await projector.hears(lambda wire: len(names_on(wire)) == 6)
    await projector.hears(lambda wire: '6 here · 0 % done' in wire)  # said aloud a moment after it is shown
    name = 'Lena Low' if names is NameDisplay.FULL else alias(klass.session_id, await user_id_of(lena), ())
    assert name in names_on(decoded(projector.wire))

    projector.wire = ''
    await switch(lena)
    await projector.hears(lambda wire: '5 here' in wire)
    taps = [await lena.tap(), await otto.tap()]
    await eventually(lambda: all(tap.answered for tap in taps))
    await projector.hears(lambda wire: ONE_DONE in wire)
    without = decoded(projector.wire)
    await switch(lena)
    await projector.hears(lambda wire: '6 here' in wire and name in names_on(wire))
    for student in students:
        await student.close()
    await projector.close()

    for trace in (name, '6 here'):
        assert trace not in without
    assert len(names_on(without)) == 5
    of_lena = {'course': klass.course_id, 'user': await user_id_of(lena)}
    for event in ('hidden from the projector', 'shown on the projector'):
        assert any(of_lena.items() <= line.items() for line in server.journal(event))


async def test_who_keeps_off_it_before_the_class_begins_is_never_on_it(server: Server) -> None:
    course = await a_course()
    students = [Student(name, server.origin) for name in ('Amina Yusuf', 'Lena Low')]
    for student in students:
        await student.join(course.code)
        await student.load()
        await student.connect()
    projector = Projector(server, await token_of(course.teacher))
    await projector.open(course.course_id)

    await switch(students[1])
    await projector.hears(lambda wire: wire.rfind('1 here') > wire.rfind('2 here'))
    projector.wire = ''
    session_id = await start_the_class(server, course)
    await projector.hears(lambda wire: len(names_on(wire)) == 1)
    await eventually(lambda: all(student.ready for student in students))
    taps = [await student.tap() for student in reversed(students)]
    await eventually(lambda: all(tap.answered for tap in taps))
    await projector.hears(lambda wire: ONE_DONE in wire)
    for student in students:
        await student.close()
    await projector.close()

    wire = decoded(projector.wire)
    assert names_on(wire) == {alias(session_id, await user_id_of(students[0]), ())}
    assert '2 here' not in wire


async def enroll(code: str, token: str) -> None:
    """Enroll somebody with an account, as the form on the page behind the code does."""
    resolved = await database.read(sign_ins.resolve, token)
    assert resolved
    await database.write(joining.join, resolved[0], code=code)


async def switch(student: Student) -> None:
    """Press "Show me on the projector"."""
    await click(student.page, role='switch')


async def click(page: Page, **prop: str) -> None:
    """Click the element that has a property."""
    elements = page.elements.items()
    await page.fire(next(n for n, each in elements if prop.items() <= each.get('props', {}).items()), 'click')


async def start_the_class(server: Server, course: CourseAtHand) -> int:
    """Press the button on the instructor's page; returns the id of the session."""
    async with aiohttp.ClientSession(
        cookies={'waymark': await token_of(course.teacher)}, cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as browser:
        page = Page(browser)
        await page.load(server.origin, f'/courses/{course.course_id}/live')
        await page.connect()
        await click(page, label='Start the class')
        started = 'class started', course.course_id
        await eventually(lambda: any((line['event'], line.get('course')) == started for line in server.journal()))
        await page.close()
    session = await database.read(sessions.latest, course.course_id)
    assert session
    return session.session_id


async def user_id_of(student: Student) -> int:
    """Return who a student is."""
    resolved = await database.read(sign_ins.resolve, rejoin_secrets([student])[0])
    assert resolved
    return resolved[0].user_id


async def hide(token: str, course_id: int) -> None:
    """Keep somebody off the projector, as the switch on their page does."""
    resolved = await database.read(sign_ins.resolve, token)
    assert resolved
    await database.write(enrollments.hide, resolved[0], course_id, True)


def decoded(wire: str) -> str:
    """Return the wire as it reads: without what JSON and HTML have escaped, however often."""
    letters = re.sub(r'\\+u([0-9a-f]{4})', lambda escaped: chr(int(escaped[1], 16)), unescape(wire))
    return re.sub(r'\\+"', '"', letters)


def names_on(wire: str) -> set[str]:
    """Return all names that the picture was given."""
    return set(re.findall(r'class="wall-name" translate="no">([^<]+)</bdi>', wire))


def rejoin_secrets(students: list[Student]) -> list[str]:
    """Return the session tokens of students."""
    return [cookie.value for student in students for cookie in student.session.cookie_jar if cookie.key == 'waymark']
