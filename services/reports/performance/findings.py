"""What a report says in plain words: where the learner stands, what goes well, what to do next. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.analytics import learner, learning_analytics
from services.analytics.course_facts import CountedCheckpoint
from services.analytics.learner_facts import LearnerFacts
from services.analytics.next_steps import MOST_REVIEWS, low_scores, next_step
from services.core.phrases import phrase, plural
from services.enums import ReportReader
from services.live.attendance.report import LearnerRoll
from services.quizzes.skills import SkillShown, Standing
from services.reports.performance.document import ActionItem, Assessments, Schedule, Way, WayPoint
from services.reports.performance.words import Words, day, isolated, own

FAR_AHEAD = 2
"""checkpoints done before their day, from which on a learner is ahead"""
GOOD_ATTENDANCE, POOR_ATTENDANCE = 90, 70
"""percent of the classes"""
FEWEST_CLASSES = 2
"""so that anything is said of attendance"""
GOOD_SCORE = 85
FEWEST_DATES = 3
"""due checkpoints, so that keeping to the dates is a strength"""
MOST_OVERDUE = 3
"""that a report names"""
MOST_THIS_WEEK = 3
MOST_POINTS = 52
"""along the way"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How the learner stood in the course at the last report."""

    on: date
    done: int
    total_tenths: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the sentences are made of."""

    facts: LearnerFacts
    roll: LearnerRoll | None
    skills: Sequence[SkillShown]
    assessments: Assessments
    actions: Sequence[ActionItem]


def schedule(facts: LearnerFacts) -> Schedule:
    """Return where the learner stands against the schedule of the course."""
    if facts.learner.completed_at:
        return Schedule.COMPLETED
    if facts.learner.paused_at:
        return Schedule.PAUSED
    if not any(facts.learner.due(checkpoint) for checkpoint in facts.checkpoints):
        return Schedule.NO_SCHEDULE
    if learner.overdue(facts):
        return Schedule.BEHIND
    return Schedule.AHEAD if _early(facts) >= FAR_AHEAD else Schedule.ON_SCHEDULE


def stands(facts: LearnerFacts) -> Words:
    """Return the same in words."""
    values = {'name': isolated(facts.learner.name), 'done': facts.learner.done, 'all': facts.course.counted}
    match schedule(facts):
        case Schedule.COMPLETED:
            return phrase('{name} has completed the course.', name=isolated(facts.learner.name))
        case Schedule.PAUSED:
            return phrase('{name} has done {done} of {all} steps, and pauses the course at the moment.', **values)
        case Schedule.NO_SCHEDULE:
            return phrase('{name} has done {done} of {all} steps. The course has no dates to keep to.', **values)
        case Schedule.BEHIND:
            late = learner.overdue(facts)
            return plural(
                '{name} has done {done} of {all} steps. One step is overdue: “{step}”.',
                '{name} has done {done} of {all} steps. {count} steps are overdue; the first of them is “{step}”.',
                len(late),
                step=isolated(late[0].title),
                **values,
            )
        case Schedule.AHEAD:
            return phrase(
                '{name} has done {done} of {all} steps: all that was due by now, and {early} before their day.',
                early=_early(facts),
                **values,
            )
        case _:
            return phrase('{name} has done {done} of {all} steps: all that was due by now.', **values)


def changed(facts: LearnerFacts, total_tenths: int | None, before: Before | None) -> Words:
    """Return what changed since the last report."""
    if before is None:
        return phrase('This is the first report on this course.')
    more = facts.learner.done - before.done
    moved = (
        plural('One step was done.', '{count} steps were done.', more)
        if more > 0
        else phrase('No more steps were done.')
        if more == 0
        else phrase('Fewer steps are done than then.')
    )
    values = {'day': day(before.on), 'moved': moved}
    if total_tenths is None or before.total_tenths is None:
        return phrase('Since the report of {day}: {moved}', **values)
    if total_tenths == before.total_tenths:
        return phrase(
            'Since the report of {day}: {moved} The grade is the same, {now}.', now=points(total_tenths), **values
        )
    return phrase(
        'Since the report of {day}: {moved} The grade went from {before} to {now}.',
        before=points(before.total_tenths),
        now=points(total_tenths),
        **values,
    )


def strengths(known: Known) -> tuple[Words, ...]:
    """Return what goes well, what says most first."""
    facts, roll = known.facts, known.roll
    tags = [each for each in learner.tags(facts) if each.is_strong]
    found: list[Words] = [
        phrase(
            '“{tag}”: a mean score of {mean} at {count} steps.',
            tag=isolated(each.tag),
            mean=int(each.tag_mean),
            count=each.scored,
        )
        for each in tags
    ]
    named = {each.tag.casefold() for each in tags}
    found += [
        phrase('“{skill}” is mastered; {count} answers show it.', skill=isolated(each.name), count=each.answers)
        for each in known.skills
        if each.standing is Standing.SURE and each.name.casefold() not in named
    ]
    due = [checkpoint for checkpoint in facts.checkpoints if (at := facts.learner.due(checkpoint)) and at < facts.now]
    if len(due) >= FEWEST_DATES and not learner.overdue(facts):
        found.append(phrase('All {count} steps that were due are done.', count=len(due)))
    if learning_analytics.is_regular(facts):
        found.append(phrase('Studies regularly: on at least two days of each week.'))
    if roll and roll.rate is not None and roll.held >= FEWEST_CLASSES and roll.rate >= GOOD_ATTENDANCE:
        found.append(phrase('Came to {came} of {held} classes.', came=roll.attended, held=roll.held))
    found += [
        phrase('“{title}”: {score} of 100.', title=isolated(title), score=score)
        for title, score in sorted(_scores(known.assessments), key=lambda each: -each[1])
        if score >= GOOD_SCORE
    ]
    return tuple(found)


def improvements(known: Known) -> tuple[Words, ...]:
    """Return what to work on, the most urgent first."""
    facts, roll = known.facts, known.roll
    found: list[Words] = [
        phrase(
            '“{step}” was due on {day}; it is still worth doing.',
            step=isolated(checkpoint.title),
            day=day(due_at.astimezone(facts.zone).date()),
        )
        for checkpoint in learner.overdue(facts)[:MOST_OVERDUE]
        if (due_at := facts.learner.due(checkpoint))
    ]
    weak = [each for each in learner.tags(facts) if each.is_weak]
    found += [
        phrase(
            '“{tag}” is worth another look: a mean score of {mean} at {count} steps.',
            tag=isolated(each.tag),
            mean=int(each.tag_mean),
            count=each.scored,
        )
        for each in reversed(weak)
    ]
    named = {each.tag.casefold() for each in weak}
    found += [
        phrase('“{skill}” needs practice; {count} answers show it.', skill=isolated(each.name), count=each.answers)
        for each in known.skills
        if each.standing is Standing.TO_PRACTISE and each.name.casefold() not in named
    ]
    if roll and roll.rate is not None and roll.held >= FEWEST_CLASSES and roll.rate < POOR_ATTENDANCE:
        found.append(phrase('Came to only {came} of {held} classes.', came=roll.attended, held=roll.held))
    found += academic(known)
    return tuple(found)


def again(known: Known) -> tuple[CountedCheckpoint, ...]:
    """Return the checkpoints that are worth another look, the lowest score first.

    None whose grade shows mastery: what a teacher has set by hand stands above what was reached, so that a report does
    not praise and ask for the same thing.
    """
    mark, done = known.facts.course.mastery_percent, known.assessments
    graded = [(each.id, each.score) for each in done.quizzes]
    graded += [(each.id, each.grade) for each in done.assignments]
    graded += [(each.id, each.grade) for each in done.projects]
    mastered = {checkpoint_id for checkpoint_id, grade in graded if grade is not None and grade >= mark}
    low = [each for _score, each in low_scores(known.facts) if each.checkpoint_id not in mastered]
    return tuple(low[:MOST_REVIEWS])


def academic(known: Known) -> tuple[Words, ...]:
    """Return which checkpoints to look at again."""
    return tuple(
        phrase(
            'Look again at “{step}”: the best score is {score}, and from {mark} on it is mastered.',
            step=isolated(each.title),
            score=known.facts.scores[each.checkpoint_id],
            mark=known.facts.course.mastery_percent,
        )
        for each in again(known)
    )


def this_week(known: Known) -> tuple[Words, ...]:
    """Return what the learner does this week: what was agreed, the next step, and what to look at again."""
    agreed = [each for each in known.actions if each.assigned_to is ReportReader.STUDENT and not each.is_done]
    found: list[Words] = [own(each.description) for each in agreed]
    if checkpoint := next_step(known.facts):
        found.append(phrase('Go on with “{step}”. {why}', step=isolated(checkpoint.title), why=checkpoint.why))
    found += [phrase('Look again at “{step}”.', step=isolated(each.title)) for each in again(known)]
    return tuple(found[:MOST_THIS_WEEK])


def for_parents(facts: LearnerFacts, suggested: Sequence[str]) -> tuple[Words, ...]:
    """Return what parents can do: what staff suggest, and a question to ask."""
    found: list[Words] = [own(each) for each in suggested]
    if checkpoint := next_step(facts):
        found.append(
            phrase(
                'Ask about “{step}”: what it is good for, and what is hard about it.', step=isolated(checkpoint.title)
            )
        )
    return tuple(found)


def way(facts: LearnerFacts) -> Way | None:
    """Return the way through the course against its schedule, from the first day to today or the last date.

    None where both are one day: a single point shows nobody anything that the figures do not say.
    """
    if not facts.checkpoints:
        return None
    done = [
        standing.completed_at.astimezone(facts.zone).date()
        for checkpoint in facts.checkpoints
        if (standing := facts.standings.get(checkpoint.checkpoint_id)) and standing.completed_at
    ]
    due = [
        at.astimezone(facts.zone).date() for checkpoint in facts.checkpoints if (at := facts.learner.due(checkpoint))
    ]
    begun = facts.learner.enrolled_at.astimezone(facts.zone).date()
    days = _days(min((begun, *done, *due)), max((facts.today, *due)), facts.today)
    if len(days) == 1:
        return None
    points_ = tuple(
        WayPoint(
            day=each,
            done=sum(at <= each for at in done) if each <= facts.today else None,
            due=sum(at <= each for at in due),
        )
        for each in days
    )
    finding = (
        plural('{done} of {all} steps are done; {count} was due by now.',
               '{done} of {all} steps are done; {count} were due by now.',
               sum(at <= facts.today for at in due), done=len(done), all=len(facts.checkpoints))
        if due
        else phrase('{done} of {all} steps are done.', done=len(done), all=len(facts.checkpoints))
    )  # fmt: skip
    return Way(finding=finding, steps=len(facts.checkpoints), points=points_)


def points(tenths: int) -> str:
    """Return a number of tenths as people read it."""
    return f'{tenths // 10}' if tenths % 10 == 0 else f'{tenths // 10}.{tenths % 10}'


def _early(facts: LearnerFacts) -> int:
    """Return how many checkpoints are done whose day is still to come."""
    return sum(
        facts.is_done(checkpoint)
        for checkpoint in facts.checkpoints
        if (due_at := facts.learner.due(checkpoint)) and due_at >= facts.now
    )


def _scores(found: Assessments) -> list[tuple[str, int]]:
    scored = [(each.title, each.score) for each in found.quizzes]
    scored += [(each.title, each.grade) for each in found.assignments]
    scored += [(each.title, each.grade) for each in found.projects]
    return [(title, score) for title, score in scored if score is not None]


def _days(first: date, last: date, today: date) -> list[date]:
    """Return the days along the way: equally far apart, with the first, today and the last among them."""
    apart = max(1, -(-((last - first).days) // MOST_POINTS))
    return sorted({date.fromordinal(at) for at in range(first.toordinal(), last.toordinal(), apart)} | {today, last})
