"""The home of a learner: one filled button, which is the class that is on; and no verdict before there was a week."""

from datetime import timedelta

import pytest
from nicegui.testing import User

from services.core import clock, database
from services.courses import course_cards
from services.live import sessions
from services.people import joining
from settings import settings
from tests.factories.classes import a_class, a_course, mark
from tests.factories.people import a_guest, an_instructor, another_device
from tests.factories.quizzes import WRONG, a_quiz, take
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L3', 'S12')]


def filled_buttons(user: User) -> list[str]:
    assert user.client
    elements = user.client.elements.values()
    return [str(each.props.get('href', each.tag)) for each in elements if 'button-primary' in each.classes]


async def test_the_class_that_is_on_is_the_one_filled_button(enter: Enter) -> None:
    klass, other = await a_class(title='Soil'), await a_course(title='Air')
    await database.write(joining.join, klass.learner, code=other.code)
    lena = await enter(klass.learner)

    await lena.open('/')
    await lena.should_see('Soil is on now')
    assert filled_buttons(lena) == [f'/class/{klass.course_id}']

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await lena.open('/')
    await lena.should_see('Your courses')
    assert filled_buttons(lena) == []


@pytest.mark.req('O4')
async def test_a_stranger_reads_where_they_are_and_what_the_school_says(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_instructor()
    stranger = await enter(None)
    await stranger.open('/')
    await stranger.should_see('Join your class')
    await stranger.should_not_see('Hillside School')

    monkeypatch.setenv('SCHOOL_NAME', 'Hillside School')
    monkeypatch.setenv('WELCOME_TEXT', 'Ask **Olga** in room 12.')
    settings.cache_clear()
    await stranger.open('/')
    await stranger.should_see('Hillside School')
    await stranger.should_see('Ask <strong>Olga</strong> in room 12.')


@pytest.mark.req('O4')
async def test_a_new_installation_says_how_it_is_set_up(enter: Enter) -> None:
    owner = await enter(None)
    await owner.open('/')
    await owner.should_see('Not set up yet')
    await owner.should_see('“set_up_link” in the data folder')
    await owner.should_not_see('Join your class')

    await an_instructor()
    await owner.open('/')
    await owner.should_see('Join your class')


@pytest.mark.req('N9')
async def test_what_is_to_be_reviewed_today_is_on_the_home_with_its_course(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = await a_quiz(klass=await a_class(title='Soil through the year'))
    await take(quiz, WRONG)
    now = clock.now
    monkeypatch.setattr(clock, 'now', lambda: now() + timedelta(days=1))
    lena = await enter(await another_device(of=quiz.learner))
    await lena.open('/')
    await lena.should_see('To review today')
    await lena.should_see('<bdi translate="no">Soil through the year</bdi> · last answered on')
    await lena.should_see(f'href="/courses/{quiz.klass.course_id}/about"')


async def test_a_course_that_was_just_joined_says_how_many_checkpoints_and_gives_no_verdict(enter: Enter) -> None:
    course = await a_course(checkpoints=8)
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)
    lena = await enter(learner)

    await lena.open('/')

    await lena.should_see('this week')
    await lena.should_not_see('at risk')


@pytest.mark.req('C1')
async def test_the_home_of_a_teacher_grows_by_no_element_for_a_course_and_what_is_on_comes_first(enter: Enter) -> None:
    klass = await a_class(title='Soil')
    ines = await enter(klass.teacher)
    await ines.open('/')
    assert ines.client
    with_one = len(ines.client.elements)
    for number in range(3):
        await a_course(title=f'<b>Air & water</b> {number}', by=klass.teacher)

    await ines.open('/')
    assert ines.client.title == 'Your courses · Waymark'
    await ines.should_see(f'href="/courses/{klass.course_id}/live">live</a>')
    await ines.should_see('&lt;b&gt;Air &amp; water&lt;/b&gt; 2')
    assert len(ines.client.elements) == with_one
    cards = await database.read(course_cards.taught, klass.teacher)
    assert [card.title[-4:] for card in cards] == ['Soil', 'b> 2', 'b> 1', 'b> 0']
