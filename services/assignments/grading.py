"""How teachers grade handed-in work, and return it.

A grade is for teachers alone until it is returned. Only then does the log say it, and the checkpoint completes by it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import Course, Submission, SubmissionState, User, Verb
from services import access, rubrics
from services.access import Actor
from services.activity import recording
from services.assignments import rules as assignment_rules
from services.assignments import submissions
from services.assignments.desk import fingerprint, taught_work
from services.assignments.rules import Rules
from services.core.errors import Invalid, Refused
from services.core.events import WorkMarked
from services.core.text import check_is_text, check_text, line
from services.core.transaction import Transaction
from services.progress.auto_complete import Reached, complete_all
from services.rubrics import Choice, Rubric

BEST = 100


def grade(
    tx: Transaction,
    actor: Actor | None,
    submission_id: int,
    *,
    grade: int | None,
    feedback: str = '',
    choices: Sequence[Choice] = (),
    seen: datetime | None = None,
    seen_work: str | None = None,
    seen_rubric: Rubric | None = None,
    returns: bool = False,
) -> datetime:
    """Grade what was handed in; `seen` is the `graded_at` that the person saw, so that nobody overwrites silently.

    That holds for the same person on two devices, too. Returns the new `graded_at`. `seen_work` is the `fingerprint` of
    the work that they saw, so that nobody grades what they have not read; left out, it is not compared.

    Where there is a rubric, the grade follows from the `choices`, and none is given. With `returns`, the learner gets
    their work back at once. Work that is not graded has feedback alone. Choices are places, so `seen_rubric` is the
    rubric in which they were chosen.
    """
    row = taught_work(tx, actor, submission_id, locked=True)
    me = access.signed_in(tx, actor).user_id
    rules = assignment_rules.rules_of(tx, row.checkpoint_id)
    if seen_work is not None and seen_work != fingerprint(row, submissions.files_of(tx, row.id)):
        raise Refused(
            'The learner took this work back and changed it since you opened it. Copy what you typed, then load the '
            'page again.'
        )
    if seen_rubric is not None and seen_rubric != rules.rubric:
        raise Invalid('The rubric has changed meanwhile. Load the page again.', field='marks')
    grade = _checked_grade(rules, grade, choices)
    if rules.is_graded and grade is None and (returns or row.state is SubmissionState.RETURNED):
        raise _no_grade(rules, is_back=row.state is SubmissionState.RETURNED)
    was = row.grade
    feedback = check_text(feedback, field='feedback')
    marks = rubrics.kept(rubrics.marks_for(rules.rubric, choices)) if rules.rubric else row.marks
    is_again = row.graded_by == me and (row.grade, row.feedback, row.marks) == (grade, feedback, marks)
    if row.graded_by is not None and row.graded_at != seen and not is_again:
        raise _graded_meanwhile(row.grade, tx.session.get_one(User, row.graded_by).name)
    row.grade, row.feedback, row.marks = grade, feedback, marks
    row.graded_by, row.graded_at = me, tx.now
    if row.state is SubmissionState.RETURNED:
        _tell(tx, row, was=was)
    else:
        row.state = SubmissionState.SUBMITTED if rules.is_graded and grade is None else SubmissionState.GRADED
    tx.session.add(row)
    tx.session.flush()
    announce(tx, row)
    if returns and row.state is SubmissionState.GRADED:
        _give_back(tx, row)
    return tx.now


def read_grade(typed: str) -> int | None:
    """Return a grade as it was typed, None for nothing; raises `Invalid` instead of rounding or cutting it."""
    check_is_text(typed)
    typed = line(typed).removesuffix('%').strip()
    if not typed:
        return None
    if len(typed) > 3 or not typed.isdecimal() or int(typed) > BEST:
        raise Invalid('Type a whole number from {least} to {most}.', least=0, most=BEST, field='grade')
    return int(typed)


def give_back(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> int:
    """Return all work of an assignment that is graded and waits for it; returns how much that is."""
    assignment_rules.taught(tx, actor, checkpoint_id)
    graded = col(Submission.checkpoint_id) == checkpoint_id, col(Submission.state) == SubmissionState.GRADED
    rows = tx.session.scalars(select(Submission).where(*graded).order_by(col(Submission.id)).with_for_update()).all()
    for row in rows:
        _give_back(tx, row)
    return len(rows)


def announce(tx: Transaction, row: Submission) -> None:
    """Let those who look at handed-in work know that somebody has worked on it."""
    tx.announce(WorkMarked(course_id=row.course_id, user_id=row.user_id, submission_id=row.id))


def _checked_grade(rules: Rules, grade: int | None, choices: Sequence[Choice]) -> int | None:
    """Return the grade that counts: the one that was typed, or the one that follows from the rubric."""
    if not rules.rubric:
        if choices:
            raise Invalid('This assignment has no rubric now. Load the page again.', field='marks')
        if grade is not None and (not rules.is_graded or not 0 <= grade <= BEST):
            raise Invalid('Type a number from {least} to {most}.', least=0, most=BEST, field='grade')
        return grade
    if grade is not None:
        raise Invalid('The grade follows from the rubric. Choose a level for each criterion.', field='grade')
    rubrics.marks_for(rules.rubric, choices)
    return rubrics.grade_of(rules.rubric, choices) if rules.is_graded else None


def _graded_meanwhile(grade: int | None, name: str) -> Refused:
    """Return why a grade is not stored: another one is there that the person has not seen."""
    if grade is None:
        return Refused('{name} has graded this meanwhile. Look at it before you change it.', name=name)
    return Refused(
        '{name} has graded this meanwhile: {grade}. Look at it before you change it.', name=name, grade=grade
    )


def _no_grade(rules: Rules, *, is_back: bool) -> Invalid:
    """Return why work cannot be given back."""
    if rules.rubric:
        return Invalid('Choose a level for each criterion before you return this.', field='marks')
    if is_back:
        return Invalid('This was returned with a grade. Type the one that counts now.', field='grade')
    return Invalid('Type a grade before you return this.', field='grade')


def _give_back(tx: Transaction, row: Submission) -> None:
    row.state, row.returned_at = SubmissionState.RETURNED, tx.now
    tx.session.add(row)
    tx.session.flush()
    recording.record(tx, [submissions.entry(row, Verb.RETURNED, {'by': row.graded_by or 0})])
    _tell(tx, row, was=None)


def _tell(tx: Transaction, row: Submission, *, was: int | None) -> None:
    """Record the grade of returned work, if it is new, and complete the checkpoint where it is enough."""
    if row.grade is None or row.grade == was:
        return
    mark = tx.session.get_one(Course, row.course_id).mastery_percent
    passing = assignment_rules.rules_of(tx, row.checkpoint_id).passing_percent
    details = {'mark': mark, 'pass': passing, 'by': row.graded_by or 0} | ({} if was is None else {'was': was})
    recording.record(tx, [submissions.entry(row, Verb.GRADED, dict(details), score=row.grade)])
    if row.grade >= passing:
        reached = Reached(
            user_id=row.user_id,
            course_id=row.course_id,
            checkpoint_id=row.checkpoint_id,
            why='passed',
            by=row.graded_by,
        )
        complete_all(tx, [reached])
