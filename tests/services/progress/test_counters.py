"""The percentage of a learner, and completing the course: once, and for good."""

from datetime import datetime

import pytest
from sqlalchemy import Update, select, update
from sqlmodel import col

from models import Activity, Course, Enrollment, Mode, Verb
from services import verify
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import database
from services.core.transaction import Transaction
from services.courses import checkpoints, modules
from services.courses.checkpoints import Details
from services.people import participants
from services.progress import counters
from services.progress.counters import Repair
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    a_course,
    assert_log_and_projections_agree,
    percent,
    tap,
    undo,
)
from tests.factories.people import a_guest
from tests.support.queries import statements

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('S2', 'S12')]


@pytest.mark.parametrize(
    ('checkpoints', 'done', 'expected'), [(3, 1, 33), (3, 2, 66), (3, 3, 100), (7, 6, 85), (200, 199, 99)]
)
async def test_it_is_rounded_down_so_that_100_means_all(checkpoints: int, done: int, expected: int) -> None:
    klass = await a_class(checkpoints=checkpoints)

    for checkpoint in klass.checkpoints[:done]:
        await tap(klass, checkpoint)

    assert await percent(klass, klass.learner) == expected
    await assert_log_and_projections_agree()


async def test_it_counts_across_modules() -> None:
    klass = await a_class(checkpoints=2)
    second = await database.write(modules.add, klass.teacher, klass.course_id, title='Second')
    added = await database.write(checkpoints.add, klass.teacher, second, lines='Third\nFourth')

    await tap(klass, added[0])

    assert await percent(klass, klass.learner) == 25
    await database.write(checkpoints.move, klass.teacher, added[0], module_id=klass.module_id, index=0)
    assert await percent(klass, klass.learner) == 25


async def test_an_empty_course_is_at_0() -> None:
    course = await a_course(checkpoints=0)
    learner = await a_guest(code=course.code)

    assert await percent(course, learner) == 0
    await assert_log_and_projections_agree()


async def test_done_in_either_mode_is_done_and_undo_is_of_its_own_mode_only() -> None:
    klass = await a_class(checkpoints=2)
    checkpoint = klass.checkpoints[0]
    await tap(klass, checkpoint)
    await on_their_own(klass, checkpoint, Verb.COMPLETED)
    assert await percent(klass, klass.learner) == 50

    await undo(klass, checkpoint)

    assert await percent(klass, klass.learner) == 50
    await on_their_own(klass, checkpoint, Verb.UNDONE)
    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()


async def test_the_course_is_completed_once_and_for_good() -> None:
    klass = await a_class(checkpoints=2)
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    first = await completed_at(klass, klass.learner)
    assert first is not None

    await undo(klass, klass.checkpoints[0])
    assert await percent(klass, klass.learner) == 50
    assert await completed_at(klass, klass.learner) == first
    await tap(klass, klass.checkpoints[0])

    assert await completed_at(klass, klass.learner) == first
    assert await times_completed(klass.learner) == 1
    await assert_log_and_projections_agree()


async def test_a_new_checkpoint_lowers_the_percentage_and_takes_no_completion_away() -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    first = await completed_at(klass, klass.learner)

    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')

    assert await percent(klass, klass.learner) == 50
    assert await completed_at(klass, klass.learner) == first
    await assert_log_and_projections_agree()


async def a_checkpoint_is_deleted(klass: ClassAtHand) -> None:
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[1])


async def a_checkpoint_becomes_a_preview(klass: ClassAtHand) -> None:
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[1], Details(title='Look', is_preview=True))


@pytest.mark.parametrize('shrink', [a_checkpoint_is_deleted, a_checkpoint_becomes_a_preview])
async def test_who_is_lifted_to_100_completes_properly(shrink) -> None:  # type: ignore[no-untyped-def]
    klass = await a_class(checkpoints=2, learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    await tap(klass, klass.checkpoints[0], by=lena)

    await shrink(klass)

    assert [await percent(klass, who) for who in klass.learners] == [100, 0]
    assert await completed_at(klass, lena) is not None
    assert await completed_at(klass, otto) is None
    assert await times_completed(lena) == 1
    await assert_log_and_projections_agree()


async def test_deleting_the_last_checkpoint_completes_nobody() -> None:
    klass = await a_class(checkpoints=1)

    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 0
    assert await completed_at(klass, klass.learner) is None


async def test_a_restored_checkpoint_counts_again_with_what_was_done_there() -> None:
    klass = await a_class(checkpoints=2)
    await tap(klass, klass.checkpoints[0])
    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])
    assert await percent(klass, klass.learner) == 0

    await database.write(checkpoints.restore, klass.teacher, klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 50
    await assert_log_and_projections_agree()


async def test_what_is_done_in_one_course_does_not_count_in_another() -> None:
    klass, other = await a_class(), await a_course(title='Water')
    twin = await a_guest(code=other.code, name='Lena Learner')

    await tap(klass, klass.checkpoints[0])

    assert await percent(other, twin) == 0


async def test_a_recalculation_by_hand_repairs_and_reports(server_log_lines: list[dict[str, object]]) -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'Otto', 'Mia'])
    lena, _, mia = klass.learners
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint, by=mia)
    await tap(klass, klass.checkpoints[0], by=lena)
    await spoil(update(Enrollment).where(col(Enrollment.user_id) != mia.user_id).values(percent=7, done=5))
    await spoil(update(Course).values(counted=9))
    assert len(await database.read(verify.differences)) == 3, 'the course, Lena and Otto'

    repair = await counters.recalculate(klass.teacher, klass.course_id)

    assert repair == Repair(learners=3, changed=2)
    assert [await percent(klass, who) for who in klass.learners] == [50, 0, 100]
    await database.write(lambda _tx: None)  # the writer journals a commit before it takes the next write
    told = [line for line in server_log_lines if line['event'] == 'recalculated'][-2:]
    assert [(line['old_percent'], line['new_percent']) for line in told] == [(7, 50), (7, 0)]
    await assert_log_and_projections_agree()
    assert (await counters.recalculate(klass.teacher, klass.course_id)).changed == 0


async def test_a_recalculation_completes_who_should_have_been(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, 'IN_ONE_GO', 2)
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto', 'Mia'])
    await spoil(update(Course).values(counted=2))
    for learner in klass.learners:
        await tap(klass, klass.checkpoints[0], by=learner)
    assert await completed_at(klass, klass.learner) is None

    await counters.recalculate(klass.teacher, klass.course_id)

    assert [await times_completed(learner) for learner in klass.learners] == [1, 1, 1]
    await assert_log_and_projections_agree()


async def test_who_is_out_of_the_course_completes_it_when_they_are_back() -> None:
    klass = await a_class(checkpoints=2)
    await tap(klass, klass.checkpoints[0])
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)

    await a_checkpoint_is_deleted(klass)
    assert await completed_at(klass, klass.learner) is None
    await database.write(participants.bring_back, klass.teacher, klass.course_id, user_id=klass.learner.user_id)

    assert await completed_at(klass, klass.learner) is not None
    assert await times_completed(klass.learner) == 1
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('others', [1, 20])
async def test_a_change_of_the_course_is_a_handful_of_statements_for_everybody(others: int) -> None:
    klass = await a_class(checkpoints=others + 1, learners=[f'Learner {number}' for number in range(20)])
    for learner in klass.learners:
        await tap(klass, klass.checkpoints[0], by=learner)

    with statements(database.engine()) as seen:
        await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[0])

    moving = [statement for statement in seen if statement.startswith(('UPDATE enrollments', 'WITH moved'))]
    assert len(moving) == 1
    assert len(seen) == 9, '\n'.join(seen)
    await assert_log_and_projections_agree()


async def spoil(change: Update) -> None:
    """What no verb does."""
    await database.write(lambda tx: tx.change(change))


async def on_their_own(klass: ClassAtHand, checkpoint: int, verb: Verb) -> None:
    """What self-paced pages will record."""
    entry = Entry(
        user_id=klass.learner.user_id,
        tap_id=f'own {verb}',
        verb=verb,
        course_id=klass.course_id,
        checkpoint_id=checkpoint,
        mode=Mode.SELF_PACED,
    )
    await database.write(recording.record, [entry])


async def completed_at(klass: ClassAtHand, learner: Actor) -> datetime | None:
    theirs = col(Enrollment.course_id) == klass.course_id, col(Enrollment.user_id) == learner.user_id

    def read(tx: Transaction) -> datetime | None:
        return tx.execute(select(col(Enrollment.completed_at)).where(*theirs)).scalar_one()

    return await database.read(read)


async def times_completed(learner: Actor) -> int:
    theirs = col(Activity.verb) == Verb.COURSE_COMPLETED, col(Activity.user_id) == learner.user_id
    return await database.read(lambda tx: len(tx.execute(select(col(Activity.id)).where(*theirs)).all()))
