"""Silence and lag: learners are reminded of a course, and those who teach it learn who needs a look, with the reason.

It comes from the totals, some times a day, and from no page that happens to be open. Each stretch of silence is one
notice, nobody hears of the same learner twice in a week, and a course that rests reminds nobody. Days off of the school
are no silence, and on them nobody is reminded.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from models import Course, Enrollment, Notice, NoticeKind, User
from services.analytics import attention, course_reading
from services.analytics.attention import INACTIVE_DAYS, Need, Reason
from services.analytics.course_facts import CourseFacts, Learner
from services.core import database, server_log, zones
from services.core.jobs import Kind
from services.core.phrases import phrase, plural
from services.core.transaction import Transaction
from services.motivation import calendar
from services.motivation.calendar import DaySpan
from services.notices import writing
from services.notices.drafts import Draft

LOOK_EVERY = timedelta(hours=4)
AGAIN_AFTER = timedelta(days=7)
"""for which nobody is reminded again, and nobody hears of the same learner again"""
TOO_LATE = 2 * INACTIVE_DAYS
"""days of silence after which a reminder is no reminder; also at the first start with an older school"""
MOST_A_DAY = 3
"""learners of a course of whom those who teach it hear in a day, the most urgent first; the others come next"""
DAY = timedelta(hours=20)
LONGEST = 366
"""days that are looked at for days off"""
STILL_GOES_ON = timedelta(days=7)
"""A course goes on if somebody did something there in so many days, or something is due in as many."""


def kind() -> Kind:
    """Return the job that looks at all courses."""
    return Kind(name='falling behind', work=lambda _: look(), repeats=LOOK_EVERY)


async def look() -> int:
    """Look at every open course, one after the other; returns how many notices were written."""
    written, failed = 0, list[Exception]()
    for course_id in await database.read(_open_courses):
        try:
            written += await writing.write_some_at_a_time(await database.read(_drafts, course_id))
        except Exception as error:  # noqa: BLE001 - the others are looked at all the same; the job says so below
            server_log.write_problem('course not looked at', error, course=course_id)
            failed.append(error)
    if failed:
        raise failed[0]
    return written


def _open_courses(tx: Transaction) -> list[int]:
    is_open = col(Course.archived_at).is_(None), col(Course.deleted_at).is_(None), col(Course.counted) > 0
    return list(tx.session.scalars(select(col(Course.id)).where(*is_open).order_by(col(Course.id))))


def _drafts(tx: Transaction, course_id: int) -> list[Draft]:
    course = tx.session.get(Course, course_id)
    if course is None or course.deleted_at or course.archived_at:
        return []
    off = calendar.free_days(tx)
    if _is_off(off, zones.local_date(zones.school(), tx.now)):
        return []
    facts = course_reading.read(tx, course, zones.school())
    if not _goes_on(facts, off):
        return []
    return [*_reminders(tx, facts, off), *_for_staff(tx, facts, off)]


def _is_off(off: Sequence[DaySpan], day: date) -> bool:
    return any(day in span for span in off)


def _goes_on(facts: CourseFacts, off: Sequence[DaySpan]) -> bool:
    latest = max(facts.last_days.values(), default=None)
    is_due = any(
        checkpoint.due_at and facts.now <= checkpoint.due_at <= facts.now + STILL_GOES_ON
        for checkpoint in facts.checkpoints
    )
    return is_due or (latest is not None and _days_between(latest, facts.today, off) <= STILL_GOES_ON.days)


def _days_between(last: date, today: date, off: Sequence[DaySpan]) -> int:
    """Return how many days have gone since a day, without days off; counting ends where it does not matter."""
    days = (last + timedelta(days=number) for number in range(1, min((today - last).days, LONGEST) + 1))
    return sum(1 for day in days if not _is_off(off, day))


def _silent_days(facts: CourseFacts, learner: Learner, off: Sequence[DaySpan]) -> int:
    return _days_between(facts.last_days.get(learner.user_id, learner.enrolled_at.date()), facts.today, off)


def _reminders(tx: Transaction, facts: CourseFacts, off: Sequence[DaySpan]) -> Iterator[Draft]:
    """Remind those who have been silent for a week, but of one course alone."""
    silent = [each for each in facts.learners if _is_silent(facts, each, off)]
    reminded = _told(tx, NoticeKind.INACTIVITY, {each.user_id for each in silent}) if silent else frozenset()
    for learner in silent:
        if learner.user_id in reminded:
            continue
        yield Draft(
            user_id=learner.user_id,
            kind=NoticeKind.INACTIVITY,
            object_key=f'course:{facts.course.id}',
            occurrence=facts.last_days.get(learner.user_id, learner.enrolled_at.date()).isoformat(),
            course_id=facts.course.id,
            title=plural(
                'You have not been in “{course}” for {count} day.',
                'You have not been in “{course}” for {count} days.',
                facts.inactive_days(learner),
                course=facts.course.title,
            ),
            body=plural(
                'You have done {count} of {all} step.',
                'You have done {count} of {all} steps.',
                learner.done,
                all=len(facts.checkpoints),
            ),
            address=f'/courses/{facts.course.id}/learn',
            happened_at=facts.now,
        )


def _is_silent(facts: CourseFacts, learner: Learner, off: Sequence[DaySpan]) -> bool:
    if learner.completed_at or learner.paused_at:
        return False
    return INACTIVE_DAYS <= _silent_days(facts, learner, off) < TOO_LATE


def _for_staff(tx: Transaction, facts: CourseFacts, off: Sequence[DaySpan]) -> Iterator[Draft]:
    """Notify those who teach of learners who need a look and do not wait in a class at this moment."""
    staff = writing.staff_of(tx, [facts.course.id]).get(facts.course.id, [])
    dismissed = attention.dismissed(tx, facts.course.id, [each.user_id for each in facts.learners])
    waits = {(each.user_id, Reason.WAITING) for each in facts.waiting}
    away = {
        (each.user_id, Reason.INACTIVE) for each in facts.learners if _silent_days(facts, each, off) < INACTIVE_DAYS
    }
    known, today = _known(tx, facts)
    passed_over = known | _gone(tx, facts.course.id)
    needs = [each for each in attention.needs(facts, dismissed | waits | away) if each.user_id not in passed_over]
    for need in needs[: max(0, MOST_A_DAY - today)]:
        for user_id in staff:
            if user_id != need.user_id:
                yield _look(facts, need, user_id)


def _look(facts: CourseFacts, need: Need, user_id: int) -> Draft:
    return Draft(
        user_id=user_id,
        kind=NoticeKind.LAGGING,
        object_key=f'course:{facts.course.id}:{need.user_id}',
        occurrence=facts.today.isoformat(),
        course_id=facts.course.id,
        learner_id=need.user_id,
        title=phrase('{name}: {reason}', name=need.name, reason=need.grounds[0].words),
        body=phrase('In “{course}”', course=facts.course.title),
        address=f'/courses/{facts.course.id}/people/{need.user_id}/progress',
        happened_at=facts.now,
    )


def _known(tx: Transaction, facts: CourseFacts) -> tuple[AbstractSet[int], int]:
    """Return of which learners those who teach have heard this week, and of how many today."""
    here = col(Notice.course_id) == facts.course.id, col(Notice.kind) == NoticeKind.LAGGING
    recent = select(col(Notice.learner_id), col(Notice.written_at)).where(
        *here, col(Notice.written_at) > tx.now - AGAIN_AFTER, col(Notice.learner_id).is_not(None)
    )
    rows = tx.execute(recent).all()
    return {user_id for user_id, _ in rows if user_id}, len({user_id for user_id, at in rows if at > tx.now - DAY})


def _gone(tx: Transaction, course_id: int) -> set[int]:
    """Return who is in a course and cannot sign in: no look helps somebody whose account is off, or was erased."""
    there = col(Enrollment.course_id) == course_id, col(Enrollment.removed_at).is_(None)
    off = select(col(User.id)).join(Enrollment, col(Enrollment.user_id) == col(User.id))
    return set(tx.session.scalars(off.where(*there, col(User.disabled_at).is_not(None))))


def _told(tx: Transaction, kind: NoticeKind, people: set[int]) -> AbstractSet[int]:
    """Return which of some people have had a notice of a kind this week."""
    theirs = col(Notice.user_id).in_(people), col(Notice.kind) == kind
    return set(
        tx.session.scalars(select(col(Notice.user_id)).where(*theirs, col(Notice.written_at) > tx.now - AGAIN_AFTER))
    )
