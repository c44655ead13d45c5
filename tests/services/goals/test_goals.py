"""Goals: of a week and by a day, for their owner alone, with rules that are clear."""

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from models import Verb
from services.access import Actor
from services.core import clock, database, zones
from services.core.errors import Invalid, NotEnrolled, NotFound, NotSignedIn
from services.courses import checkpoints
from services.goals import personal, weekly
from services.goals.personal import OwnMilestone, Wish
from services.goals.status import MilestoneState, Outlook, of_goal, of_week
from services.goals.weekly import Week
from tests.factories.classes import CourseAtHand, a_class, a_course, mark, tap
from tests.factories.people import a_guest, an_admin

pytestmark = [pytest.mark.req('S13')]

JAN = date(2030, 1, 1)
DAYS = st.dates(date(2029, 12, 1), date(2030, 3, 1))
PARTS = st.lists(st.builds(MilestoneState, due_on=st.none() | DAYS, is_reached=st.booleans()), max_size=5)


@pytest.mark.parametrize(
    ('achieved', 'due', 'parts', 'today', 'expected'),
    [
        (True, 0, '', 99, Outlook.ACHIEVED),
        (False, 20, '', 21, Outlook.MISSED),
        (False, 20, '', 20, Outlook.ON_TRACK),
        (False, None, '--', 999, Outlook.ON_TRACK),
        (False, 20, '----', 5, Outlook.ON_TRACK),
        (False, 20, '----', 6, Outlook.AT_RISK),
        (False, 20, 'x---', 10, Outlook.ON_TRACK),
        (False, 20, 'x---', 11, Outlook.AT_RISK),
        (False, 20, 'xxxx', 20, Outlook.ON_TRACK),
        (False, 0, '--', 0, Outlook.ON_TRACK),
    ],
)
def test_the_rules_by_example(achieved: bool, due: int | None, parts: str, today: int, expected: Outlook) -> None:
    outlook = of_goal(
        is_achieved=achieved,
        begun_on=JAN,
        due_on=None if due is None else JAN + timedelta(days=due),
        parts=[MilestoneState(due_on=None, is_reached=sign == 'x') for sign in parts],
        today=JAN + timedelta(days=today),
    )
    assert outlook is expected


def test_an_overdue_milestone_is_a_risk_until_it_is_reached() -> None:
    for reached, expected in (False, Outlook.AT_RISK), (True, Outlook.ON_TRACK):
        parts = [MilestoneState(due_on=JAN, is_reached=reached)]
        today = JAN + timedelta(days=1)
        assert of_goal(is_achieved=False, begun_on=JAN, due_on=None, parts=parts, today=today) is expected


@given(begun=DAYS, due=st.none() | DAYS, parts=PARTS, today=DAYS, days=st.integers(0, 40))
def test_time_alone_makes_nothing_better_and_a_milestone_reached_nothing_worse(
    begun: date, due: date | None, parts: list[MilestoneState], today: date, days: int
) -> None:
    order = [Outlook.ON_TRACK, Outlook.AT_RISK, Outlook.MISSED]
    facts = {'is_achieved': False, 'begun_on': begun, 'due_on': due}
    now = of_goal(**facts, parts=parts, today=today)  # type: ignore[arg-type]
    later = of_goal(**facts, parts=parts, today=today + timedelta(days=days))  # type: ignore[arg-type]
    reached = [MilestoneState(due_on=part.due_on, is_reached=True) for part in parts]
    better = of_goal(**facts, parts=reached, today=today)  # type: ignore[arg-type]

    assert order.index(now) <= order.index(later)
    assert order.index(better) <= order.index(now)
    assert (now is Outlook.MISSED) == (due is not None and due < today)


@pytest.mark.parametrize(
    ('done', 'goal', 'gone', 'expected'),
    [
        (0, 5, 0, Outlook.ON_TRACK),
        (0, 5, 1, Outlook.ON_TRACK),
        (0, 5, 2, Outlook.AT_RISK),
        (4, 5, 6, Outlook.ON_TRACK),
        (3, 5, 6, Outlook.AT_RISK),
        (5, 5, 0, Outlook.ACHIEVED),
    ],
)
def test_the_week_by_example(done: int, goal: int, gone: int, expected: Outlook) -> None:
    assert of_week(done=done, goal=goal, days_gone=gone) is expected


def test_the_week_in_which_a_learner_joins_is_never_at_risk() -> None:
    assert of_week(done=0, goal=5, days_gone=6, is_first=True) is Outlook.ON_TRACK
    assert of_week(done=5, goal=5, days_gone=6, is_first=True) is Outlook.ACHIEVED


async def week(course_id: int, learner: Actor) -> Week:
    return (await database.read(weekly.weeks, learner))[course_id]


@pytest.mark.usefixtures('db')
async def test_a_week_counts_what_was_completed_in_it_for_the_first_time() -> None:
    klass = await a_class(checkpoints=5)
    lena, checkpoint_ids = klass.learner, klass.checkpoints
    begun = zones.start_of_week(lena.zone, clock.now())
    with time_machine.travel(begun - timedelta(days=1), tick=False):
        await tap(klass, checkpoint_ids[0])
    await mark(checkpoint_ids[0], by=lena)
    await mark(checkpoint_ids[1], by=lena)
    await tap(klass, checkpoint_ids[1])
    await tap(klass, checkpoint_ids[2])
    await mark(checkpoint_ids[3], by=lena)
    await mark(checkpoint_ids[3], by=lena, verb=Verb.UNDONE)
    await mark(checkpoint_ids[4], by=lena)
    await database.write(checkpoints.delete, klass.teacher, checkpoint_ids[4])

    shown = await week(klass.course_id, lena)

    assert (shown.done, shown.goal) == (2, 5)
    await database.write(weekly.choose, lena, klass.course_id, checkpoints=2)
    assert (await week(klass.course_id, lena)).outlook is Outlook.ACHIEVED


@pytest.mark.usefixtures('db')
async def test_a_learner_is_at_risk_only_after_the_week_in_which_they_joined() -> None:
    course = await a_course(checkpoints=5)
    monday = zones.start_of_week(course.teacher.zone, clock.now()) + timedelta(days=7)
    with time_machine.travel(monday + timedelta(days=5), tick=False) as time:
        lena = await a_guest(code=course.code)
        joined = await week(course.course_id, lena)
        time.shift(timedelta(days=7))
        later = await week(course.course_id, lena)

    assert (joined.outlook, later.outlook) == (Outlook.ON_TRACK, Outlook.AT_RISK)


@pytest.mark.usefixtures('db')
async def test_a_weekly_goal_has_bounds_and_belongs_to_the_learner() -> None:
    course, other = await a_course(), await a_course(title='Air')
    lena = await a_guest(code=course.code)
    for hostile in (0, 51, -1, 10**30, True, 2.5, '5'):
        with pytest.raises(Invalid):
            await database.write(weekly.choose, lena, course.course_id, checkpoints=hostile)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await database.write(weekly.choose, lena, other.course_id, checkpoints=3)
    with pytest.raises(NotEnrolled):
        await database.write(weekly.choose, course.teacher, course.course_id, checkpoints=3)
    assert set(await database.read(weekly.weeks, lena)) == {course.course_id}


def a_wish(course: CourseAtHand | None = None, *titles: str) -> Wish:
    return Wish(
        title='  Pass the   exam ',
        due_on=date(2090, 6, 1),
        course_id=course.course_id if course else None,
        milestones=tuple(OwnMilestone(title=title) for title in titles),
    )


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_a_goal_is_set_changed_reached_achieved_deleted_and_brought_back() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code)
    goal = await database.write(personal.add, lena, wish=a_wish(course, 'First', 'Second'))
    assert (goal.wish.title, goal.course_title, goal.outlook) == ('Pass the exam', 'Soil', Outlook.ON_TRACK)

    first, second = goal.wish.milestones
    await database.write(personal.reach, lena, goal.goal_id, milestone_id=first.milestone_id or 0)
    turned = Wish(title='Exam', milestones=(second, OwnMilestone(title='Third'), first))
    changed = await database.write(personal.edit, lena, goal.goal_id, wish=turned)
    assert [each.title for each in changed.wish.milestones] == ['Second', 'Third', 'First']
    assert changed.wish.milestones[2].reached_at is not None
    achieved = await database.write(personal.achieve, lena, goal.goal_id)
    assert achieved.outlook is Outlook.ACHIEVED

    deleted = await database.write(personal.delete, lena, goal.goal_id)
    assert await database.read(personal.own, lena) == ()
    back = await database.write(personal.restore, lena, deleted=deleted)
    assert (back.created_at, back.achieved_at) == (deleted.created_at, deleted.achieved_at)
    assert [bool(each.reached_at) for each in back.wish.milestones] == [False, False, True]
    again = await database.write(personal.achieve, lena, back.goal_id, achieved=False)
    assert again.outlook is Outlook.ON_TRACK
    assert await database.read(personal.own, lena) == (again,)


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_nobody_else_sees_or_changes_a_goal() -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code), await a_guest(code=course.code, name='Otto')
    goal = await database.write(personal.add, lena, wish=a_wish(None, 'Part'))
    mine = await database.write(personal.add, otto, wish=a_wish(None, 'Part'))
    part = {'milestone_id': goal.wish.milestones[0].milestone_id}
    verbs = [
        (personal.edit, {'wish': a_wish()}),
        (personal.achieve, {}),
        (personal.reach, part),
        (personal.delete, {}),
    ]

    for verb, more in verbs:
        for other in otto, course.teacher, await an_admin():
            with pytest.raises(NotFound):
                await database.write(verb, other, goal.goal_id, **more)  # type: ignore[operator]
        with pytest.raises(NotSignedIn):
            await database.write(verb, None, goal.goal_id, **more)  # type: ignore[operator]
    with pytest.raises(NotFound):
        await database.write(personal.reach, otto, mine.goal_id, **part)  # type: ignore[arg-type]
    assert await database.read(personal.own, course.teacher) == ()
    stolen = Wish(title='x', milestones=goal.wish.milestones)
    await database.write(personal.edit, otto, mine.goal_id, wish=stolen)
    assert (await database.read(personal.own, lena))[0].wish.milestones == goal.wish.milestones


@pytest.mark.usefixtures('db')
async def test_what_cannot_be_kept_is_refused() -> None:
    course, other = await a_course(), await a_course(title='Air')
    lena = await a_guest(code=course.code)
    for wish in (
        Wish(title=' \x00'),
        Wish(title='x' * 121),
        Wish(title='x', due_on=date(1999, 1, 1)),
        Wish(title='x', milestones=(OwnMilestone(title=''),)),
        Wish(title='x', milestones=tuple(OwnMilestone(title='x') for _ in range(21))),
    ):
        with pytest.raises(Invalid):
            await database.write(personal.add, lena, wish=wish)
    with pytest.raises(NotFound):
        await database.write(personal.add, lena, wish=a_wish(other))
    for typed in ('31.12.2030', '2030-02-30', '9999-01-01', 'x'):
        with pytest.raises(Invalid):
            personal.read_day(typed)
    assert personal.read_day('') is None
    assert personal.read_day(' 2030-01-31 ') == date(2030, 1, 31)
