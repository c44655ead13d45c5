"""Each reason is paid once, whatever is tapped twice, undone, merged or taken back; levels follow from the points."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import FollowerState, PointEntry, PointReason, Verb
from services.access import Actor
from services.activity import following
from services.activity.following import Running
from services.activity.log import Entry
from services.activity.recording import record
from services.core import database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.motivation import ledger, levels, standing
from services.motivation.standing import Standing
from services.people import merging
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, mark, tap, undo
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take

pytestmark = pytest.mark.req('G1')

STARTED, COMPLETED, MASTERED = PointReason.STARTED, PointReason.COMPLETED, PointReason.MASTERED
PERFECT, WEEKLY_GOAL = PointReason.PERFECT, PointReason.WEEKLY_GOAL


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_each_reason_is_paid_once_and_nothing_is_taken_back() -> None:
    klass = await a_class()
    lena, checkpoint = klass.learner, klass.checkpoints[0]
    await tap(klass, checkpoint, verb=Verb.STARTED)
    assert (await now(lena)).points == 5
    await tap(klass, checkpoint)
    assert (await now(lena)).points == 20

    await undo(klass, checkpoint)
    assert (await now(lena)).points == 20
    await tap(klass, checkpoint)
    await mark(checkpoint, by=lena)
    stands = await now(lena)

    assert stands.points == 20
    assert {(each.reason, each.points, each.step, each.course) for each in stands.latest} == {
        (STARTED, 5, 'Step 1', 'Soil'),
        (COMPLETED, 10, 'Step 1', 'Soil'),
        (PointReason.DAY, 5, '', 'Soil'),
    }
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_a_score_pays_for_mastery_and_for_being_perfect() -> None:
    quiz = await a_quiz()
    await take(quiz, [RIGHT[0], RIGHT[1], WRONG[2]])
    assert await paid(quiz.learner) & {MASTERED, PERFECT} == set()

    await take(quiz)
    await take(quiz)

    found = [each.reason for each in (await now(quiz.learner)).latest]
    assert (found.count(MASTERED), found.count(PERFECT)) == (1, 1)
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_practice_pays_nothing_for_its_score() -> None:
    quiz = await a_quiz(rules=Rules(is_practice=True))
    await take(quiz)

    assert await paid(quiz.learner) & {MASTERED, PERFECT} == set()


@pytest.mark.usefixtures('db')
async def test_a_weekly_goal_pays_if_it_was_reached() -> None:
    klass = await a_class(learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    await database.write(close_a_week, klass, lena, done=3)
    await database.write(close_a_week, klass, omar, done=2)

    (reason,) = (await now(lena)).latest
    assert (reason.reason, reason.points, reason.step, reason.course) == (WEEKLY_GOAL, 50, '', 'Soil')
    assert (await now(omar)).points == 0
    await assert_log_and_projections_agree()


@pytest.mark.req('A5')
@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_after_a_merge_each_reason_of_both_counts_once() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    for checkpoint, who in ((0, phone), (0, lena), (1, phone)):
        await tap(klass, klass.checkpoints[checkpoint], by=who)
    apart = (await now(lena)).points, (await now(phone)).points
    assert apart == (20, 35)

    await merge(klass)
    assert (await now(lena)).points == 35
    await assert_log_and_projections_agree()
    await unmerge(klass)

    assert (await now(lena)).points == 20
    assert await points_of(phone) == 35
    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_paid_anew_from_the_log_it_is_the_same() -> None:
    klass = await a_class(learners=['Lena', 'Omar'])
    for who in klass.learners:
        await tap(klass, klass.checkpoints[0], by=who)
    await follow()
    before = await stored()

    await database.write(following.rebuild, ledger.FOLLOWER)
    await follow()

    assert len(before) == 8
    assert await stored() == before


DEEDS = st.tuples(
    st.sampled_from(['tap', 'start', 'undo', 'mark', 'unmark']), st.integers(0, 1), st.integers(0, 1)
) | st.sampled_from([('follow', 0, 0), ('merge', 0, 0), ('unmerge', 0, 0)])


@pytest.mark.req('A5')
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(DEEDS, max_size=12))
@pytest.mark.usefixtures('db')
async def test_whatever_happens_each_reason_is_paid_once(history: list[tuple[str, int, int]]) -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    earned: set[tuple[int, PointReason, int]] = set()
    is_merged = False
    for deed, who, checkpoint in history:
        try:
            await do(klass, deed, who, checkpoint)
        except DomainError:
            continue  # such as a tap of somebody who is another person now
        if deed in ('tap', 'mark', 'start'):
            reasons = (STARTED,) if deed == 'start' else (STARTED, COMPLETED)
            earned |= {(klass.learners[who].user_id, reason, klass.checkpoints[checkpoint]) for reason in reasons}
        is_merged = {'merge': True, 'unmerge': False}.get(deed, is_merged)
    await follow()

    owners = {phone.user_id: lena.user_id} if is_merged else {}
    expected = {(owners.get(user_id, user_id), reason, checkpoint) for user_id, reason, checkpoint in earned}
    theirs = [
        each[:3]
        for each in await stored()
        if each[0] in (lena.user_id, phone.user_id) and each[1] in (STARTED, COMPLETED)
    ]
    assert sorted(theirs) == sorted(expected)
    await assert_log_and_projections_agree()


@pytest.mark.req('G2')
@pytest.mark.parametrize(
    ('points', 'name', 'coming'),
    [
        (0, 'Novice', 101),
        (100, 'Novice', 101),
        (101, 'Apprentice', 501),
        (500, 'Apprentice', 501),
        (501, 'Scholar', 1001),
        (1000, 'Scholar', 1001),
        (1001, 'Expert', 5001),
        (5000, 'Expert', 5001),
        (5001, 'Master', None),
    ],
)
def test_a_level_begins_at_its_bound(points: int, name: str, coming: int | None) -> None:
    following_level = levels.next_after(points)

    assert str(levels.level_at(points).name) == name
    assert (following_level.since if following_level else None) == coming


@pytest.mark.req('G2')
@pytest.mark.usefixtures('db')
async def test_a_learner_knows_how_far_the_next_level_is() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])

    stands = await now(klass.learner)

    assert (str(stands.level.name), stands.to_next) == ('Novice', 101 - 20)


async def do(klass: ClassAtHand, deed: str, who: int, place: int) -> None:
    by, checkpoint = klass.learners[who], klass.checkpoints[place]
    match deed:
        case 'tap':
            await tap(klass, checkpoint, by=by)
        case 'start':
            await tap(klass, checkpoint, by=by, verb=Verb.STARTED)
        case 'undo':
            await undo(klass, checkpoint, by=by)
        case 'mark':
            await mark(checkpoint, by=by)
        case 'unmark':
            await mark(checkpoint, by=by, verb=Verb.UNDONE)
        case 'follow':
            await follow()
        case 'merge':
            await merge(klass)
        case _:
            await unmerge(klass)


def close_a_week(tx: Transaction, klass: ClassAtHand, who: Actor, *, done: int) -> None:
    week = Entry(
        user_id=who.user_id,
        tap_id='week',
        verb=Verb.WEEK_CLOSED,
        course_id=klass.course_id,
        details={'goal': 3, 'done': done},
        happened_at=tx.now,
    )
    record(tx, [week])


async def follow() -> None:
    """Let the points follow the log to its end; a process that followed before has let go of it."""
    await database.write(let_go)
    await Running(ledger.FOLLOWER).catch_up()


def let_go(tx: Transaction) -> None:
    for state in tx.session.scalars(select(FollowerState)):
        state.leased_by, state.leased_until = '', None
        tx.session.add(state)


async def now(who: Actor) -> Standing:
    await follow()
    return await database.read(standing.own, who)


async def paid(who: Actor) -> set[PointReason]:
    return {each.reason for each in (await now(who)).latest}


async def stored() -> list[tuple[int, PointReason, int, str]]:
    rows = await database.read(lambda tx: list(tx.session.scalars(select(PointEntry))))
    return sorted((row.user_id, row.reason, row.object_id, row.period) for row in rows)


async def points_of(who: Actor) -> int:
    rows = await database.read(lambda tx: list(tx.session.scalars(select(PointEntry))))
    return sum(row.points for row in rows if row.user_id == who.user_id)


async def merge(klass: ClassAtHand) -> None:
    lena, phone = klass.learners
    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=lena.user_id)


async def unmerge(klass: ClassAtHand) -> None:
    _, phone = klass.learners
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=phone.user_id)
