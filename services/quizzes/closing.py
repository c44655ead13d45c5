"""How an attempt ends: submitted by its learner, or because the time is up; graded at once, and once.

Closing is decided by the state of the row, so that a page, a client, a second device and the clock can all try: one of
them does it. Who passes completes the checkpoint in the same transaction, unless the quiz keeps its score back until
later: `opening` does it then. A quiz that never shows its score is complete when it is handed in, or its step would
tell.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, Job, QuestionVersion, Quiz, Reveal, Verb, table
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import database
from services.core.events import Detail
from services.core.jobs import Kind
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import auto_complete
from services.progress.auto_complete import Reached
from services.quizzes import bank, grading, other_versions, revealing, skill_results
from services.quizzes.answer import FORM
from services.quizzes.attempts import own_attempt
from services.quizzes.limits import GRACE
from services.quizzes.mastery import marks_of
from services.quizzes.question import Question as Content
from services.quizzes.scores import add_up

NAME = 'quizzes'
EVERY = timedelta(seconds=10)
"""how often the clock looks for attempts whose time is up"""
OUTAGE = timedelta(seconds=20)
"""without a look for so long, the server was away, and everybody gets the time back"""
AT_ONCE = 25
"""attempts that are closed in one transaction, so that taps do not wait"""


def submit(tx: Transaction, actor: Actor | None, attempt_id: int) -> bool:
    """Submit an attempt of the actor; returns whether it was this call that did."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is not AttemptState.IN_PROGRESS:
        return False
    is_late = attempt.ends_at is not None and tx.now > attempt.ends_at + GRACE
    close(tx, [attempt], by_clock=is_late)
    return True


def close_due(tx: Transaction) -> int:
    """Close some attempts whose time is up; returns how many."""
    due = col(Attempt.state) == AttemptState.IN_PROGRESS, col(Attempt.ends_at) < tx.now - GRACE
    first = select(Attempt).where(*due).order_by(col(Attempt.ends_at)).limit(AT_ONCE).with_for_update(skip_locked=True)
    attempts = tx.session.scalars(first).all()
    close(tx, attempts, by_clock=True)
    return len(attempts)


def close(tx: Transaction, attempts: Sequence[Attempt], *, by_clock: bool) -> None:
    """Submit attempts that are going on, grade what can be graded, and record it."""
    ids = [attempt.id for attempt in attempts]
    _forget_unasked(tx, [attempt for attempt in attempts if attempt.is_practice])
    grades = [
        {'at_attempt': attempt_id, 'at_position': position, 'credit': credit, 'graded_at': tx.now}
        for attempt_id, position, version_id, content, answer in _UNGRADED.rows(tx.connection, attempts=ids)
        if (credit := _credit(bank.content_of(version_id, content), answer)) is not None
    ]
    _GRADE.each(tx.connection, grades)
    other_versions.catch_up(tx, ids)
    for attempt in attempts:
        attempt.state = AttemptState.SUBMITTED
        attempt.is_out_of_time = by_clock
        attempt.submitted_at = attempt.ends_at if by_clock and attempt.ends_at else tx.now
    recording.record(tx, [entry(attempt, Verb.QUIZ_SUBMITTED, 'submit') for attempt in attempts])
    count(tx, attempts)


def _forget_unasked(tx: Transaction, attempts: Sequence[Attempt]) -> None:
    """Take out of practice that adapts what was not answered: its learner stopped before it was asked."""
    adaptive = [each.id for each in attempts if tx.session.get_one(Quiz, each.checkpoint_id).is_adaptive]
    if adaptive:
        unasked = col(AttemptAnswer.attempt_id).in_(adaptive), col(AttemptAnswer.answer).is_(None)
        tx.execute(delete(AttemptAnswer).where(*unasked))


def count(tx: Transaction, attempts: Sequence[Attempt], *, by: int | None = None, verb: Verb = Verb.GRADED) -> None:
    """Add up what attempts are worth; once every answer has its grade, one is graded, and the checkpoint may be
    complete.

    `by` is the teacher who set the last grade, and `verb` what the log says where the score is another one.
    """
    tx.session.flush()
    worth: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for attempt_id, points, credit in _WORTH.rows(tx.connection, attempts=[attempt.id for attempt in attempts]):
        worth[attempt_id].append((points, credit))
    news = {each.id: before for each in attempts if (before := _counted(tx, each, worth[each.id]))}
    graded = [each for each in attempts if each.state is AttemptState.GRADED]
    changed = [each for each in graded if each.id in news]
    kept_back = _kept_back(tx, attempts)
    marks = marks_of(tx, {each.course_id for each in changed})
    for each in changed:
        each.is_held = each.is_held or each.id in kept_back
    tx.session.add_all(attempts)
    tx.session.flush()
    recording.record(
        tx,
        [
            _graded(each, news[each.id], by=by, verb=verb, mark=marks[each.course_id], is_held=each.id in kept_back)
            for each in changed
        ],
    )
    recording.record(tx, skill_results.entries(tx, graded))
    unseen = [each for each in attempts if kept_back.get(each.id) is Reveal.NEVER]
    done = [each for each in graded if each.is_passed and not each.is_practice and each.id not in kept_back]
    auto_complete.complete_all(tx, [handed_in(each) for each in unseen] + [passed(each, by=by) for each in done])


def handed_in(attempt: Attempt) -> Reached:
    """Return that an attempt whose score is never shown completes its checkpoint, whatever the score is."""
    return replace(passed(attempt), why='handed in')


def passed(attempt: Attempt, *, by: int | None = None) -> Reached:
    """Return that an attempt completes its checkpoint, at the moment at which it was submitted."""
    return Reached(
        user_id=attempt.user_id,
        course_id=attempt.course_id,
        checkpoint_id=attempt.checkpoint_id,
        mode=attempt.mode,
        session_id=attempt.session_id,
        why='passed',
        by=by,
        happened_at=attempt.submitted_at if by is None else None,
    )


def _kept_back(tx: Transaction, attempts: Sequence[Attempt]) -> dict[int, Reveal]:
    """Return until when attempts keep their score from their learner, where they do so now."""
    quizzes = {each.id: tx.session.get_one(Quiz, each.checkpoint_id) for each in attempts if not each.is_practice}
    pairs = [(quizzes[each.id], each.user_id) for each in attempts if each.id in quizzes]
    found = revealing.keeps_score(tx, pairs)
    return {
        each.id: quizzes[each.id].shows_score
        for each in attempts
        if each.id in quizzes and (each.checkpoint_id, each.user_id) in found
    }


class _Before(NamedTuple):
    """What was known of an attempt whose score is new."""

    is_first: bool
    score: int | None


def _counted(tx: Transaction, attempt: Attempt, worth: Sequence[tuple[int, int | None]]) -> _Before | None:
    """Add up one attempt; returns what it was before, if its score is new."""
    total = add_up(worth)
    attempt.possible, attempt.earned = total.possible, total.earned
    if any(credit is None for _, credit in worth):
        return None
    before = _Before(is_first=attempt.graded_at is None, score=attempt.score)
    attempt.score, attempt.is_passed = total.score, total.passes(attempt.passing_percent)
    attempt.state = AttemptState.GRADED
    attempt.graded_at = tx.now
    return before if before.is_first or before.score != attempt.score else None


def _credit(content: Content, answer: str | None) -> int | None:
    return grading.grade(content, FORM.validate_json(answer) if answer is not None else None).credit


def kind() -> Kind:
    """Return the job that closes attempts whose time is up."""
    return Kind(name=NAME, work=lambda _: close_all(), repeats=EVERY)


async def close_all() -> None:
    """Give back the time of an outage, then close all attempts whose time is up, some in a commit."""
    await database.write(give_back)
    while await database.write(close_due) == AT_ONCE:
        pass


def give_back(tx: Transaction) -> timedelta:
    """Move the end of attempts by the time for which the server was away; returns how long that was."""
    last = tx.execute(select(col(Job.done_at)).where(col(Job.kind) == NAME)).scalar()
    away = tx.now - last if last else timedelta(0)
    if last is None or away < OUTAGE:
        return timedelta(0)
    was_going_on = col(Attempt.state) == AttemptState.IN_PROGRESS, col(Attempt.ends_at) > last
    for attempt in tx.session.scalars(select(Attempt).where(*was_going_on, col(Attempt.started_at) <= last)):
        assert attempt.ends_at is not None
        attempt.ends_at += away
        tx.session.add(attempt)
    tx.execute(update(Job).where(col(Job.kind) == NAME).values(done_at=tx.now))  # once, also where closing fails now
    tx.note('time given back after an outage', seconds=round(away.total_seconds()))
    return away


def entry(attempt: Attempt, verb: Verb, what: str) -> Entry:
    """Return what the log is told of an attempt, as of the moment at which it was submitted."""
    return Entry(
        user_id=attempt.user_id,
        tap_id=f'quiz:{attempt.id}:{what}',
        verb=verb,
        course_id=attempt.course_id,
        checkpoint_id=attempt.checkpoint_id,
        session_id=attempt.session_id,
        mode=attempt.mode,
        details={'attempt': attempt.id},
        happened_at=attempt.submitted_at,
    )


def _graded(attempt: Attempt, before: _Before, *, by: int | None, verb: Verb, mark: int, is_held: bool) -> Entry:
    details: dict[str, Detail] = {'attempt': attempt.id, 'mark': mark}
    details |= {'practice': True} if attempt.is_practice else {}
    details |= {} if by is None else {'by': by}
    details |= {} if before.score is None else {'was': before.score}
    details |= {'held': True} if is_held else {}
    what = 'grade' if before.is_first else uuid4().hex
    graded = replace(entry(attempt, verb, what), score=attempt.score, details=details)
    return graded if before.is_first and by is None else replace(graded, happened_at=None)


_answers, _versions = table(AttemptAnswer), table(QuestionVersion)
_UNGRADED = Prepared(
    select(_answers.c.attempt_id, _answers.c.position, _versions.c.id, _versions.c.content, _answers.c.answer)
    .join(_versions, _versions.c.id == _answers.c.version_id)
    .where(among(_answers.c.attempt_id, 'attempts'), _answers.c.credit.is_(None))
)
_WORTH = Prepared(
    select(_answers.c.attempt_id, _answers.c.points, _answers.c.credit).where(among(_answers.c.attempt_id, 'attempts'))
)
_GRADE = Prepared(
    update(_answers)
    .where(_answers.c.attempt_id == bindparam('at_attempt'), _answers.c.position == bindparam('at_position'))
    .values({name: bindparam(name, type_=_answers.c[name].type) for name in ('credit', 'graded_at')})
)
