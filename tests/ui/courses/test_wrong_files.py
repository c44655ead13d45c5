"""A file that the browser of a teacher does not even send: the page says what is wrong with it."""

import pytest
from nicegui.testing import User

from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.factories.classes import a_course
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('C3')


async def test_a_file_of_another_type_and_one_that_is_too_large_are_told_apart(enter: Enter) -> None:
    course = await a_course(checkpoints=1)
    details = Details(title='Wet it', kind=CheckpointKind.VIDEO)
    await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')
    teacher.find('Wet it').click()
    await teacher.should_see('Choose the video', retries=RETRIES)

    refuse(teacher, 'film', 'accept')
    await teacher.should_see('is of another type. Needed here: Video (MP4 or WebM)', retries=RETRIES)

    refuse(teacher, 'film', 'max-file-size')
    await teacher.should_see('is larger than 500 MB. Choose a smaller one.', retries=RETRIES)

    refuse(teacher, 'film', 'nonsense')
    await teacher.should_see('is larger than 500 MB. Choose a smaller one.')


def refuse(user: User, part: str, why: str) -> None:
    """Tell the page what a browser tells it: the name of a file does not come along."""
    assert user.client
    (uploader,) = (
        each for each in user.client.elements.values() if str(each.props.get('url', '')).endswith(f'/{part}')
    )
    with user.client:
        for listener in list(uploader._event_listeners.values()):
            if listener.type == 'rejected':
                told = [{'failedPropValidation': why, 'file': {}}]
                uploader._handle_event({'listener_id': listener.id, 'args': told})
