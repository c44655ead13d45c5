"""What needs attention in a child's week, and what parents can do: pure rules, in sentences that name no other child.

They say what the record says of today. Nothing here foretells, and nothing compares with classmates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.analytics import learner, next_steps
from services.analytics.attention import INACTIVE_DAYS
from services.analytics.course_facts import CountedCheckpoint
from services.analytics.learner_facts import LearnerFacts
from services.analytics.tags import WEAK
from services.core.phrases import Phrase, phrase, plural
from services.goals.status import Outlook
from services.goals.weekly import Week
from services.progress.states import EnrollmentState

MOST_ATTENTION = 4
MOST_IDEAS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of a child in one course."""

    week: Week
    facts: LearnerFacts
    done: tuple[CountedCheckpoint, ...]
    """the checkpoints of this week, the latest first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to look at, and what a parent can do about it."""

    urgency: int
    """the smallest comes first"""
    words: Phrase
    idea: Phrase | None = None


def remarks(courses: Sequence[Course]) -> tuple[Remark, ...]:
    """Return what needs attention, the most urgent first; of one course, each kind is said once."""
    going_on = [each for each in courses if each.week.state not in _AT_REST]
    found = [remark for each in going_on for rule in _RULES for remark in rule(each)]
    return tuple(sorted(found, key=lambda remark: remark.urgency)[:MOST_ATTENTION])


def ideas(courses: Sequence[Course], found: Sequence[Remark]) -> tuple[Phrase, ...]:
    """Return what a parent can do: about what needs attention first, then to talk about what was done."""
    said = [remark.idea for remark in found if remark.idea]
    said += [
        phrase('Ask what “{step}” is about: what can be explained stays.', step=each.done[0].title)
        for each in courses
        if each.done
    ]
    return tuple(said[:MOST_IDEAS]) or (phrase('Ask what was the most interesting thing at school this week.'),)


def _overdue(course: Course) -> Iterator[Remark]:
    late = [each.checkpoint for each in _due(course.facts) if each.is_over]
    if late:
        words = plural(
            '“{first}” was due and is not done ({course}).',
            '{count} steps were due and are not done; the first is “{first}” ({course}).',
            len(late),
            first=late[0].title,
            course=course.week.title,
        )
        idea = phrase('Find a quiet hour for “{step}” together; it still counts.', step=late[0].title)
        yield Remark(urgency=0, words=words, idea=idea)


def _due_soon(course: Course) -> Iterator[Remark]:
    coming = next((each for each in _due(course.facts) if not each.is_over), None)
    if coming is None:
        return
    checkpoint = coming.checkpoint
    begun = checkpoint.checkpoint_id in course.facts.standings or course.facts.seconds_at(checkpoint) > 0
    idea = phrase('Ask what is needed for “{step}”, and when there is time for it.', step=checkpoint.title)
    yield Remark(urgency=1, words=_when(coming.days, checkpoint.title, begun=begun), idea=idea)


def _when(days: int, title: str, *, begun: bool) -> Phrase:
    if not days:
        today = phrase('“{step}” is due today.', step=title)
        return today if begun else phrase('“{step}” is due today and not begun.', step=title)
    if begun:
        return plural('“{step}” is due tomorrow.', '“{step}” is due in {count} days.', days, step=title)
    return plural(
        '“{step}” is due tomorrow and not begun.', '“{step}” is due in {count} days and not begun.', days, step=title
    )


def _inactive(course: Course) -> Iterator[Remark]:
    days = learner.inactive_days(course.facts)
    if days >= INACTIVE_DAYS:
        words = plural(
            'Nothing was done for {count} day in {course}.',
            'Nothing was done for {count} days in {course}.',
            days,
            course=course.week.title,
        )
        idea = phrase('Ask what is in the way in {course}. Ten minutes are a good beginning.', course=course.week.title)
        yield Remark(urgency=2, words=words, idea=idea)


def _behind(course: Course) -> Iterator[Remark]:
    if course.week.outlook is Outlook.AT_RISK:
        words = phrase(
            '{course}: {done} of {goal} steps of the week are done, fewer than planned by now.',
            done=course.week.done,
            goal=course.week.goal,
            course=course.week.title,
        )
        yield Remark(urgency=3, words=words)


def _low(course: Course) -> Iterator[Remark]:
    """The lowest score of this week, if it is weak and not mastered: what is older was there to be seen before."""
    done = {checkpoint.checkpoint_id for checkpoint in course.done}
    low = [pair for pair in next_steps.low_scores(course.facts) if pair[1].checkpoint_id in done]
    if low and low[0][0] < WEAK:
        score, checkpoint = low[0]
        mark = course.facts.course.mastery_percent
        words = phrase(
            '“{step}”: {score} of 100; from {mark} on it is mastered.', step=checkpoint.title, score=score, mark=mark
        )
        idea = phrase('Let “{step}” be explained to you: that shows what is still unclear.', step=checkpoint.title)
        yield Remark(urgency=4, words=words, idea=idea)


def _due(facts: LearnerFacts) -> list[next_steps.Due]:
    """Return what is due, without what was handed in and waits for a grade."""
    return [each for each in next_steps.due(facts) if each.checkpoint.checkpoint_id not in facts.ungraded]


_AT_REST = {EnrollmentState.COMPLETED, EnrollmentState.PAUSED}
_RULES = (_overdue, _due_soon, _inactive, _behind, _low)
