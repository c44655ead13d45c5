"""Insights: plain sentences about how somebody learns, each with its evidence, found by rules that are data.

Of each subject at most one is said, so that no two contradict; too little data says nothing; each can be hidden.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from models import DayPart
from services.analytics.course_facts import CountedCheckpoint, monday
from services.analytics.learner_facts import LearnerFacts
from services.analytics.tags import STRONG, WEAK, means_by_tag
from services.core.phrases import Phrase, phrase

HIDDEN = 'insight:'
"""before the key of an insight that a learner has hidden, in their choices"""
FEWEST_DAYS = 3
"""days with something on them, so that anything is said at all"""
WEEKS = 4
MOST = 4
"""insights at once"""

Said = tuple[Phrase, Phrase]
"""(the sentence, its evidence)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When something is said, and what."""

    key: str
    subject: str
    """of those with the same one, only the first that holds is said"""
    find: Callable[[LearnerFacts], Said | None]
    """returns what is said; None where it does not hold or there is too little data"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """One plain sentence with its evidence."""

    key: str
    subject: str
    words: Phrase
    evidence: Phrase


def of_learner(facts: LearnerFacts) -> tuple[Insight, ...]:
    """Return what the record says of how somebody learns, without what they have hidden."""
    if len({total.day for total in facts.totals if total.is_deed}) < FEWEST_DAYS:
        return ()
    found: dict[str, Insight] = {}
    for rule in RULES:
        if rule.subject not in found and (said := rule.find(facts)):
            words, evidence = said
            found[rule.subject] = Insight(key=rule.key, subject=rule.subject, words=words, evidence=evidence)
    shown = [insight for insight in found.values() if f'{HIDDEN}{insight.key}' not in facts.choices]
    return tuple(shown[:MOST])


def _is_back(facts: LearnerFacts) -> Said | None:
    days = sorted({total.day for total in facts.totals if total.is_deed})
    for before, after in pairwise(days):
        gap = (after - before).days
        if gap >= 14 and (facts.today - after).days < 7:
            return phrase('Good that you are back.'), phrase('You had a break of {days} days.', days=gap)
    return None


def _more(facts: LearnerFacts) -> Said | None:
    now, before = _two_months(facts)
    if before < 2 or now <= before * 1.2:
        return None
    return phrase('You are getting more done.'), _pace_evidence(now, before)


def _less(facts: LearnerFacts) -> Said | None:
    now, before = _two_months(facts)
    if before < 3 or now >= before * 0.8 or facts.learner.completed_at or facts.learner.paused_at:
        return None
    return phrase('You did more a while ago. One short session is a good way back in.'), _pace_evidence(now, before)


def _pace_evidence(now: int, before: int) -> Phrase:
    return phrase(
        'Steps completed in the last 4 weeks: {now}; in the 4 weeks before: {before}.', now=now, before=before
    )


def _two_months(facts: LearnerFacts) -> tuple[int, int]:
    """Return how many checkpoints became complete in the last four weeks and in the four before; nothing for
    newcomers.
    """
    begun = max(facts.since, facts.learner.enrolled_at.astimezone(facts.zone).date())
    if (facts.until - begun).days + 1 < 2 * 7 * WEEKS:
        return 0, 0
    split, first = facts.until - timedelta(weeks=WEEKS), facts.until - timedelta(weeks=2 * WEEKS)
    now = sum(total.completed for total in facts.totals if total.day > split)
    return now, sum(total.completed for total in facts.totals if first < total.day <= split)


def _favourite_time(facts: LearnerFacts) -> Said | None:
    """The same part of the same weekday, in three of the last four whole weeks, with a quarter of all their study.

    It is in the part of the day in which they study most on the whole, which the picture beside it names.
    """
    this = monday(facts.until)
    seconds: Counter[tuple[int, DayPart]] = Counter()
    weeks = defaultdict[tuple[int, DayPart], set[date]](set)
    for total in facts.totals:
        if total.seconds and this - timedelta(weeks=WEEKS) <= total.day < this:
            seconds[total.day.weekday(), total.part] += total.seconds
            weeks[total.day.weekday(), total.part].add(monday(total.day))
    whole = sum(seconds.values())
    if whole < 60 * 60:
        return None
    (weekday, part), most = max(seconds.items(), key=lambda item: (item[1], -item[0][0]))
    often = len(weeks[weekday, part])
    if often < WEEKS - 1 or most * 4 < whole or part is not _mostly(facts)[0]:
        return None
    words = phrase('You learn most on {weekday}, {part}.', weekday=_WEEKDAYS[weekday], part=_PARTS[part])
    return words, phrase('{often} of the last {weeks} weeks.', often=often, weeks=WEEKS)


def _part_of_day(facts: LearnerFacts) -> Said | None:
    whole = sum(total.seconds for total in facts.totals)
    part, most = _mostly(facts)
    if whole < 2 * 60 * 60 or most * 2 < whole:
        return None
    words = phrase('Most of your study is {part}.', part=_PARTS[part])
    return words, phrase('{share} % of {hours} hours.', share=most * 100 // whole, hours=whole // 3600)


def _mostly(facts: LearnerFacts) -> tuple[DayPart, int]:
    """Return the part of the day with most of their study, of equal ones the first, and its seconds."""
    seconds = dict.fromkeys(DayPart, 0)
    for total in facts.totals:
        seconds[total.part] += total.seconds
    return max(seconds.items(), key=lambda item: item[1])


def _crams(facts: LearnerFacts) -> Said | None:
    due = [
        (due_at, standing.completed_at)
        for checkpoint in facts.checkpoints
        if (due_at := facts.learner.due(checkpoint)) and (standing := facts.standings.get(checkpoint.checkpoint_id))
        if standing.completed_at
    ]
    late = sum(timedelta(0) <= due_at - done_at <= timedelta(days=1) for due_at, done_at in due)
    if len(due) < 4 or late * 10 < len(due) * 6:
        return None
    words = phrase('You finish most steps on the last day. Two days earlier leaves time for questions.')
    return words, phrase('{late} of {due} steps with a date.', late=late, due=len(due))


def _regular(facts: LearnerFacts) -> Said | None:
    this = monday(facts.until)
    weeks: defaultdict[date, set[date]] = defaultdict(set)
    for total in facts.totals:
        if total.is_deed and this - timedelta(weeks=WEEKS) <= total.day < this:
            weeks[monday(total.day)].add(total.day)
    days = [len(its) for its in weeks.values()]
    last = max((total.day for total in facts.totals if total.is_deed), default=facts.since)
    if len(days) < WEEKS or min(days) < 2 or (facts.today - last).days >= 7:
        return None
    words = phrase('You study regularly; that is what helps most.')
    return words, phrase('At least {days} days in each of the last {weeks} weeks.', days=min(days), weeks=WEEKS)


def _strong_tag(facts: LearnerFacts) -> Said | None:
    best = max(_tags(facts), default=None)
    if best is None or best[0] < STRONG:
        return None
    return phrase('“{tag}” is one of your strengths.', tag=best[1]), _tag_evidence(best)


def _weak_tag(facts: LearnerFacts) -> Said | None:
    least = min(_tags(facts), default=None)
    if least is None or least[0] >= WEAK:
        return None
    return phrase('“{tag}” is worth another look.', tag=least[1]), _tag_evidence(least)


def _tag_evidence(found: tuple[float, str, int]) -> Phrase:
    return phrase('Mean score {mean} at {count} steps.', mean=f'{found[0]:.0f}', count=found[2])


def _tags(facts: LearnerFacts) -> list[tuple[float, str, int]]:
    """Return (mean score, tag, how many checkpoints) of each tag with enough scored checkpoints."""
    return [(each.tag_mean, each.tag, each.scored) for each in means_by_tag(facts.checkpoints, facts.scores)]


def _long_checkpoint(facts: LearnerFacts) -> Said | None:
    ratios = [
        (facts.seconds_at(checkpoint) / (60 * checkpoint.minutes), checkpoint)
        for checkpoint in facts.checkpoints
        if checkpoint.minutes
    ]
    known = [(ratio, checkpoint) for ratio, checkpoint in ratios if ratio]
    if len(known) < 4:
        return None
    most, checkpoint = max(known, key=lambda pair: pair[0])
    if most < 2:
        return None
    words = phrase('“{step}” took you longer than planned, and that is fine: hard steps do.', step=checkpoint.title)
    return words, _minutes(facts, checkpoint)


def _minutes(facts: LearnerFacts, checkpoint: CountedCheckpoint) -> Phrase:
    took = facts.seconds_at(checkpoint) // 60
    return phrase('{took} min; the plan says {planned} min.', took=took, planned=checkpoint.minutes)


RULES = (
    Rule(key='back', subject='pace', find=_is_back),
    Rule(key='more', subject='pace', find=_more),
    Rule(key='less', subject='pace', find=_less),
    Rule(key='favourite_time', subject='time', find=_favourite_time),
    Rule(key='part_of_day', subject='time', find=_part_of_day),
    Rule(key='last_day', subject='regularity', find=_crams),
    Rule(key='regular', subject='regularity', find=_regular),
    Rule(key='strength', subject='strength', find=_strong_tag),
    Rule(key='another_look', subject='weakness', find=_weak_tag),
    Rule(key='long_step', subject='long_step', find=_long_checkpoint),
)
_WEEKDAYS = (
    phrase('Mondays'),
    phrase('Tuesdays'),
    phrase('Wednesdays'),
    phrase('Thursdays'),
    phrase('Fridays'),
    phrase('Saturdays'),
    phrase('Sundays'),
)
_PARTS = {
    DayPart.NIGHT: phrase('at night'),
    DayPart.MORNING: phrase('in the morning'),
    DayPart.AFTERNOON: phrase('in the afternoon'),
    DayPart.EVENING: phrase('in the evening'),
}
