"""What a learner hands in: a text that is saved while they type, files, and what came back.

Each try is a row of its own. A try that was returned never changes again for its learner; who may hand in again begins
another one, with a copy of the text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import uuid4

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from models import (
    Checkpoint,
    Course,
    Enrollment,
    FileKind,
    Mode,
    Submission,
    SubmissionFile,
    SubmissionState,
    Verb,
)
from services import access, rubrics
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.assignments import rules as assignment_rules
from services.assignments.rules import Rules
from services.core.errors import Gone, NotEnrolled, Refused, Removed
from services.core.events import Detail
from services.core.phrases import Phrase, phrase
from services.core.text import check_text
from services.core.transaction import Transaction
from services.progress.auto_complete import Reached, complete_all
from services.rubrics import Mark
from services.study import in_class

LONGEST_TEXT = 100_000
NO_SUBMISSION = phrase('There is no such work, or it is not yours.')


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedFile:
    """A file of a try, as its learner and their teachers see it."""

    file_id: int
    name: str
    kind: FileKind
    size: int
    pages: int | None = None
    """of a PDF that can be shown page by page"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try, as its learner sees it: without a grade until it is returned."""

    submission_id: int
    number: int
    state: SubmissionState
    """never graded: that is for teachers until it is returned"""
    text: str
    saved_at: datetime | None
    submitted_at: datetime | None
    late: timedelta
    files: tuple[HandedFile, ...]
    grade: int | None
    feedback: str
    marks: tuple[Mark, ...]
    """what it got for each criterion of the rubric"""
    files_back: tuple[HandedFile, ...]
    """what came back with it"""
    returned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An assignment as its learner sees it, with all their tries, the newest first."""

    checkpoint_id: int
    course_id: int
    title: str
    description: str
    due_at: datetime | None
    rules: Rules
    tries: tuple[Try, ...]
    problem: Phrase | None
    """why nothing can be written or handed in now"""
    can_take_back: bool
    """whether what was handed in can be changed still"""


def task(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Task:
    """Return an assignment as the actor meets it."""
    checkpoint = assignment_rules.checked(access.checkpoint(tx, actor, checkpoint_id))
    actor = access.signed_in(tx, actor)
    rules = assignment_rules.rules_of(tx, checkpoint_id)
    due_at = assignment_rules.due_of(tx, checkpoint, actor.user_id)
    rows = _own(tx, actor.user_id, checkpoint_id)
    newest = rows[0] if rows else None
    return Task(
        checkpoint_id=checkpoint_id,
        course_id=checkpoint.course_id,
        title=checkpoint.title,
        description=checkpoint.description,
        due_at=due_at,
        rules=rules,
        tries=tuple(_shown(tx, row, due_at) for row in rows),
        problem=_problem(tx, rules, due_at, newest),
        can_take_back=_can_take_back(tx, newest, due_at),
    )


def save_text(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, text: str, seen: datetime | None = None
) -> datetime:
    """Save the text of a draft and return when; `seen` is when the text that was changed here had been saved.

    Raises `Refused` where another device has saved another text meanwhile: none of both is lost.
    """
    row = draft(tx, actor, checkpoint_id)
    text = check_text(text, most=LONGEST_TEXT, field='text')
    if text and not assignment_rules.rules_of(tx, checkpoint_id).takes_text:
        raise Refused('This assignment takes files, and no text.')
    if row.text == text and row.saved_at is not None:
        return row.saved_at
    if row.saved_at != seen:
        raise Refused('This text was changed on another device. Copy what you typed here, then load the page again.')
    row.text, row.saved_at = text, tx.now
    tx.session.add(row)
    return tx.now


def submit(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, session_id: int | None = None) -> bool:
    """Hand in what is saved; returns whether it was this call that did."""
    checkpoint = _learnt(tx, actor, checkpoint_id)
    actor = access.signed_in(tx, actor)
    newest = next(iter(_own(tx, actor.user_id, checkpoint_id)), None)
    if newest and newest.state in {SubmissionState.SUBMITTED, SubmissionState.GRADED}:
        return False
    row = draft(tx, actor, checkpoint_id)
    if not row.text and not files_of(tx, row.id):
        raise Refused('There is nothing to hand in yet. Write something, or add a file.')
    due_at = assignment_rules.due_of(tx, checkpoint, actor.user_id)
    row.state, row.submitted_at = SubmissionState.SUBMITTED, tx.now
    row.late_seconds = max(0, int((tx.now - due_at).total_seconds())) if due_at else 0
    tx.session.add(row)
    tx.session.flush()
    held = in_class.running(tx, row.course_id, session_id)
    recording.record(tx, [entry(row, Verb.ASSIGNMENT_SUBMITTED, {'late': row.late_seconds}, session_id=held)])
    if not assignment_rules.rules_of(tx, checkpoint_id).is_graded:
        reached = Reached(
            user_id=row.user_id,
            course_id=row.course_id,
            checkpoint_id=checkpoint_id,
            mode=Mode.SELF_PACED if held is None else Mode.LIVE,
            session_id=held,
            why='handed in',
        )
        complete_all(tx, [reached])
    return True


def take_back(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Make what was handed in a draft again, as long as nobody has graded it and it is not due."""
    checkpoint = _learnt(tx, actor, checkpoint_id)
    actor = access.signed_in(tx, actor)
    newest = next(iter(_own(tx, actor.user_id, checkpoint_id)), None)
    if newest is None or newest.state is SubmissionState.DRAFT:
        return
    if not _can_take_back(tx, newest, assignment_rules.due_of(tx, checkpoint, actor.user_id)):
        raise Refused('This was graded already, or is due: it cannot be changed now.')
    newest.state, newest.submitted_at, newest.late_seconds = SubmissionState.DRAFT, None, 0
    tx.session.add(newest)


def draft(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Submission:
    """Return the draft of the actor, a new one where it is time for it; raises why nothing can be handed in."""
    checkpoint = _learnt(tx, actor, checkpoint_id)
    actor = access.signed_in(tx, actor)
    rules = assignment_rules.rules_of(tx, checkpoint_id)
    newest = next(iter(_own(tx, actor.user_id, checkpoint_id)), None)
    if problem := _problem(tx, rules, assignment_rules.due_of(tx, checkpoint, actor.user_id), newest):
        raise Refused(problem)
    if newest and newest.state is SubmissionState.DRAFT:
        return newest
    row = Submission(
        user_id=actor.user_id,
        course_id=checkpoint.course_id,
        checkpoint_id=checkpoint_id,
        number=newest.number + 1 if newest else 1,
        text=newest.text if newest else '',
        saved_at=newest.saved_at if newest else None,
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def files_of(tx: Transaction, submission_id: int) -> tuple[HandedFile, ...]:
    """Return the files of a try, in the order in which they came; the caller has checked who may see them."""
    return _files(tx, submission_id, col(SubmissionFile.given_by).is_(None))


def files_back(tx: Transaction, submission_id: int) -> tuple[HandedFile, ...]:
    """Return the files that come back with a try; its learner sees them once it is returned."""
    return _files(tx, submission_id, col(SubmissionFile.given_by).is_not(None))


def nameless(name: str, file_id: int) -> str:
    """Return a name of a file that does not say whose it is."""
    return f'{file_id}{PurePosixPath(name).suffix}'


def _files(tx: Transaction, submission_id: int, whose: ColumnElement[bool]) -> tuple[HandedFile, ...]:
    here = col(SubmissionFile.submission_id) == submission_id, col(SubmissionFile.removed_at).is_(None), whose
    rows = tx.session.scalars(select(SubmissionFile).where(*here).order_by(col(SubmissionFile.id)))
    return tuple(
        HandedFile(file_id=row.id, name=row.name, kind=row.kind, size=row.size, pages=row.pages) for row in rows
    )


def entry(
    row: Submission,
    verb: Verb,
    details: dict[str, Detail] | None = None,
    *,
    score: int | None = None,
    session_id: int | None = None,
) -> Entry:
    """Return what the log is to say of a try."""
    return Entry(
        user_id=row.user_id,
        tap_id=f'assignment:{row.id}:{uuid4().hex}',
        verb=verb,
        course_id=row.course_id,
        checkpoint_id=row.checkpoint_id,
        session_id=session_id,
        mode=Mode.SELF_PACED if session_id is None else Mode.LIVE,
        score=score,
        details={'attempt': row.id} | (details or {}),
    )


def _learnt(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    """Return an assignment that the actor may work on now; two of their devices do so one after the other."""
    actor = access.signed_in(tx, actor)
    found = tx.session.get(Checkpoint, checkpoint_id)
    mine = col(Enrollment.user_id) == actor.user_id, col(Enrollment.course_id) == (found.course_id if found else 0)
    place = tx.session.scalars(select(Enrollment).where(*mine).with_for_update()).one_or_none()
    if place and place.removed_at:
        raise Removed
    checkpoint = assignment_rules.checked(access.checkpoint(tx, actor, checkpoint_id))
    if place is None:
        raise NotEnrolled
    if tx.session.get_one(Course, checkpoint.course_id).archived_at:
        raise Gone('Your instructor has archived this course. What you did is kept.')
    if checkpoint.is_preview:
        raise Refused('A preview is only to be looked at; it is never marked.')
    return checkpoint


def _own(tx: Transaction, user_id: int, checkpoint_id: int) -> list[Submission]:
    mine = col(Submission.user_id) == user_id, col(Submission.checkpoint_id) == checkpoint_id
    return list(tx.session.scalars(select(Submission).where(*mine).order_by(col(Submission.number).desc())))


def _problem(tx: Transaction, rules: Rules, due_at: datetime | None, newest: Submission | None) -> Phrase | None:
    """Return why nothing can be written or handed in now."""
    if newest and newest.state in {SubmissionState.SUBMITTED, SubmissionState.GRADED}:
        return phrase('This is handed in, so it cannot be changed.')
    if newest and newest.state is SubmissionState.RETURNED and not rules.may_resubmit:
        return phrase('Your teacher has returned this; it cannot be handed in again.')
    if due_at and tx.now > due_at and not rules.takes_late:
        return phrase('This was due, and nothing is taken late. Ask your instructor if you need more time.')
    return None


def _can_take_back(tx: Transaction, newest: Submission | None, due_at: datetime | None) -> bool:
    is_waiting = newest is not None and newest.state is SubmissionState.SUBMITTED
    return is_waiting and (due_at is None or tx.now < due_at)


def _shown(tx: Transaction, row: Submission, due_at: datetime | None) -> Try:
    is_back = row.state is SubmissionState.RETURNED
    return Try(
        submission_id=row.id,
        number=row.number,
        state=SubmissionState.SUBMITTED if row.state is SubmissionState.GRADED else row.state,
        text=row.text,
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        late=assignment_rules.late_of(row.late_seconds, row.submitted_at, due_at),
        files=files_of(tx, row.id),
        grade=row.grade if is_back else None,
        feedback=row.feedback if is_back else '',
        marks=rubrics.read_marks(row.marks) if is_back else (),
        files_back=files_back(tx, row.id) if is_back else (),
        returned_at=row.returned_at,
    )
