"""A file that a browser does not even send: each page that takes files names the kinds that it takes, and the limit."""

import pytest
from nicegui.testing import User

from services.access import Actor
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.factories.assignments import an_assignment
from tests.factories.classes import a_course
from tests.factories.people import an_admin
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('C3')


async def test_a_video_of_another_kind_and_one_that_is_too_large_are_told_apart(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    details = Details(title='Wet it', kind=CheckpointKind.VIDEO)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    teacher.find('Wet it').click()
    await teacher.should_see('Choose the video', retries=RETRIES)

    refuse(teacher, 'accept', part='film')
    await teacher.should_see('is of another kind. Taken here: Video (MP4 or WebM); up to 500 MB.', retries=RETRIES)

    refuse(teacher, 'max-file-size', part='film')
    await teacher.should_see('is larger than 500 MB. Choose a smaller one: Video (MP4 or WebM).', retries=RETRIES)

    refuse(teacher, 'nonsense', part='film')
    await teacher.should_see('is larger than 500 MB. Choose a smaller one')


async def test_a_class_list_names_its_kinds_and_its_limit(enter: Enter) -> None:
    course = await a_course()
    await _says(
        enter, course.teacher, f'/courses/{course.course_id}/people', 'A table (.xlsx, .ods, .csv or .txt)', '2 MB'
    )


async def test_grades_from_a_file_name_their_kinds_and_their_limit(enter: Enter) -> None:
    course = await a_course()
    address = f'/courses/{course.course_id}/gradebook/import'
    await _says(enter, course.teacher, address, 'The file of the gradebook', '5 MB')


async def test_questions_from_a_file_name_their_kinds_and_their_limit(enter: Enter) -> None:
    course = await a_course()
    address = f'/courses/{course.course_id}/questions/import'
    await _says(enter, course.teacher, address, 'GIFT, Aiken, Moodle XML', '50 MB')


async def test_a_course_file_names_its_kinds_and_its_limit(enter: Enter) -> None:
    course = await a_course()
    await _says(enter, course.teacher, '/courses/new', 'a course that was exported (.waymark.zip', '2000 MB')


async def test_work_that_is_handed_in_names_its_kinds_and_its_limit(enter: Enter) -> None:
    work = await an_assignment()
    await _says(enter, work.learner, f'/assignments/{work.checkpoint_id}', 'PDF, Pictures (PNG, JPEG', '25 MB')


async def test_lists_of_the_school_are_counted_together(enter: Enter) -> None:
    admin = await _says(enter, await an_admin(), '/school/lists', 'OneRoster 1.1 or 1.2', '20 MB')
    refuse(admin, 'max-total-size')
    await admin.should_see('are larger than 20 MB together', retries=RETRIES)


async def _says(enter: Enter, actor: Actor, page: str, kinds: str, limit: str) -> User:
    """Let a page be told of a file that is of another kind, and of one that is too large."""
    user = await enter(actor)
    await user.open(page)
    refuse(user, 'accept')
    await user.should_see(f'The file that you chose is of another kind. Taken here: {kinds}', retries=RETRIES)
    await user.should_see(f'; up to {limit}.')
    refuse(user, 'max-file-size')
    await user.should_see(f'is larger than {limit}. Choose a smaller one: {kinds}', retries=RETRIES)
    return user


def refuse(user: User, why: str, *, part: str = '') -> None:
    """Tell the page what a browser tells it: the name of a file does not come along."""
    assert user.client
    (uploader,) = (
        each
        for each in user.client.elements.values()
        if 'max-file-size' in each.props and str(each.props.get('url', '')).endswith(part)
    )
    with user.client:
        for listener in list(uploader._event_listeners.values()):
            if listener.type == 'rejected':
                told = [{'failedPropValidation': why, 'file': {}}]
                uploader._handle_event({'listener_id': listener.id, 'args': told})
