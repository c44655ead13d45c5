"""What stands above the pages of a course, and to which of them a person is led."""

import pytest

from models import Verb
from services.core import database
from services.core.errors import NotSignedIn, Removed
from services.courses import catalog, checkpoints
from services.live import course_head, sessions
from services.live.board import help_views
from services.live.board import loading as boards
from services.live.course_head import Door
from services.live.help import queue
from services.people import participants
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.support.school import ABSENT, a_school

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.both_databases, pytest.mark.req('L5')]


async def waiting(klass: ClassAtHand) -> int:
    """Return how many wait, after a look at the board: both say the same."""
    head = await database.read(course_head.of_course, klass.teacher, klass.course_id)
    assert head.waiting == help_views.how_many(await database.read(boards.load, klass.course_id))
    return head.waiting


async def test_it_counts_who_waits_and_nobody_else() -> None:
    klass = await a_class(learners=['Lena', 'Otto', 'Mia', 'Ben'])
    lena, otto, *_ = klass.learners
    assert await waiting(klass) == 0
    for who in klass.learners:
        asked = await database.write(queue.ask, who, klass.session_id, klass.checkpoints[0])
    assert await waiting(klass) == 4

    await database.write(queue.claim, klass.teacher, asked)
    assert await waiting(klass) == 3
    await tap(klass, klass.checkpoints[0], by=lena, verb=Verb.COMPLETED)
    assert await waiting(klass) == 2
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=otto.user_id)
    assert await waiting(klass) == 1
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])
    assert await waiting(klass) == 0


async def test_it_has_the_code_only_while_that_lets_people_in() -> None:
    klass = await a_class()
    teach = klass.teacher, klass.course_id

    async def now() -> tuple[str, str, bool]:
        head = await database.read(course_head.of_course, *teach)
        return head.title, head.code, head.is_running

    assert await now() == ('Soil', klass.code, True)
    await database.write(catalog.open_code, *teach, is_open=False)
    await database.write(sessions.end, *teach)
    assert await now() == ('Soil', '', False)
    await database.write(catalog.open_code, *teach, is_open=True)
    await database.write(catalog.archive, *teach, archived=True)
    assert await now() == ('Soil', '', False)


async def test_everybody_is_led_to_their_own_page() -> None:
    school = await a_school()
    found: dict[str, object] = {}
    for who, actor in school.people.items():
        try:
            found[who] = await database.read(course_head.door, actor, school.course_id)
        except NotSignedIn:
            found[who] = NotSignedIn

    assert found == {
        'nobody': NotSignedIn,
        'signed out': NotSignedIn,
        'student elsewhere': Door.OUTSIDE,
        'instructor elsewhere': Door.OUTSIDE,
        'parent': Door.OUTSIDE,
        'learner': Door.CLASS,
        'co-instructor': Door.CHECKPOINTS,
        'owner': Door.CHECKPOINTS,
        'admin': Door.CHECKPOINTS,
    }
    owner, learner = school.people['owner'], school.people['learner']
    await database.write(sessions.end, owner, school.course_id)
    assert await database.read(course_head.door, learner, school.course_id) is Door.LEARN
    for absent in ABSENT, school.deleted_course_id:
        for actor in owner, learner:
            assert await database.read(course_head.door, actor, absent) is Door.OUTSIDE


async def test_a_learner_who_was_taken_out_reads_so() -> None:
    klass = await a_class()
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)

    with pytest.raises(Removed):
        await database.read(course_head.door, klass.learner, klass.course_id)
