"""Badges that instructors make: what is done after they were made or changed counts, and who has one keeps it."""

from dataclasses import replace

import pytest

from models import PointReason
from services.core import database
from services.core.errors import Invalid, NotFound
from services.motivation import awarding, made_badges
from services.motivation.criteria import Deed, Span
from services.motivation.made_badges import Wish
from services.progress import enrollments
from tests.factories.classes import a_class, assert_log_and_projections_agree, mark, tap
from tests.services.motivation.test_badges import badges
from tests.services.motivation.test_streaks import now

pytestmark = [pytest.mark.req('G3'), pytest.mark.usefixtures('db')]

DIGGER = Wish(name='Digger', points=7, reason=PointReason.COMPLETED, within=Span.DAY, at_least=2)


@pytest.mark.both_databases
async def test_what_is_done_from_now_on_counts_and_the_preview_says_what_was_done_before() -> None:
    klass = await a_class(checkpoints=5, learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    of = klass.teacher, klass.course_id
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint, by=lena)
    await tap(klass, klass.checkpoints[0], by=omar)
    await badges(lena)
    assert await database.read(made_badges.preview, *of, wish=DIGGER) == 1
    assert await database.read(made_badges.preview, *of, wish=replace(DIGGER, at_least=1)) == 2

    digger = await database.write(made_badges.add, *of, wish=DIGGER)
    await tap(klass, klass.checkpoints[2], by=lena)
    assert await badges(lena) == set()
    await tap(klass, klass.checkpoints[3], by=lena)

    assert await badges(lena) == {digger}
    stands = await now(lena)
    assert stands.badges[0].name == 'Digger'
    assert [(each.points, each.badge) for each in stands.latest if each.badge] == [(7, 'Digger')]
    await assert_log_and_projections_agree()


@pytest.mark.both_databases
async def test_what_is_done_in_other_courses_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each tap of everybody who has done much elsewhere would read all of it, for each badge, in the writer."""
    klass, other = await a_class(checkpoints=3), await a_class(checkpoints=3)
    await database.write(enrollments.enroll, course_id=other.course_id, user_id=klass.learner.user_id, name='Lena')
    await database.write(made_badges.add, klass.teacher, klass.course_id, wish=replace(DIGGER, within=Span.EVER))
    for checkpoint in other.checkpoints:
        await mark(checkpoint, by=klass.learner)
    await badges(klass.learner)
    measured = list[Deed]()
    monkeypatch.setattr(awarding, 'best', lambda _, deeds: measured.extend(deeds) or 0)
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint)
    await badges(klass.learner)

    assert {each.course_id for each in measured} == {klass.course_id}


async def test_changed_criteria_hold_from_then_on_and_nobody_loses_a_badge() -> None:
    klass = await a_class(checkpoints=5, learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    of = klass.teacher, klass.course_id
    digger = await database.write(made_badges.add, *of, wish=DIGGER)
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint, by=lena)
    await tap(klass, klass.checkpoints[0], by=omar)
    assert await badges(lena) == {digger}

    await database.write(made_badges.edit, *of, digger, wish=replace(DIGGER, within=Span.EVER))
    for checkpoint in klass.checkpoints[1:3]:
        assert await badges(omar) == set()  # what was done before the change counts no more
        await tap(klass, checkpoint, by=omar)
    assert await badges(omar) == {digger}
    assert await badges(lena) == {digger}
    await database.write(made_badges.delete, *of, digger)

    assert [each.name for each in (await now(lena)).badges if each.earned_at] == ['Digger']
    assert await database.read(made_badges.of_course, *of) == ()
    other = await a_class(by=klass.teacher)
    with pytest.raises(NotFound):
        await database.write(made_badges.delete, klass.teacher, other.course_id, digger)


@pytest.mark.parametrize(
    'wrong',
    [{'name': ' '}, {'name': 'x' * 61}, {'points': 101}, {'at_least': 0}, {'reason': PointReason.AWARDED}],
)
async def test_a_badge_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    klass = await a_class()
    with pytest.raises(Invalid):
        await database.write(made_badges.add, klass.teacher, klass.course_id, wish=replace(DIGGER, **wrong))  # type: ignore[arg-type]
