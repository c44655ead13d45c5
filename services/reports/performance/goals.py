"""The goals in a report: the weekly ones of courses, and for their owner the personal ones."""

from collections.abc import Collection, Iterable
from statistics import fmean

from services.access import Actor
from services.analytics.learner_facts import LearnerFacts
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.goals import closed_weeks, personal
from services.goals.personal import OwnGoal
from services.goals.status import Outlook
from services.reports.performance.document import GoalPart, GoalReport
from services.reports.performance.words import isolated, own


def weekly(tx: Transaction, courses: Iterable[LearnerFacts]) -> tuple[GoalReport, ...]:
    """Return how often a learner reached the weekly goal of each course that has one."""
    return tuple(goal for facts in courses if (goal := _weekly(tx, facts)))


def of_owner(tx: Transaction, actor: Actor, courses: Collection[int]) -> tuple[GoalReport, ...]:
    """Return the personal goals of the actor, for nobody else: those of some courses, and those of none."""
    return tuple(_personal(each) for each in personal.own(tx, actor) if each.wish.course_id in {None, *courses})


def _weekly(tx: Transaction, facts: LearnerFacts) -> GoalReport | None:
    weeks = closed_weeks.known_of(tx, facts.learner.user_id, facts.course.id)
    weeks = tuple(each for each in weeks if facts.since <= each.monday <= facts.until)
    if not weeks:
        return None
    reached = sum(each.outlook is Outlook.ACHIEVED for each in weeks)
    share = 100 * reached // len(weeks)
    return GoalReport(
        goal_id=None,
        description=phrase(
            '{course}: {goal} steps a week, reached in {reached} of {weeks} weeks',
            course=isolated(facts.course.title),
            goal=weeks[0].goal,
            reached=reached,
            weeks=len(weeks),
        ),
        target_date=None,
        progress=share,
        status=Outlook.ACHIEVED if share == 100 else Outlook.ON_TRACK if share >= 50 else Outlook.AT_RISK,
        milestones=(),
    )


def _personal(goal: OwnGoal) -> GoalReport:
    milestones = goal.wish.milestones
    share = round(100 * fmean(each.reached_at is not None for each in milestones)) if milestones else 0
    return GoalReport(
        goal_id=goal.goal_id,
        description=own(goal.wish.title),
        target_date=goal.wish.due_on,
        progress=100 if goal.achieved_at else share,
        status=goal.outlook,
        milestones=tuple(
            GoalPart(description=each.title, completed=each.reached_at is not None, date=each.due_on)
            for each in milestones
        ),
    )
