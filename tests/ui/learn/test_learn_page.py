"""The learner's page: how one gets there, and what it offers once a checkpoint or a course is done."""

import pytest
from nicegui.testing import User

from services.core import database
from services.courses import catalog, modules
from services.study import path
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest
from tests.support.eventually import eventually
from tests.support.learner import Learner
from tests.ui.conftest import Enter
from ui.learn import learning

pytestmark = pytest.mark.req('S1', 'S2')


def page_of(course: CourseAtHand, checkpoint: int = 0) -> str:
    return f'/courses/{course.course_id}/learn/{course.checkpoints[checkpoint]}'


def offers_undo(user: User) -> bool:
    assert user.client
    pieces = user.client.elements.values()
    return any(piece.props.get('innerHTML') == 'Undo' and 'hidden' not in piece.classes for piece in pieces)


async def test_the_address_of_a_course_leads_its_learners_to_their_page(enter: Enter) -> None:
    soil, air = await a_course(), await a_course(title='Air')
    learner = await enter(await a_guest(code=soil.code))
    stranger = await enter(await a_guest(code=air.code, name='Otto'))

    led = await learner.http_client.get(f'/courses/{soil.course_id}')
    refused = await stranger.http_client.get(f'/courses/{soil.course_id}')

    assert (led.status_code, led.headers['location']) == (303, f'/courses/{soil.course_id}/learn')
    assert refused.status_code == 404


async def test_undo_is_offered_only_right_after(enter: Enter) -> None:
    course = await a_course(checkpoints=2)
    learner = await a_guest(code=course.code)
    lena = await enter(learner)
    await lena.open(page_of(course))
    assert not offers_undo(lena)

    await mark(course.checkpoints[0], by=learner)
    await lena.should_see('learn-done')
    assert offers_undo(lena)

    await lena.open(page_of(course))
    await lena.should_see('learn-done')
    assert not offers_undo(lena)


@pytest.mark.req('C3')
async def test_a_learner_reads_what_the_course_and_its_modules_are_about(enter: Enter) -> None:
    course = await a_course(title='Soil', checkpoints=2)
    facts = {'title': 'Soil', 'description': 'Two *samples*, one hour.', 'subject': 'Biology <3'}
    await database.write(catalog.edit, course.teacher, course.course_id, **facts)
    await database.write(modules.edit, course.teacher, course.module_id, description='Bring **boots**.')
    lena = await enter(await a_guest(code=course.code))

    await lena.open(page_of(course))
    await lena.should_see('Bring <strong>boots</strong>.')
    await lena.should_see(f'href="/courses/{course.course_id}/about"')
    await lena.open(page_of(course, checkpoint=1))
    await lena.should_not_see('Bring <strong>boots</strong>.')

    await lena.open(f'/courses/{course.course_id}/about')
    for words in 'Two <em>samples</em>, one hour.', 'Biology <3', 'Bring <strong>boots</strong>.', 'Step 2':
        await lena.should_see(words)
    await lena.open('/')
    await lena.should_see('Biology <3')


@pytest.mark.req('C3')
async def test_what_a_course_is_about_is_not_shown_to_strangers(enter: Enter) -> None:
    course, other = await a_course(), await a_course(title='Air')
    stranger = await enter(await a_guest(code=other.code, name='Otto'))

    assert (await stranger.http_client.get(f'/courses/{course.course_id}/about')).status_code == 404


@pytest.mark.req('C3')
async def test_somebody_with_the_code_reads_what_the_course_is_about_before_joining(enter: Enter) -> None:
    course, other = await a_course(), await a_course(title='Air')
    facts = {'title': 'Soil', 'description': 'Two *samples*. <script>x</script>', 'subject': 'Biology <3'}
    await database.write(catalog.edit, course.teacher, course.course_id, **facts)
    otto = await enter(await a_guest(code=other.code, name='Otto'))

    shown = (await otto.http_client.get(f'/j/{course.code}')).text

    assert 'Two <em>samples</em>.' in shown
    assert 'Biology &lt;3' in shown
    assert '<script>' not in shown


async def test_in_a_completed_course_the_certificate_comes_first(enter: Enter) -> None:
    course = await a_course(checkpoints=2)
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)
    lena = await enter(learner)
    await lena.open(page_of(course))
    await lena.should_see('class="button-primary" rel="next"')

    await mark(course.checkpoints[1], by=learner)
    await lena.open(page_of(course))

    await lena.should_see('class="button-primary" href="/certificates/')
    await lena.should_see('class="button-quiet" rel="next"')


async def test_a_tick_does_not_wait_until_what_happened_before_is_drawn(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, 'SOON', 3600.0)
    course = await a_course(checkpoints=2)
    person = await a_guest(code=course.code)
    lena = await enter(person)
    await lena.open(page_of(course))
    assert lena.client
    history = lena.client.outbox.message_history
    lena.client.run_javascript('"the socket is open"')
    await eventually(lambda: history)

    def sent() -> list[str]:
        return [part for *_, (_, _, data) in history for part in ('checkbox', 'learn-path') if part in str(data)]

    await mark(course.checkpoints[1], by=person)
    for _ in range(3):  # by then, the page would have read as well
        await database.read(path.place, person, course.course_id, course.checkpoints[0])
    Learner(lena).taps()
    await eventually(lambda: 'learn-path' in sent())

    assert sent()[0] == 'checkbox'
    await lena.should_see('2 of 2')
