"""All the work that is done by the clock, in one list; and what an admin sees of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from models import Job, MailKind
from services import access
from services.access import Actor
from services.accounts import addresses, parent_codes, resets, throttle
from services.analytics import school_releases
from services.analytics.prediction import nightly
from services.certificates import render_queue
from services.content.uploads import cleanup, cleanup_handed_in, cleanup_pictures, old_pictures
from services.core import database, idempotency, jobs
from services.core.errors import NotFound
from services.core.jobs import Kind
from services.core.phrases import Phrase, phrase, recalled
from services.core.transaction import Transaction
from services.goals import closing_weeks
from services.live import housekeeping
from services.lms import logins, reading_back, registrations, sending, statements_out
from services.mail import delivery, outbox
from services.mail.letters import Composer, Sent
from services.notices import certificates_ready, deadlines_near, falling_behind, mailing, pushing, refused_addresses
from services.parents import looks, summaries
from services.privacy import erasing, retention
from services.progress import completions, module_completions
from services.quizzes import class_answers, closing, counting_anew, opening, regrading
from services.reports.exports import making as export_making
from services.reports.performance import bundle_making
from services.study import session_end
from services.upkeep import archiving, nightly_backups

WORDS = {
    'completions': phrase('Completing courses'),
    'modules': phrase('Completing modules'),
    'weeks': phrase('Closing the weeks of learners'),
    'certificates': phrase('Printing certificates'),
    'classes': phrase('Ending forgotten classes'),
    'study sessions': phrase('Ending silent study sessions'),
    'quizzes': phrase('Submitting quizzes whose time is up'),
    'regrades': phrase('Grading answers again'),
    'results opening': phrase('Showing results of quizzes that have closed'),
    'scores anew': phrase('Counting scores anew'),
    'class answers': phrase('Grading what classes have answered'),
    'predictions': phrase('Predicting who needs help'),
    'school figures': phrase('Drawing the figures of the school'),
    'certificate notices': phrase('Notifying people of their certificates'),
    'refused addresses': phrase('Notifying people whose mails come back'),
    'deadlines': phrase('Looking whose deadlines are near'),
    'falling behind': phrase('Looking who is silent or falls behind'),
    'uploads': phrase('Clearing away files that no step uses'),
    'handed in': phrase('Clearing away files that were taken out of handed-in work'),
    'pictures': phrase('Clearing away pictures that no question shows'),
    'facts of pictures': phrase('Blanking where pictures were taken'),
    'notice mails': phrase('Making mails of notices'),
    'weekly mails': phrase('Writing to parents on Sunday'),
    'mails': phrase('Sending mails'),
    'pushes': phrase('Bringing notices to devices'),
    'grades out': phrase('Sending grades to learning management systems'),
    'grades in': phrase('Reading grades of learning management systems back'),
    'statements out': phrase('Sending statements to the record store'),
    'back-ups': phrase('Making back-ups at night'),
    'erasures': phrase('Erasing people'),
    'class reports': phrase('Making the reports of a class'),
    'old class reports': phrase('Clearing away old reports of classes'),
    'exports': phrase('Making long tables as files'),
    'old exports': phrase('Clearing away old files of tables'),
    'retention': phrase('Forgetting at night what was kept for long enough'),
    'archive': phrase('Archiving old activities at night'),
    'old traces': phrase('Forgetting old answers and wrong guesses'),
}
"""What each kind is called on screen."""


MAILS: Mapping[MailKind, Composer] = {
    MailKind.RESET: resets.mailed,
    MailKind.CONFIRM: addresses.confirmation,
    MailKind.CHANGED: addresses.farewell,
    MailKind.NOTICES: mailing.letter,
    MailKind.WEEK: summaries.letter,
}
"""What each kind of mail says."""

SENT: Mapping[MailKind, Sent] = {MailKind.NOTICES: mailing.sent}
"""What notes that a mail was sent, where something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWork:
    """One piece of work that is done by the clock, as an admin sees it."""

    job_id: int
    name: Phrase | str
    due_at: datetime
    done_at: datetime | None
    is_running: bool
    problem: Phrase | str
    attempts: int


def kinds() -> tuple[Kind, ...]:
    """Return every kind of job that this process does."""
    return (
        completions.kind(),
        module_completions.kind(),
        closing_weeks.kind(),
        render_queue.kind(),
        housekeeping.kind(),
        Kind(
            name='study sessions', work=lambda _: database.write(session_end.close_silent), repeats=timedelta(minutes=1)
        ),
        closing.kind(),
        regrading.kind(),
        opening.kind(),
        counting_anew.kind(),
        class_answers.kind(),
        nightly.kind(),
        school_releases.kind(),
        certificates_ready.kind(),
        deadlines_near.kind(),
        falling_behind.kind(),
        cleanup.kind(),
        cleanup_handed_in.kind(),
        cleanup_pictures.kind(),
        old_pictures.kind(),
        refused_addresses.kind(),
        mailing.kind(),
        delivery.kind(MAILS, SENT),
        pushing.kind(),
        summaries.kind(),
        sending.kind(),
        reading_back.kind(),
        statements_out.kind(),
        nightly_backups.kind(),
        erasing.kind(),
        bundle_making.kind(),
        bundle_making.clearing(),
        export_making.kind(),
        export_making.clearing(),
        retention.kind(),
        archiving.kind(),
        Kind(name='old traces', work=_forget, repeats=timedelta(minutes=10)),
    )


def of_school(tx: Transaction, actor: Actor | None) -> tuple[TimedWork, ...]:
    """Return what waits and what has failed, failures first."""
    access.note_look(tx, access.admin(tx, actor), 'school')
    order = col(Job.problem) == '', col(Job.due_at), col(Job.id)
    return tuple(
        TimedWork(
            job_id=job.id,
            name=WORDS.get(job.kind, job.kind),
            due_at=job.due_at,
            done_at=job.done_at,
            is_running=job.lease_until is not None and job.lease_until > tx.now,
            problem=recalled(job.problem),
            attempts=job.attempts,
        )
        for job in tx.session.scalars(select(Job).order_by(*order).limit(MOST_SHOWN))
    )


def try_again(tx: Transaction, actor: Actor | None, job_id: int) -> str:
    """Let something that has failed be tried at once; returns its kind, for `jobs.hurry` after the commit."""
    actor = access.admin(tx, actor)
    kind = jobs.try_again(tx, job_id)
    if kind is None:
        raise NotFound('This has been done meanwhile.')
    tx.note('job tried again', job=job_id, by=actor.user_id)
    return kind


async def _forget(_: str) -> None:
    await database.write(idempotency.forget_old)
    await database.write(throttle.clear)
    await database.write(resets.forget_old)
    await database.write(outbox.forget_old)
    await database.write(parent_codes.forget_old)
    await database.write(looks.forget_old)
    await database.write(pushing.forget_old)
    await database.write(logins.forget_old)
    await database.write(registrations.forget_old)


MOST_SHOWN = 100
