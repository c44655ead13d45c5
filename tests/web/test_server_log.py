"""What the operator can read afterwards."""

import pytest

from bench.student import Student
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, an_account
from tests.support.eventually import eventually
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('O1')]


async def test_who_came_in_and_went(server: Server, visitor: Visitor) -> None:
    account = await an_account(email='journal@example.org')

    await visitor.fills_in('/sign-in', email='journal@example.org', password='wrong')
    await visitor.fills_in('/sign-in', email='journal@example.org', password=PASSWORD)
    await visitor.sends('/sign-out', form='/account')

    mine = [line for line in server.journal() if line.get('user') == account.actor.user_id]
    assert [line['event'] for line in mine] == ['signed in', 'signed out']
    assert all(line['request_id'] and line['timestamp'] and line['level'] == 'info' for line in mine)
    assert [line['known'] for line in server.journal('sign-in tried')][-2:] == [True, True]
    assert PASSWORD not in server.said()
    assert 'journal@example.org' not in server.said()
    assert account.token not in server.said()


async def test_taps_and_what_follows_from_them(server: Server) -> None:
    course = await a_course(checkpoints=2)
    teacher = Student('', server.origin)
    teacher.enter({'waymark': await token_of(course.teacher)}, f'/courses/{course.course_id}/live')
    await teacher.load()
    await teacher.page.connect()
    start = next(
        number
        for number, element in teacher.page.elements.items()
        if element.get('props', {}).get('label') == 'Start the class'
    )
    await teacher.page.fire(start, 'click')

    def the_taps() -> list[dict[str, object]]:
        return [line for line in server.journal('tap') if line.get('checkpoint') in course.checkpoints]

    def the_figures() -> list[dict[str, object]]:
        return [line for line in server.journal('recalculated') if line.get('course') == course.course_id]

    lena = Student('Lena Learner', server.origin)
    await lena.join(course.code)
    await lena.load()
    await lena.connect()
    await eventually(lambda: lena.ready)

    for _ in course.checkpoints:
        await eventually(lambda: lena.ready)
        await lena.tap()
    await eventually(lambda: sum(line['verb'] == 'completed' for line in the_taps()) == 2)
    await eventually(lambda: any(line.get('course') == course.course_id for line in server.journal('course completed')))
    await eventually(lambda: len(the_figures()) == 2)
    await lena.close()
    await teacher.close()

    started = [line for line in server.journal('class started') if line.get('course') == course.course_id]
    assert started[-1]['request_id']
    taps, recalculated = the_taps(), the_figures()
    assert len({line['request_id'] for line in taps}) == len(taps)
    assert [(line['old_percent'], line['new_percent']) for line in recalculated] == [(0, 50), (50, 100)]
    assert all(line['request_id'] for line in recalculated)
    assert 'Lena' not in server.said(), 'people are numbers in the journal'
