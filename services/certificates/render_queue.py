"""Certificates become PDFs in the background: outside of any transaction, and again until it works.

What is due is in the table, so a restart loses nothing; a failure puts the next try off, longer each time.
"""

import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from models import Certificate, Verb
from services.certificates import issuing
from services.certificates import pdf as certificates_pdf
from services.certificates.pdf import Sheet
from services.certificates.validity import VALID
from services.core import database, threads
from services.core.events import CertificatePrinted, Event, Recorded
from services.core.jobs import Kind
from services.core.phrases import Phrase, phrase, stored
from services.core.transaction import Transaction
from services.core.typesetting import NotPrinted
from settings import settings

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
LOOK_EVERY = timedelta(seconds=30)
LONGEST_PROBLEM = 280

UNPRINTED = VALID & col(Certificate.rendered_at).is_(None)


def kind() -> Kind:
    """Return the job that prints what is due: at once when a certificate is issued, else every half minute.

    The first time it also issues those that are missing.
    """
    begun = False

    async def work(_: str) -> None:
        nonlocal begun
        if not begun:
            await _issue_missing()
            begun = True
        await print_due()

    return Kind(name='certificates', work=work, repeats=LOOK_EVERY, woken_by=_is_issued)


async def file_of(sheet: Sheet) -> Path | None:
    """Return the PDF of a certificate; one that has gone is printed again. None if that does not work now."""
    path = path_of(sheet.serial)
    if path.exists():
        return path
    may_try = not await database.read(is_put_off, sheet.certificate_id)
    return path if may_try and await print_one(sheet) else None


async def print_due() -> int:
    """Print every certificate that is due, one after the other; returns how many there are now."""
    printed = 0
    while sheet := await database.read(due):
        printed += await print_one(sheet)
    return printed


async def print_one(sheet: Sheet) -> bool:
    """Print one certificate and keep the PDF; a failure is kept too, with its reason and the time of the next try."""
    try:
        pdf = await certificates_pdf.make_pdf(sheet)
        await threads.shared.go_on(_keep, path_of(sheet.serial), pdf)
    except (NotPrinted, OSError) as problem:
        await database.write(put_off, sheet.certificate_id, _reason(problem))
        return False
    await database.write(finish, sheet.certificate_id)
    return True


def path_of(serial: str) -> Path:
    """Return where the PDF of a certificate is kept."""
    return settings().data_dir / 'certificates' / f'{serial}.pdf'


def due(tx: Transaction) -> Sheet | None:
    """Return the certificate to be printed next."""
    is_time = col(Certificate.next_try_at).is_(None) | (col(Certificate.next_try_at) <= tx.now)
    rows = select(Certificate).where(UNPRINTED, is_time).order_by(col(Certificate.attempts), col(Certificate.id))
    row = tx.session.scalars(rows.limit(1)).first()
    return sheet_of(row) if row else None


def sheet_of(row: Certificate) -> Sheet:
    """Return what is printed on a certificate."""
    return Sheet(
        certificate_id=row.id,
        serial=row.serial,
        name=row.name,
        course_title=row.course_title,
        completed_at=row.completed_at,
    )


def is_put_off(tx: Transaction, certificate_id: int) -> bool:
    """Tell whether a certificate failed so recently that it is not tried yet."""
    row = tx.session.get_one(Certificate, certificate_id)
    return row.next_try_at is not None and row.next_try_at > tx.now


def put_off(tx: Transaction, certificate_id: int, problem: Phrase) -> None:
    """Take note that a certificate could not be printed, and try again later: after longer each time."""
    row = tx.session.get_one(Certificate, certificate_id)
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 16), LONGEST_WAIT)
    row.attempts, row.problem, row.next_try_at = row.attempts + 1, stored(problem, most=LONGEST_PROBLEM), tx.now + wait
    row.rendered_at = None
    tx.session.add(row)
    said = str(problem)[:LONGEST_PROBLEM]
    tx.note('certificate not printed', certificate=certificate_id, attempts=row.attempts, problem=said)


def finish(tx: Transaction, certificate_id: int) -> None:
    """Take note that a certificate has its PDF, and wake the callers that wait for it."""
    row = tx.session.get_one(Certificate, certificate_id)
    row.rendered_at, row.problem, row.next_try_at = tx.now, '', None
    tx.session.add(row)
    tx.announce(CertificatePrinted(course_id=row.course_id, user_id=row.user_id, serial=row.serial))
    tx.note('certificate printed', certificate=certificate_id)


def _reason(problem: NotPrinted | OSError) -> Phrase:
    if isinstance(problem, NotPrinted):
        return problem.sentence
    return phrase('The PDF cannot be kept: {reason}.', reason=problem.strerror)


def _keep(path: Path, pdf: bytes) -> None:
    """Put a PDF in its place whole or not at all."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(f'.{os.getpid()}.part')
    try:
        with part.open('wb') as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


async def _issue_missing() -> int:
    """Look first, beside the writer: nearly always there is none."""
    return await database.write(issuing.issue_missing) if await database.read(issuing.missing) else 0


def _is_issued(event: Event) -> bool:
    return isinstance(event, Recorded) and event.verb is Verb.CERTIFIED
