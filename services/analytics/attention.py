"""Who needs a look in a course, each with reasons in words and their evidence; and those that were dismissed.

Only what the record says of today: nothing here foretells. A dismissal is an activity of the teacher.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

import orjson
from sqlalchemy import bindparam, select

from models import Activity, Verb, table
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.analytics.course_facts import CountedCheckpoint, CourseFacts, Learner
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase, plural
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

INACTIVE_DAYS = 7
DISMISSED_FOR = timedelta(days=14)


class Reason(StrEnum):
    """Why somebody needs a look, the most urgent first."""

    WAITING = 'waiting'
    OVERDUE = 'overdue'
    BELOW = 'below'
    INACTIVE = 'inactive'


class Why(StrEnum):
    """Why a teacher dismisses a reason."""

    TALKED = 'talked'
    KNOWN = 'known'
    NO_PROBLEM = 'no_problem'


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One reason with its evidence, as words that follow a name."""

    reason: Reason
    words: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A learner who needs a look, with all their reasons, the most urgent first."""

    user_id: int
    name: str
    group: str
    grounds: tuple[Ground, ...]
    message: Phrase
    """a message to them, ready to be sent"""

    @property
    def is_urgent(self) -> bool:
        """Whether they wait for somebody at this moment, or for two reasons."""
        return self.grounds[0].reason is Reason.WAITING or len(self.grounds) > 1


def needs(facts: CourseFacts, dismissed: Collection[tuple[int, Reason]] = ()) -> tuple[Need, ...]:
    """Return who needs a look: those who wait first, then those with most reasons."""
    mean = sum(each.percent for each in facts.learners) / len(facts.learners) if facts.learners else 0.0
    usual = _mean_time(facts)
    asked = {each.user_id: each for each in reversed(facts.waiting)}
    titles = {checkpoint.checkpoint_id: checkpoint for checkpoint in facts.checkpoints}
    found = []
    for learner in facts.learners:
        waiting = asked.get(learner.user_id)
        grounds: list[Ground] = []
        if waiting and waiting.checkpoint_id in titles:
            minutes = int((facts.now - waiting.asked_at).total_seconds() // 60)
            grounds.append(_waiting(titles[waiting.checkpoint_id], minutes))
        if not (learner.completed_at or learner.paused_at or learner.is_erased):
            grounds += (*_overdue(facts, learner), *_below(facts, learner, mean, usual), *_inactive(facts, learner))
        left = tuple(each for each in grounds if (learner.user_id, each.reason) not in dismissed)
        if left:
            found.append(_need(facts, learner, left))
    return tuple(sorted(found, key=lambda need: (_PLACES[need.grounds[0].reason] > 0, -len(need.grounds))))


def dismiss(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, reason: str, why: str) -> None:
    """Have a learner not shown for a reason for two weeks."""
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    if reason not in list(Reason) or why not in list(Why):
        raise Invalid('There is no such reason.', field='reason')
    assert actor is not None
    entry = Entry(
        user_id=actor.user_id,
        tap_id=uuid4().hex,
        verb=Verb.ATTENTION_DISMISSED,
        course_id=course_id,
        about_id=user_id,
        details={'reason': str(reason), 'why': str(why)},
        zone=actor.time_zone,
    )
    recording.record(tx, [entry])
    tx.note('attention dismissed', course=course_id, session=None, about=user_id, reason=str(reason))


def dismissed(tx: Transaction, course_id: int, people: Sequence[int]) -> set[tuple[int, Reason]]:
    """Return which reasons of whom have been dismissed lately."""
    rows = _DISMISSED.rows(tx.connection, course=course_id, people=list(people), since=tx.now - DISMISSED_FOR)
    known = {reason.value: reason for reason in Reason}
    return {
        (user_id, known[details['reason']])
        for user_id, written in rows
        if (details := _read(written)).get('reason') in known
    }


def _read(written: str | None) -> Mapping[str, str]:
    found: Mapping[str, str] = orjson.loads(written) if written else {}
    return found


def _need(facts: CourseFacts, learner: Learner, grounds: tuple[Ground, ...]) -> Need:
    late = facts.overdue[learner.user_id]
    if grounds[0].reason is Reason.WAITING:
        message = phrase('Hello {name}, I have seen your question and will come to you.', name=learner.name)
    elif late:
        message = phrase(
            'Hello {name}, “{step}” of “{course}” is still open. What would help you to go on?',
            name=learner.name,
            step=late[0].title,
            course=facts.course.title,
        )
    else:
        message = phrase(
            'Hello {name}, how is it going with “{course}”? What would help you to go on?',
            name=learner.name,
            course=facts.course.title,
        )
    return Need(user_id=learner.user_id, name=learner.name, group=learner.group, grounds=grounds, message=message)


def _waiting(checkpoint: CountedCheckpoint, minutes: int) -> Ground:
    words = plural(
        'has waited 1 min for help with step {number}',
        'has waited {count} min for help with step {number}',
        minutes,
        number=checkpoint.number,
    )
    return Ground(reason=Reason.WAITING, words=words)


def _overdue(facts: CourseFacts, learner: Learner) -> tuple[Ground, ...]:
    late = facts.overdue[learner.user_id]
    if not late:
        return ()
    words = plural(
        '1 of {due} due steps is missing: “{first}”',
        '{count} of {due} due steps are missing, the first is “{first}”',
        len(late),
        due=facts.due[learner.user_id],
        first=late[0].title,
    )
    return (Ground(reason=Reason.OVERDUE, words=words),)


def _mean_time(facts: CourseFacts) -> float:
    """Return for how many seconds learners have been in the course, on average."""
    times = [(facts.now - each.enrolled_at).total_seconds() for each in facts.learners]
    return sum(times) / len(times) if times else 0.0


def _below(facts: CourseFacts, learner: Learner, mean: float, usual: float) -> tuple[Ground, ...]:
    """Below a share of the average of the course (s0: 70 %), as soon as the course has done one checkpoint on average.

    Of somebody who joined later than most, so much less is expected as they have had less time.
    """
    one_checkpoint = 100 / len(facts.checkpoints) if facts.checkpoints else 100
    time = (facts.now - learner.enrolled_at).total_seconds()
    expected = mean * min(1.0, time / usual) if usual else mean
    if expected < one_checkpoint or 100 * learner.percent >= facts.course.lag_percent * expected:
        return ()
    words = phrase('{percent} % done, the course {mean} % on average', percent=learner.percent, mean=int(mean))
    return (Ground(reason=Reason.BELOW, words=words),)


def _inactive(facts: CourseFacts, learner: Learner) -> tuple[Ground, ...]:
    days = facts.inactive_days(learner)
    if days < INACTIVE_DAYS:
        return ()
    if learner.user_id not in facts.last_days:
        words = plural('never here since joining 1 day ago', 'never here since joining {count} days ago', days)
    else:
        words = plural('last here 1 day ago', 'last here {count} days ago', days)
    return (Ground(reason=Reason.INACTIVE, words=words),)


_PLACES = {reason: place for place, reason in enumerate(Reason)}
_log = table(Activity)
_DISMISSED = Prepared(
    select(_log.c.about_id, _log.c.details).where(
        among(_log.c.about_id, 'people'),
        _log.c.verb == Verb.ATTENTION_DISMISSED,
        _log.c.course_id + 0 == bindparam('course'),
        _log.c.session_id.is_(None),
        _log.c.at >= bindparam('since', type_=_log.c.at.type),
    )
)
