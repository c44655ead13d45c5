"""Marks on the roll: what those who teach say goes before what the devices have shown, and can be taken back."""

import pytest
import time_machine
from sqlmodel import col

from models import Activity, RollMark, Verb
from services.access import Actor
from services.activity import log
from services.core import clock, database
from services.core.errors import NotFound, Refused
from services.courses import catalog
from services.live import sessions
from services.live.attendance import marks, report
from services.live.attendance.report import ClassRoll
from services.people import merging
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class
from tests.factories.people import a_guest

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L12')]


@pytest.mark.both_databases
async def test_a_mark_goes_before_what_was_seen_and_can_be_taken_back() -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old', 'Pia Punctual', 'Quentin Quiet'])
    lena, otto, pia, quentin = klass.learners
    with time_machine.travel(clock.now(), tick=False) as time:
        for who in (lena, quentin):
            await join_class(klass, by=who)
        time.shift(600)
        await database.write(sessions.end, klass.teacher, klass.course_id)
    await mark(klass, lena, RollMark.LATE)
    await mark(klass, otto, RollMark.PRESENT)
    await mark(klass, otto, RollMark.PRESENT)
    await mark(klass, pia, RollMark.EXCUSED)
    await mark(klass, quentin, RollMark.ABSENT)

    one = await roll_of(klass)
    assert [(each.name, each.minutes, each.mark) for each in one.present] == [
        ('Lena Low', 10, RollMark.LATE),
        ('Otto Old', None, RollMark.PRESENT),
    ]
    assert [(each.name, each.mark) for each in one.absent] == [
        ('Pia Punctual', RollMark.EXCUSED),
        ('Quentin Quiet', RollMark.ABSENT),
    ]
    assert {each.marked_by for each in (*one.present, *one.absent)} == {klass.teacher.name}
    everybody = await database.read(report.of_course, klass.teacher, klass.course_id)
    assert [(each.attended, each.held, each.excused, each.rate) for each in everybody.learners] == [
        (1, 1, 0, 100),
        (1, 1, 0, 100),
        (0, 0, 1, None),
        (0, 1, 0, 0),
    ]
    assert [each.came for each in everybody.classes] == [one.held.came] == [2]
    await assert_log_and_projections_agree()

    for who in klass.learners:
        await mark(klass, who, None)
    assert [each.name for each in (await roll_of(klass)).present] == ['Lena Low', 'Quentin Quiet']
    await assert_log_and_projections_agree()


async def test_the_log_says_who_has_set_a_mark() -> None:
    klass = await a_class()
    await mark(klass, klass.learner, RollMark.EXCUSED)

    (found,) = await database.read(lambda tx: log.read(tx, col(Activity.verb) == Verb.ROLL_MARKED))
    by = {'by': klass.teacher.user_id, 'mark': 'excused'}
    assert (found.user_id, found.session_id, found.details) == (klass.learner.user_id, klass.session_id, by)


async def test_the_mark_of_a_guest_is_that_of_the_person_who_they_turn_out_to_be() -> None:
    klass = await a_class(learners=['Lena Low', 'Lena on a phone'])
    lena, phone = klass.learners
    await mark(klass, phone, RollMark.EXCUSED)
    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=lena.user_id)

    (only,) = (await roll_of(klass)).absent
    assert (only.user_id, only.mark) == (lena.user_id, RollMark.EXCUSED)
    await mark(klass, phone, RollMark.LATE)
    assert [each.user_id for each in (await roll_of(klass)).present] == [lena.user_id]
    await assert_log_and_projections_agree()


async def test_only_those_of_the_course_are_marked_in_classes_of_the_course() -> None:
    klass, other = await a_class(), await a_class()
    stranger = await a_guest(code=other.code, name='Somebody Else')

    with pytest.raises(NotFound, match='no such class'):
        await database.write(
            marks.set_mark, klass.teacher, klass.course_id, other.session_id, user_id=klass.learner.user_id,
            mark=RollMark.LATE)  # fmt: skip
    with pytest.raises(NotFound):
        await mark(klass, stranger, RollMark.LATE)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)
    with pytest.raises(Refused, match='archived'):
        await mark(klass, klass.learner, RollMark.LATE)


async def mark(klass: ClassAtHand, who: Actor, as_: RollMark | None) -> None:
    where = klass.course_id, klass.session_id
    await database.write(marks.set_mark, klass.teacher, *where, user_id=who.user_id, mark=as_)


async def roll_of(klass: ClassAtHand) -> ClassRoll:
    return await database.read(report.of_class, klass.teacher, klass.course_id, klass.session_id)
