"""A term of history for the demo school: ten weeks of thirty learners, played in order, the same every time.

Everything goes through the verbs that screens call, each at its own moment, so that the log, and all that follows it,
is what it would be if the term had been lived.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar

from demo.history_course import (
    CHECKPOINTS,
    CLASS_DAY,
    CLASS_HOUR,
    DOCUMENT,
    DUE_HOUR,
    MARKER,
    QUIZ,
    REPORT,
    WEEKS_GONE,
    Made,
    PlannedCheckpoint,
    make_course,
)
from demo.history_people import GROUPS, LEARNERS, NEVER, SAM, Learner, address_of
from demo.history_visits import Person, Teacher
from services.access import Actor
from services.accounts import passwords, registration
from services.accounts.registration import CheckedAccount, NewAccount
from services.core import database, zones
from services.core.transaction import Transaction
from services.enums import Verb
from services.people import groups
from services.progress import states

T = TypeVar('T')
Deed = Callable[[Transaction], object]
ALL = len(LEARNERS)
SECOND = timedelta(seconds=1)
CLASS_LASTS = timedelta(minutes=50)
MOST_TRIES = 3
ASKS = 0.45
"""how likely somebody asks for help in class at a checkpoint that is too hard"""
SIGHS = ('The paper shows two colours', 'My water is brown', 'What does neutral look like?', '')


@dataclass(slots=True)
class Term:
    """What will happen, and until when it has happened."""

    now: datetime
    made: Made
    teacher: Teacher
    deeds: list[tuple[datetime, int, Deed]] = field(default_factory=list)

    def plan(self, moment: datetime, deed: Deed) -> None:
        """Let something happen, if it is not in the future."""
        if moment < self.now:
            self.deeds.append((moment, len(self.deeds), deed))

    def midnight(self, moment: datetime) -> datetime:
        """Return the beginning of a day."""
        zone = zones.school()
        return zones.start_of_day(zone, zones.local_date(zone, moment))

    def by_day(self) -> Iterator[list[tuple[datetime, Deed]]]:
        """Yield what happens, in order, a day at a time."""
        for _, day in groupby(sorted(self.deeds, key=lambda each: each[:2]), key=lambda each: each[0].date()):
            yield [(moment, deed) for moment, _, deed in day]


async def live_term(
    *, instructor: Actor, sam: Actor, password: str, begins: datetime, now: datetime, learners: int = ALL
) -> int:
    """Make the course and let ten weeks go by in it, for so many learners; returns its id."""
    made = await at(begins - timedelta(hours=10), lambda tx: make_course(tx, instructor, begins))
    password_hash = await passwords.hash_of(password)
    people = await at(begins - timedelta(hours=9), lambda tx: _people(tx, made, sam, password_hash, learners))
    term = Term(now, made, Teacher(instructor.user_id, made))
    for person in people:
        _plan_enrollment(term, person)
    for week in range(1, WEEKS_GONE + 1):
        _plan_class(term, people, week)
    for person in people:
        _plan_homework(term, person)
    for report in CHECKPOINTS:
        if report.kind is REPORT:
            term.plan(made.at(report.day + 4, 15), lambda tx, report=report: term.teacher.grade(tx, report))  # type: ignore[misc]
    for day in term.by_day():
        await database.write(perform, day)
    return made.course_id


async def at(moment: datetime, deed: Callable[[Transaction], T]) -> T:
    """Perform a deed at a moment of the past, and return what it returns."""
    found: list[T] = []
    await database.write(perform, [(moment, lambda tx: found.append(deed(tx)))])
    return found[0]


def perform(tx: Transaction, deeds: list[tuple[datetime, Deed]]) -> None:
    """Perform deeds, each at its own moment; the server log and open screens are for what happens now."""
    present, announced, noted = tx.now, len(tx.announcements), len(tx.notes)
    try:
        for moment, deed in deeds:
            tx.now = moment
            deed(tx)
            tx.finish()
    finally:
        tx.now = present
        del tx.announcements[announced:], tx.notes[noted:]


def _people(tx: Transaction, made: Made, sam: Actor, password_hash: str, learners: int) -> list[Person]:
    """Register everybody but Sam, who is there already."""
    people = []
    for learner in LEARNERS[:learners]:
        user_id = sam.user_id if learner is SAM else _register(tx, learner, password_hash)
        people.append(Person(learner, user_id, made, random.Random(learner.name)))  # noqa: S311 - a story
    return people


def _register(tx: Transaction, learner: Learner, password_hash: str) -> int:
    email = address_of(learner.name)
    new = NewAccount(name=learner.name, email=email, password='')
    return registration.create(tx, CheckedAccount(new=new, email=email, password_hash=password_hash, may_mail=False))


def _plan_enrollment(term: Term, person: Person) -> None:
    day = person.learner.enrolls
    moment = term.made.at(day, 9 + person.chance.random())
    term.plan(moment, person.enroll)
    group = GROUPS[person.user_id % len(GROUPS)]
    term.plan(
        moment + timedelta(minutes=1),
        lambda tx: groups.put(tx, term.teacher.enter(tx), term.made.course_id, user_id=person.user_id, name=group),
    )
    if person.learner.pauses_on is not None:
        pause = term.made.at(person.learner.pauses_on, 12)
        term.plan(pause, person.enter)
        term.plan(pause, lambda tx: states.pause(tx, person.actor, term.made.course_id))
    term.teacher.grades[person.user_id] = max(20, min(98, round(100 * person.chance.gauss(person.learner.skill, 0.07))))


def _plan_class(term: Term, people: list[Person], week: int) -> None:
    """Plan a class: most come, do the checkpoint of the week if there is one, and those who are stuck ask."""
    day = 7 * (week - 1) + CLASS_DAY
    begins = term.made.at(day - term.made.days_into_weekend, CLASS_HOUR)
    ends = begins + CLASS_LASTS
    if ends > term.now:
        return
    term.plan(begins, term.teacher.begin)
    term.plan(ends, term.teacher.end)
    checkpoint = next((each for each in CHECKPOINTS if each.in_class and each.week == week), None)
    for person in people:
        is_there = day > person.learner.enrolls and not _is_away(person.learner, day)
        if is_there and person.chance.random() < person.learner.attends:
            _plan_attendance(term, person, checkpoint, begins, ends)


def _plan_attendance(
    term: Term, person: Person, checkpoint: PlannedCheckpoint | None, begins: datetime, ends: datetime
) -> None:
    chance, teacher = person.chance, term.teacher
    comes = begins + timedelta(minutes=chance.uniform(0, 7))

    def join(tx: Transaction) -> None:
        person.enter(tx)
        person.tap(tx, Verb.JOINED, None, teacher.session_id)

    term.plan(comes, join)
    if checkpoint is None:
        return
    starts = comes + timedelta(minutes=chance.uniform(1, 4))
    term.plan(starts, lambda tx: person.tap(tx, Verb.STARTED, checkpoint, teacher.session_id))
    takes = timedelta(minutes=checkpoint.minutes * _factor(person, checkpoint))
    if checkpoint.takes > 2 and chance.random() < ASKS * (1.6 - person.learner.skill):
        asks = starts + 0.4 * takes
        helps = asks + timedelta(minutes=chance.uniform(2, 6))
        words = chance.choice(SIGHS)
        if helps < ends:
            term.plan(asks, lambda tx: person.ask(tx, checkpoint, teacher.session_id, words))
            term.plan(helps, lambda tx: teacher.help(tx, person))
        takes += timedelta(minutes=6)
    if starts + takes < ends and chance.random() >= checkpoint.stops:
        person.passed.add(checkpoint.title)
        term.plan(starts + takes, lambda tx: person.tap(tx, Verb.COMPLETED, checkpoint, teacher.session_id))


def _plan_homework(term: Term, person: Person) -> None:
    """Plan what somebody does alone: one thing after the other, and a look at something old now and then."""
    free = term.made.at(person.learner.enrolls, 12)
    left = [checkpoint for checkpoint in CHECKPOINTS if checkpoint.title not in person.passed]
    planned = [(moment, checkpoint) for checkpoint in left if (moment := _moment(term, person, checkpoint))]
    for moment, checkpoint in sorted(planned, key=lambda each: each[0]):
        free = _plan_checkpoint(term, person, checkpoint, max(moment, free)) + timedelta(
            minutes=person.chance.uniform(8, 40)
        )
        if person.chance.random() < 0.15:
            old = person.chance.choice(
                [each for each in CHECKPOINTS if each.kind is DOCUMENT and each.day <= checkpoint.day] or [checkpoint]
            )
            if old.kind is DOCUMENT:
                free = _plan_visit(term, person, old, free, minutes=person.chance.uniform(4, 15), then=person.leave)


def _plan_checkpoint(term: Term, person: Person, checkpoint: PlannedCheckpoint, moment: datetime) -> datetime:
    """Plan one checkpoint; returns when it is over."""
    minutes = max(2.0, checkpoint.minutes * _factor(person, checkpoint))
    if checkpoint.kind is QUIZ:
        return _plan_quiz(term, person, checkpoint, moment, minutes, tries=0)
    if checkpoint.kind is REPORT:
        half = _plan_visit(
            term, person, checkpoint, moment - timedelta(days=1.5), minutes=minutes * 0.6,
            then=lambda tx: person.write_report(tx, checkpoint),
        )  # fmt: skip
        return _plan_visit(
            term, person, checkpoint, max(moment, half + timedelta(hours=2)), minutes=minutes * 0.4,
            then=lambda tx: person.hand_in(tx, checkpoint),
        )  # fmt: skip
    gives_up = checkpoint.kind is MARKER and person.chance.random() < checkpoint.stops * 2
    then = person.leave if gives_up else (lambda tx: person.finish(tx, checkpoint))
    return _plan_visit(term, person, checkpoint, moment, minutes=minutes, then=then)


def _plan_visit(
    term: Term, person: Person, checkpoint: PlannedCheckpoint, moment: datetime, *, minutes: float, then: Deed
) -> datetime:
    """Plan a visit, or two where it goes on through midnight; returns when it is over."""
    ends = moment + timedelta(minutes=minutes)
    if ends >= term.now:
        return ends
    if (midnight := term.midnight(ends)) > moment:
        term.plan(moment, lambda tx: person.come(tx, checkpoint))
        term.plan(midnight - SECOND, person.leave)
        moment = midnight + SECOND
        ends = max(ends, moment + SECOND)
    term.plan(moment, lambda tx: person.come(tx, checkpoint))
    term.plan(ends, then)
    return ends


def _plan_quiz(
    term: Term, person: Person, checkpoint: PlannedCheckpoint, moment: datetime, minutes: float, tries: int
) -> datetime:
    """Plan an attempt, and another one the day after for who does not pass."""
    ends = moment + timedelta(minutes=minutes)
    if (midnight := term.midnight(ends)) > moment:
        moment, ends = midnight - (ends - moment) - SECOND, midnight - SECOND
    bonus = 0.12 * tries
    if ends >= term.now:
        return ends
    is_needed: list[bool] = []

    def begin(tx: Transaction) -> None:
        is_needed.append(checkpoint.title not in person.passed)
        if is_needed[0]:
            person.take_quiz(tx, checkpoint)

    def end(tx: Transaction) -> None:
        if is_needed[0]:
            person.answer(tx, checkpoint, round(60 * minutes), bonus)

    term.plan(moment, begin)
    term.plan(ends, end)
    if tries + 1 < MOST_TRIES and person.learner.skill < 0.8:
        _plan_quiz(term, person, checkpoint, moment + timedelta(hours=23), minutes * 0.7, tries + 1)
    return ends


def _moment(term: Term, person: Person, checkpoint: PlannedCheckpoint) -> datetime | None:
    """Return when somebody does a checkpoint at home; None if never."""
    learner, chance = person.learner, person.chance
    slipped = learner.slips * max(0, checkpoint.week - 4)
    day = checkpoint.day - learner.early + slipped + chance.gauss(0, 0.35 if learner.early < 0.3 else 0.7)
    day = max(day, learner.enrolls + 0.3, 0.3)
    if learner.early >= 0.05 and learner.early < 0.3:
        day = min(day, checkpoint.day)  # the last evening, and not later
    if learner.away and learner.away[0] <= day < learner.away[1]:
        if learner.away[1] == NEVER:
            return None
        day = learner.away[1] + 0.9 * (checkpoint.week - learner.away[0] / 7)
    hour = learner.hour + chance.gauss(0, 0.6)
    if learner.early < 0.3:
        hour = min(hour, DUE_HOUR + 4.5)
    return term.made.at(int(day), hour)


def _is_away(learner: Learner, day: int) -> bool:
    return learner.away is not None and learner.away[0] <= day < learner.away[1]


def _factor(person: Person, checkpoint: PlannedCheckpoint) -> float:
    """Return how many times the planned minutes somebody needs for a checkpoint."""
    return checkpoint.takes * person.learner.speed * person.chance.uniform(0.7, 1.3)
