"""The watch over a running class: it follows what is committed, and dismissals are in the log."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Activity, Verb
from services.core import database
from services.core.errors import Invalid, NotFound, Refused
from services.core.transaction import Transaction
from services.courses import catalog
from services.live import rooms, sessions
from services.live.alerts import monitor
from services.live.alerts.rules import Reason
from services.live.room import Room
from services.people import groups
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class, tap
from tests.factories.people import a_student
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L8')]


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watch without patience, so that tests need none either."""
    monkeypatch.setattr(monitor, 'PASS', 0.01)
    monkeypatch.setattr(monitor, 'HELD', timedelta(0))


@pytest.mark.usefixtures('watchful')
async def test_somebody_who_falls_behind_is_told_and_no_longer_once_they_catch_up() -> None:
    klass = await a_class_with_somebody_behind()
    front = await rooms.enter(klass.course_id)
    told: list[bool] = []
    stop = front.alerts.watch(lambda: told.append(True))

    await eventually(lambda: shown(front) == {'Otto Old': Reason.BELOW})
    await tap(klass, klass.checkpoints[0], by=klass.learners[2])
    await tap(klass, klass.checkpoints[1], by=klass.learners[2])

    await eventually(lambda: shown(front) == {})
    assert told
    stop()


@pytest.mark.usefixtures('watchful')
@pytest.mark.both_databases
async def test_who_is_dismissed_stays_dismissed_for_everybody_until_the_class_ends() -> None:
    klass = await a_class_with_somebody_behind()
    otto = klass.learners[2].user_id
    front = await rooms.enter(klass.course_id)
    stop = front.alerts.watch(lambda: None)
    await eventually(lambda: shown(front))

    await dismiss(klass, otto)
    await eventually(lambda: shown(front) == {})
    stop()

    rooms.close_all()
    again = await rooms.enter(klass.course_id)
    stop = again.alerts.watch(lambda: None)
    await eventually(lambda: again.alerts._watch)
    assert again.alerts._watch
    assert again.alerts._watch.known.dismissed == {(otto, Reason.BELOW)}
    assert shown(again) == {}
    stop()
    assert await database.read(logged) == [
        (klass.teacher.user_id, otto, 'below', klass.course_id, klass.session_id),
    ]
    await assert_log_and_projections_agree()

    await database.write(sessions.end, klass.teacher, klass.course_id)
    session_id = await database.write(sessions.start, klass.teacher, klass.course_id)
    known = await database.read(monitor.load, klass.course_id, session_id)
    assert known.dismissed == set()


async def test_dismissing_twice_is_one_line_in_the_log() -> None:
    klass = await a_class()
    for _ in range(2):
        await dismiss(klass, klass.learner.user_id)
    assert len(await database.read(logged)) == 1


async def test_what_cannot_be_dismissed() -> None:
    klass = await a_class()
    with pytest.raises(Invalid, match='no such reason'):
        await database.write(monitor.dismiss, klass.teacher, klass.course_id, klass.learner.user_id, 'lazy')
    stranger = await a_student()
    with pytest.raises(NotFound, match='is not in the course now'):
        await dismiss(klass, stranger.user_id)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    with pytest.raises(Refused, match='No class is running'):
        await dismiss(klass, klass.learner.user_id)
    assert await database.read(logged) == []


async def test_what_was_heard_before_the_watch_began_is_known() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    await join_class(klass)
    receipt = await tap(klass, klass.checkpoints[0])

    known = await database.read(monitor.load, klass.course_id, klass.session_id)

    assert known.heard == {klass.learner.user_id: receipt.at}


@pytest.mark.usefixtures('watchful')
@pytest.mark.both_databases
async def test_new_thresholds_count_from_the_next_look_on() -> None:
    klass = await a_class_with_somebody_behind()
    front = await rooms.enter(klass.course_id)
    stop = front.alerts.watch(lambda: None)
    await tap(klass, klass.checkpoints[0], by=klass.learners[2])
    await eventually(lambda: shown(front) == {'Otto Old': Reason.BELOW})

    await database.write(catalog.set_attention, klass.teacher, klass.course_id, percent=50, steps=2, minutes=5)

    await eventually(lambda: shown(front) == {})
    stop()


@pytest.mark.usefixtures('watchful')
async def test_extra_time_counts_from_the_moment_it_is_given() -> None:
    klass = await a_class_with_somebody_behind()
    front = await rooms.enter(klass.course_id)
    stop = front.alerts.watch(lambda: None)
    await eventually(lambda: front.alerts._watch)
    otto = klass.learners[2].user_id

    for percent in 50, 0:
        await database.write(groups.give_extra_time, klass.teacher, klass.course_id, user_id=otto, percent=percent)
        assert front.alerts._watch
        assert front.alerts._watch.known.extra.get(otto) == percent

    stop()


@pytest.mark.usefixtures('watchful')
async def test_what_happened_while_nobody_watched_is_known_to_the_next_who_does() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    lena, otto = klass.learners
    await join_class(klass, by=lena)
    front = await rooms.enter(klass.course_id)
    stop = front.alerts.watch(lambda: None)
    await eventually(lambda: front.alerts._watch)
    stop()
    receipt = await tap(klass, klass.checkpoints[0], by=lena)
    await dismiss(klass, otto.user_id)

    stop = front.alerts.watch(lambda: None)

    await eventually(lambda: known_of(front).heard.get(lena.user_id) == receipt.at)
    assert known_of(front).dismissed == {(otto.user_id, Reason.BELOW)}
    stop()


@pytest.mark.usefixtures('watchful')
async def test_nobody_looks_and_nothing_runs() -> None:
    klass = await a_class()
    front = await rooms.enter(klass.course_id)
    stops = [front.alerts.watch(lambda: None) for _ in range(2)]
    task = front.alerts._task
    assert task
    stops[0]()
    assert front.alerts._task is task
    stops[1]()
    await eventually(task.done)
    assert front.alerts._task is None


@pytest.mark.parametrize(
    ('field', 'numbers'),
    [('percent', (101, 2, 5)), ('percent', (0, 2, 5)), ('steps', (70, 0, 5)), ('minutes', (70, 2, 121))],
)
async def test_thresholds_have_limits(field: str, numbers: tuple[int, int, int]) -> None:
    klass = await a_class()
    percent, checkpoints, minutes = numbers
    with pytest.raises(Invalid, match='a number from 1 to') as refusal:
        await database.write(
            catalog.set_attention, klass.teacher, klass.course_id, percent=percent, steps=checkpoints, minutes=minutes
        )
    assert refusal.value.field == field


@pytest.mark.both_databases
async def test_a_copy_of_a_course_has_its_thresholds() -> None:
    klass = await a_class()
    await database.write(catalog.set_attention, klass.teacher, klass.course_id, percent=60, steps=3, minutes=8)

    copy_id = await database.write(catalog.duplicate, klass.teacher, klass.course_id)

    facts = await database.read(catalog.facts, klass.teacher, copy_id)
    assert (facts.lag_percent, facts.lag_steps, facts.lag_minutes) == (60, 3, 8)


async def a_class_with_somebody_behind() -> ClassAtHand:
    """Two who have done two of three checkpoints, and Otto, who has done none."""
    klass = await a_class(learners=['Lena Low', 'Pia Punctual', 'Otto Old'])
    for who in klass.learners:
        await join_class(klass, by=who)
    for who in klass.learners[:2]:
        for checkpoint in klass.checkpoints[:2]:
            await tap(klass, checkpoint, by=who)
    return klass


async def dismiss(klass: ClassAtHand, user_id: int) -> None:
    await database.write(monitor.dismiss, klass.teacher, klass.course_id, user_id, Reason.BELOW.value)


def known_of(front: Room) -> monitor.Known:
    assert front.alerts._watch
    return front.alerts._watch.known


def shown(front: Room) -> dict[str, Reason]:
    return {look.name: look.concern.reason for look in front.alerts.looks}


def logged(tx: Transaction) -> list[tuple[object, ...]]:
    columns = Activity.user_id, Activity.about_id, Activity.words, Activity.course_id, Activity.session_id
    query = select(*(col(column) for column in columns)).where(col(Activity.verb) == Verb.ATTENTION_DISMISSED)
    return [tuple(row) for row in tx.execute(query)]
