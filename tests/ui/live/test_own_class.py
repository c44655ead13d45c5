"""A learner's page of a class: what it shows, and what it answers."""

import pytest
from sqlalchemy import update

from models import Course
from services.accounts import sign_ins
from services.core import database
from services.courses import checkpoints
from services.live import sessions
from tests.factories.classes import a_class, a_course, assert_log_and_projections_agree, percent
from tests.factories.people import a_guest
from tests.support.learner import Learner
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L3')]


async def test_a_tap_leads_to_the_next_checkpoint(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await lena.is_at('Step 1')
    await lena.sees('1 of 3', 'You have done 0 percent')

    lena.taps()

    await lena.sees('Saved · step 1')
    await lena.is_at('Step 2')
    await lena.sees('2 of 3', 'You have done 33 percent')
    assert await percent(klass, klass.learner) == 33


async def test_undo_brings_the_checkpoint_back(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    lena.taps()
    await lena.is_at('Step 2')

    lena.takes_back()

    await lena.sees('Taken back · step 1', 'You have done 0 percent')
    await lena.is_at('Step 1')
    assert await percent(klass, klass.learner) == 0


async def test_when_all_is_done_there_is_nothing_left_to_tap(enter: Enter) -> None:
    klass = await a_class(checkpoints=1)
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)

    lena.taps()

    await lena.is_at('All done!')
    await lena.sees('You have finished the only step', 'You have done 100 percent')
    assert lena.markers == []


@pytest.mark.req('A3')
async def test_a_tap_after_all_devices_were_signed_out_is_not_saved(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await database.write(sign_ins.end_all, klass.learner.user_id)

    lena.taps()

    await lena.sees('You are signed out', 'You have done 0 percent')
    await lena.is_at('Step 1')


@pytest.mark.req('L5')
async def test_the_same_marker_tapped_again_changes_nothing(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    tapped = lena.taps()
    lena.taps(marker=tapped)
    await lena.is_at('Step 2')

    lena.taps(marker=tapped)

    await lena.sees('Saved · step 1')
    await lena.is_at('Step 2')
    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


async def test_a_refused_tap_says_why_and_the_mark_goes_back(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    # put away in the very moment of the tap: the page has not heard of it
    await database.write(lambda tx: tx.execute(update(Course).values(archived_at=tx.now)))

    tapped = lena.taps()

    await lena.sees('archived this course')
    await lena.is_at('Step 1')
    assert lena.markers != [tapped], 'the browser shows a fresh check box, which is empty'
    assert len(lena.markers) == 1


async def test_the_checkpoint_that_was_tapped_has_just_been_deleted(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    tapped = lena.markers[0]
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])

    lena.taps(marker=tapped)

    await lena.sees('Your instructor has removed this step')
    await lena.is_at('Step 2')
    await lena.sees('1 of 2')


@pytest.mark.req('L9')
async def test_the_instructor_leads_and_the_page_follows(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await lena.is_at('Step 1')

    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[2])
    await lena.is_at('Step 3')
    await lena.sees('The class is here')
    await database.write(sessions.set_current, klass.teacher, klass.course_id, None)
    await lena.is_at('Step 1')


async def test_a_checkpoint_picked_from_the_list_can_be_done_out_of_order(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)

    lena.picks(klass.checkpoints[2])
    await lena.is_at('Step 3')
    lena.taps()

    await lena.sees('Saved · step 3')
    await lena.is_at('Step 1')


async def test_waiting_for_a_class_that_then_begins_and_ends(enter: Enter) -> None:
    course = await a_course()
    guest = await a_guest(code=course.code)
    lena = Learner(await enter(guest))
    await lena.opens(course)
    await lena.is_at('Waiting for the class to start')
    assert lena.markers == []

    await database.write(sessions.start, course.teacher, course.course_id)
    await lena.is_at('Step 1')
    lena.taps()
    await lena.is_at('Step 2')
    await lena.sees('Saved · step 1', 'Show me on the projector')
    await database.write(sessions.end, course.teacher, course.course_id)

    await lena.is_at('This class has ended')
    await lena.sees('You have done 33 percent')
    assert lena.markers == []
    for old in ('Saved · step 1', 'Undo', 'Show me on the projector'):
        await lena.user.should_not_see(old)
    await database.write(sessions.start, course.teacher, course.course_id)
    await lena.sees('Show me on the projector')


@pytest.mark.req('A5')
async def test_two_pages_of_one_learner_show_the_same(enter: Enter) -> None:
    klass = await a_class()
    phone, tablet = Learner(await enter(klass.learner)), Learner(await enter(klass.learner))
    await phone.opens(klass)
    await tablet.opens(klass)

    phone.taps()

    await phone.is_at('Step 2')
    await tablet.is_at('Step 2')
    tablet.takes_back()
    await phone.is_at('Step 1')


async def test_somebody_elses_tap_moves_only_the_figure_of_the_class(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    lena, otto = [Learner(await enter(actor)) for actor in klass.learners]
    await lena.opens(klass)
    await otto.opens(klass)

    lena.taps()

    await lena.is_at('Step 2')
    await otto.sees('You have done 0 percent')
    await otto.is_at('Step 1')


@pytest.mark.req('L5', 'L9')
@pytest.mark.parametrize(('led_to', 'counts'), [([2], 33), ([1, 2], 0)])
async def test_a_tap_that_crosses_with_the_instructor_never_counts_for_another_checkpoint(
    enter: Enter, led_to: list[int], counts: int
) -> None:
    """The marker before listens on; the one before that is gone, and with it a tap that was so late."""
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    (seen,) = lena.markers
    for index in led_to:
        await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[index])
        await lena.is_at(f'Step {index + 1}')

    lena.taps(marker=seen)

    await lena.sees(f'You have done {counts} percent')
    await lena.is_at('Step 3')
    assert await percent(klass, klass.learner) == counts
    await assert_log_and_projections_agree()


async def test_two_markers_are_enough_for_any_number_of_checkpoints(enter: Enter) -> None:
    klass = await a_class(checkpoints=5)
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    used = set()

    for number in range(1, 5):
        used.add(lena.taps().id)
        await lena.is_at(f'Step {number + 1}')

    assert len(used) == 2


@pytest.mark.req('S12')
async def test_between_classes_one_can_go_on_alone(enter: Enter) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    lena = Learner(await enter(learner))

    await lena.opens(course)

    await lena.is_at('Waiting for the class to start')
    await lena.sees(f'href="/courses/{course.course_id}/learn"')


@pytest.mark.req('L9')
async def test_a_learner_reads_how_far_they_are_from_the_checkpoint_of_the_class(enter: Enter) -> None:
    klass = await a_class(checkpoints=5)
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[3])
    await lena.is_at('Step 4')

    lena.picks(klass.checkpoints[1])
    await lena.sees('You are 2 steps behind. The class is at 4 · Step 4')
    lena.picks(klass.checkpoints[4])
    await lena.sees('You are 1 step ahead. The class is at 4 · Step 4')
    lena.user.find('Back to class').click()

    await lena.is_at('Step 4')
    await lena.sees('The class is here')
    await lena.user.should_not_see('Back to class')


async def test_a_browser_that_translates_leaves_the_code_and_the_name_alone(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)

    await lena.sees('translate="no">Lena Learner</bdi>')
    await lena.sees('<b class="number" translate="no">')


async def test_the_tab_of_the_browser_names_the_course(enter: Enter) -> None:
    klass = await a_class(title='Soil & water')
    lena = await enter(klass.learner)
    await lena.open(f'/class/{klass.course_id}')
    assert lena.client
    assert lena.client.title == 'Class · Soil & water · Waymark'
