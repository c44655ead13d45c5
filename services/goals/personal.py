"""Personal goals with milestones: for their owner alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import Course, Goal, GoalMilestone
from services import access
from services.access import Actor
from services.core import zones
from services.core.errors import Invalid, NotEnrolled, NotFound, Refused
from services.core.text import check_title
from services.core.transaction import Transaction
from services.goals.status import MilestoneState, Outlook, of_goal

MOST_GOALS = 100
MOST_MILESTONES = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMilestone:
    """A part of a goal. One that is not stored yet has no id."""

    milestone_id: int | None = None
    title: str
    due_on: date | None = None
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a learner says about a goal."""

    title: str
    due_on: date | None = None
    course_id: int | None = None
    milestones: tuple[OwnMilestone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGoal:
    """A goal as its owner sees it."""

    goal_id: int
    wish: Wish
    course_title: str
    created_at: datetime
    achieved_at: datetime | None
    outlook: Outlook


def own(tx: Transaction, actor: Actor | None) -> tuple[OwnGoal, ...]:
    """Return the actor's own goals: open ones first, by their day, then those achieved."""
    actor = access.participant(tx, actor)
    order = col(Goal.achieved_at).is_not(None), col(Goal.due_on).is_(None), col(Goal.due_on), col(Goal.id)
    goals = tx.session.scalars(select(Goal).where(col(Goal.user_id) == actor.user_id).order_by(*order)).all()
    milestones: dict[int, list[GoalMilestone]] = {}
    for row in tx.session.scalars(_IN_ORDER.where(col(GoalMilestone.goal_id).in_([goal.id for goal in goals]))):
        milestones.setdefault(row.goal_id, []).append(row)
    named = select(col(Course.id), col(Course.title)).where(col(Course.id).in_({goal.course_id for goal in goals}))
    titles: dict[int | None, str] = dict(tx.execute(named).all())
    return tuple(_told(tx, actor, goal, milestones.get(goal.id, ()), titles.get(goal.course_id, '')) for goal in goals)


def add(tx: Transaction, actor: Actor | None, *, wish: Wish) -> OwnGoal:
    """Set oneself a goal."""
    actor = access.participant(tx, actor)
    number = tx.execute(select(func.count()).where(col(Goal.user_id) == actor.user_id)).scalar_one()
    if number >= MOST_GOALS:
        raise Refused('You have {most} goals. Delete some before you set another.', most=MOST_GOALS)
    goal = Goal(user_id=actor.user_id, title='', created_at=tx.now)
    return _fill(tx, actor, goal, wish)


def edit(tx: Transaction, actor: Actor | None, goal_id: int, *, wish: Wish) -> OwnGoal:
    """Change a goal; milestones that are missing from the wish are deleted."""
    goal = _mine(tx, actor, goal_id)
    assert actor is not None
    return _fill(tx, actor, goal, wish)


def achieve(tx: Transaction, actor: Actor | None, goal_id: int, *, achieved: bool = True) -> OwnGoal:
    """Say that a goal is achieved, or that it is not after all."""
    goal = _mine(tx, actor, goal_id)
    goal.achieved_at = (goal.achieved_at or tx.now) if achieved else None
    tx.session.add(goal)
    return _shown(tx, actor, goal)


def reach(tx: Transaction, actor: Actor | None, goal_id: int, *, milestone_id: int, reached: bool = True) -> OwnGoal:
    """Say that a milestone of a goal is reached, or that it is not after all."""
    goal = _mine(tx, actor, goal_id)
    milestone = next((each for each in _milestones(tx, goal_id) if each.id == milestone_id), None)
    if milestone is None:
        raise NotFound('There is no such milestone in this goal.')
    milestone.reached_at = (milestone.reached_at or tx.now) if reached else None
    tx.session.add(milestone)
    tx.session.flush()
    return _shown(tx, actor, goal)


def delete(tx: Transaction, actor: Actor | None, goal_id: int) -> OwnGoal:
    """Delete a goal for good; what is returned is all that is left of it, for `restore`."""
    goal = _mine(tx, actor, goal_id)
    deleted = _shown(tx, actor, goal)
    for milestone in _milestones(tx, goal_id):
        tx.session.delete(milestone)
    tx.session.flush()
    tx.session.delete(goal)
    return deleted


def restore(tx: Transaction, actor: Actor | None, *, deleted: OwnGoal) -> OwnGoal:
    """Bring back a goal that was just deleted, with what was reached of it."""
    unstored = tuple(replace(each, milestone_id=None) for each in deleted.wish.milestones)
    back = add(tx, actor, wish=replace(deleted.wish, milestones=unstored))
    goal = tx.session.get_one(Goal, back.goal_id)
    goal.created_at = min(deleted.created_at, tx.now)
    goal.achieved_at = deleted.achieved_at
    tx.session.add(goal)
    for row, was in zip(_milestones(tx, goal.id), deleted.wish.milestones, strict=True):
        row.reached_at = was.reached_at
        tx.session.add(row)
    tx.session.flush()
    return _shown(tx, actor, goal)


def read_day(typed: str | None) -> date | None:
    """Return the day that was typed into a date field; raises `Invalid` if it is none."""
    if not (typed or '').strip():
        return None
    try:
        return _check_day(date.fromisoformat((typed or '').strip()))
    except ValueError as error:
        raise Invalid('Enter a date such as 2030-01-31.', field='due_on') from error


def _check_day(day: date | None) -> date | None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid('Choose a day between {first} and {last}.', first=FIRST_YEAR, last=LAST_YEAR, field='due_on')
    return day


def _fill(tx: Transaction, actor: Actor, goal: Goal, wish: Wish) -> OwnGoal:
    if wish.course_id is not None and wish.course_id != goal.course_id:
        access.course(tx, actor, wish.course_id)
        if not access.enrolled(tx, actor.user_id, wish.course_id):
            raise NotEnrolled
    if len(wish.milestones) > MOST_MILESTONES:
        raise Invalid('Use at most {most} milestones.', most=MOST_MILESTONES, field='milestones')
    goal.title, goal.due_on, goal.course_id = check_title(wish.title, 'goal'), _check_day(wish.due_on), wish.course_id
    tx.session.add(goal)
    tx.session.flush()
    there = {row.id: row for row in _milestones(tx, goal.id)}
    for position, milestone in enumerate(wish.milestones):
        row = there.pop(milestone.milestone_id or 0, None) or GoalMilestone(goal_id=goal.id, title='', position=0)
        row.title, row.position = check_title(milestone.title, 'milestone'), position
        row.due_on = _check_day(milestone.due_on)
        tx.session.add(row)
    for gone in there.values():
        tx.session.delete(gone)
    tx.session.flush()
    return _shown(tx, actor, goal)


def _shown(tx: Transaction, actor: Actor | None, goal: Goal) -> OwnGoal:
    course = tx.session.get(Course, goal.course_id) if goal.course_id else None
    assert actor is not None  # visitors without a sign-in were refused before
    return _told(tx, actor, goal, _milestones(tx, goal.id), course.title if course else '')


def _told(tx: Transaction, actor: Actor, goal: Goal, rows: Sequence[GoalMilestone], course_title: str) -> OwnGoal:
    milestones = tuple(
        OwnMilestone(milestone_id=row.id, title=row.title, due_on=row.due_on, reached_at=row.reached_at) for row in rows
    )
    outlook = of_goal(
        is_achieved=goal.achieved_at is not None,
        begun_on=zones.local_date(actor.zone, goal.created_at),
        due_on=goal.due_on,
        parts=[MilestoneState(due_on=each.due_on, is_reached=each.reached_at is not None) for each in milestones],
        today=zones.local_date(actor.zone, tx.now),
    )
    return OwnGoal(
        goal_id=goal.id,
        wish=Wish(title=goal.title, due_on=goal.due_on, course_id=goal.course_id, milestones=milestones),
        course_title=course_title,
        created_at=goal.created_at,
        achieved_at=goal.achieved_at,
        outlook=outlook,
    )


def _milestones(tx: Transaction, goal_id: int) -> Sequence[GoalMilestone]:
    return tx.session.scalars(_IN_ORDER.where(col(GoalMilestone.goal_id) == goal_id)).all()


def _mine(tx: Transaction, actor: Actor | None, goal_id: int) -> Goal:
    actor = access.participant(tx, actor)
    found = select(Goal).where(col(Goal.id) == goal_id, col(Goal.user_id) == actor.user_id).with_for_update()
    goal: Goal | None = tx.session.scalars(found).one_or_none()
    if goal is None:
        raise NotFound('There is no such goal, or it is not one of yours.')
    return goal


_IN_ORDER = select(GoalMilestone).order_by(col(GoalMilestone.position), col(GoalMilestone.id))
