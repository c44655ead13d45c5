"""What the people of the term do, through the verbs that their screens call, at the moment of the transaction."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from demo.history_course import NEUTRAL, QUIZ, REPORT, RIGHT_IN_TRUTH, Made, PlannedCheckpoint, questions_of
from demo.history_people import Learner
from services.access import Actor
from services.accounts import sign_ins
from services.accounts.sign_ins import Entered
from services.activity import taps
from services.activity.taps import Tap
from services.assignments import desk, grading, submissions
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.enums import SubmissionState, Verb
from services.live import sessions as classes
from services.live.help import queue
from services.people import joining
from services.quizzes import answering, attempts, closing, past
from services.quizzes.answer import Answer
from services.quizzes.answering import Given
from services.quizzes.question import Question
from services.study import session_store
from services.study import sessions as study

DEVICE = 'Firefox on Linux'
STAYS_SIGNED_IN = timedelta(days=4)
_numbers = count(1)


@dataclass(slots=True)
class Person:
    """A learner of the term, and where they are signed in."""

    learner: Learner
    user_id: int
    made: Made
    chance: random.Random
    entered: Entered | None = None
    entered_at: datetime | None = None
    attempt_id: int = 0
    request_id: int = 0
    passed: set[str] = field(default_factory=set)

    @property
    def actor(self) -> Actor:
        """Who they are on the device that they used last."""
        assert self.entered is not None
        return self.entered.actor

    def enter(self, tx: Transaction) -> None:
        """Sign in, unless they did so a few days ago on the same device."""
        if self.entered_at and tx.now - self.entered_at < STAYS_SIGNED_IN:
            return
        before = self.entered.token if self.entered else None
        self.entered, self.entered_at = sign_ins.enter(tx, self.user_id, DEVICE, before), tx.now

    def enroll(self, tx: Transaction) -> None:
        """Join the course with its code."""
        self.enter(tx)
        joining.join(tx, self.actor, code=self.made.code)

    def come(self, tx: Transaction, checkpoint: PlannedCheckpoint) -> None:
        """Open the page of a checkpoint and begin with it."""
        self.enter(tx)
        checkpoint_id = self.made.ids[checkpoint.title]
        arrival = study.arrive(tx, self.actor, checkpoint_id, interacts=True)
        if checkpoint.kind not in {QUIZ, REPORT} and not arrival.is_started:
            self.tap(tx, Verb.STARTED, checkpoint)

    def leave(self, tx: Transaction) -> None:
        """Close the page; all the time since they came was study, as the beats of a page would have counted it."""
        for session in session_store.of_person(tx, self.user_id):
            if session.ended_at is None:
                seconds = round((tx.now - session.counted_until).total_seconds())
                session_store.count(tx, session, tx.now, active=seconds, idle=0)
                session_store.move(tx, session._replace(seen_at=tx.now, counted_until=tx.now), views=0)
        study.leave(tx, self.actor, self.made.course_id)

    def finish(self, tx: Transaction, checkpoint: PlannedCheckpoint) -> None:
        """Mark a checkpoint as done, and leave."""
        self.tap(tx, Verb.COMPLETED, checkpoint)
        self.leave(tx)

    def tap(
        self, tx: Transaction, verb: Verb, checkpoint: PlannedCheckpoint | None, session_id: int | None = None
    ) -> None:
        """Send what a screen sends."""
        tap = Tap(
            actor=self.actor,
            session_id=session_id,
            verb=verb,
            tap_id=new_tap_id(),
            checkpoint_id=self.made.ids[checkpoint.title] if checkpoint else None,
        )
        (outcome,) = taps.take_all(tx, [tap])
        if isinstance(outcome, DomainError):
            raise outcome

    def take_quiz(self, tx: Transaction, checkpoint: PlannedCheckpoint) -> None:
        """Come to a quiz and begin an attempt."""
        self.come(tx, checkpoint)
        self.attempt_id = attempts.start(tx, self.actor, self.made.ids[checkpoint.title], tap_id=new_tap_id())

    def answer(self, tx: Transaction, checkpoint: PlannedCheckpoint, seconds: int, bonus: float) -> None:
        """Answer everything, submit, and leave."""
        questions = questions_of(checkpoint.title)
        given = [
            Given(
                actor=self.actor,
                attempt_id=self.attempt_id,
                position=position,
                tap_id=new_tap_id(),
                answer=_answer(question, self.chance, self.learner.skill + bonus),
                seconds=seconds * self.chance.uniform(0.6, 1.4) / len(questions),
            )
            for position, question in enumerate(questions)
        ]
        for outcome in answering.save_all(tx, given):
            if isinstance(outcome, DomainError):
                raise outcome
        closing.submit(tx, self.actor, self.attempt_id)
        if any(each.is_passed for each in past.own(tx, self.user_id, self.made.ids[checkpoint.title])):
            self.passed.add(checkpoint.title)
        self.leave(tx)

    def write_report(self, tx: Transaction, checkpoint: PlannedCheckpoint) -> None:
        """Write a draft, and leave it for another day."""
        words = 'My patch is two metres wide. On top there are five centimetres of humus, then loam, then clay.'
        submissions.save_text(tx, self.actor, self.made.ids[checkpoint.title], text=words)
        self.leave(tx)

    def hand_in(self, tx: Transaction, checkpoint: PlannedCheckpoint) -> None:
        """Hand in what was written, and leave."""
        submissions.submit(tx, self.actor, self.made.ids[checkpoint.title])
        self.leave(tx)

    def ask(self, tx: Transaction, checkpoint: PlannedCheckpoint, session_id: int, words: str) -> None:
        """Ask for help in class."""
        self.request_id = queue.ask(tx, self.actor, session_id, self.made.ids[checkpoint.title], words, new_tap_id())


@dataclass(slots=True)
class Teacher:
    """The one who teaches the course."""

    user_id: int
    made: Made
    entered: Entered | None = None
    session_id: int = 0
    grades: dict[int, int] = field(default_factory=dict)
    """what a report is worth, by its writer"""

    def enter(self, tx: Transaction) -> Actor:
        """Sign in."""
        self.entered = sign_ins.enter(tx, self.user_id, DEVICE, self.entered.token if self.entered else None)
        return self.entered.actor

    def begin(self, tx: Transaction) -> None:
        """Begin a class."""
        self.session_id = classes.start(tx, self.enter(tx), self.made.course_id)

    def help(self, tx: Transaction, person: Person) -> None:
        """Help somebody who waits."""
        assert self.entered is not None
        queue.claim(tx, self.entered.actor, person.request_id)
        queue.resolve(tx, self.entered.actor, person.request_id)

    def grade(self, tx: Transaction, checkpoint: PlannedCheckpoint) -> None:
        """Grade what has been handed in, and return it."""
        teacher, checkpoint_id = self.enter(tx), self.made.ids[checkpoint.title]
        for line in desk.of_assignment(tx, teacher, checkpoint_id):
            if line.submission_id and line.state is SubmissionState.SUBMITTED:
                grade = self.grades[line.user_id]
                grading.grade(tx, teacher, line.submission_id, grade=grade, feedback=_feedback(grade), returns=True)

    def end(self, tx: Transaction) -> None:
        """End the class."""
        assert self.entered is not None
        classes.end(tx, self.entered.actor, self.made.course_id)


def new_tap_id() -> str:
    """Return an id for one gesture; the same ones each time the school is made."""
    return f'term-{next(_numbers)}'


def _feedback(grade: int) -> str:
    if grade >= 85:
        return 'You have looked closely, and drawn what you saw.'
    return 'A good beginning. Say how deep each layer is, and why you think so.' if grade >= 60 else 'Let us talk.'


def _answer(question: Question, chance: random.Random, skill: float) -> Answer:
    knows = chance.random() < skill
    if question is NEUTRAL:
        return Answer(text='7' if knows else '5,5')
    key = next(index for index, option in enumerate(question.options) if option.credit)
    right = RIGHT_IN_TRUTH.get(question.text, key)
    others = [index for index in range(len(question.options)) if index != right]
    return Answer(chosen=(right if knows else chance.choice(others),))
