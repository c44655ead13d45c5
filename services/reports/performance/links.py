"""Links with which a kept report can be read without an account: hashed, they end by themselves, and can be revoked.

A link is followed in two steps: looking at it says only that there is a report, because scanners of mails look too;
opening it is what a person does, and what is recorded.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import KeptReport, ReportLink, ReportOpening, User, Verb
from services import access
from services.access import Actor
from services.core import secrets
from services.core.errors import Gone, Invalid, NotFound, Refused
from services.core.transaction import Transaction
from services.reports.performance import keeping, kept_reports
from services.reports.performance.document import PerformanceReport

USUAL_DAYS, MOST_DAYS = 30, 90
MOST_LINKS = 20
"""of one report that work"""
LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """A link, without its address."""

    link_id: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    is_open: bool
    """whether it works"""
    openings: int
    opened_at: datetime | None
    """when it was opened last"""


def make(tx: Transaction, actor: Actor | None, report_id: int, *, days: int = USUAL_DAYS) -> str:
    """Make a link to a kept report; returns its token, which only the person who makes it ever sees."""
    actor = access.signed_in(tx, actor)
    row = kept_reports.handed_out_by(tx, actor, report_id)
    if not row.shows_parents:
        raise Refused('This report is not for parents, so it cannot be shared. Keep one that parents may see.')
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        raise Invalid('A link works for 1 to {most} days.', most=MOST_DAYS, field='days')
    works = col(ReportLink.report_id) == report_id, *_works(tx)
    if tx.execute(select(func.count()).select_from(ReportLink).where(*works)).scalar_one() >= MOST_LINKS:
        raise Refused('There are {most} links already. Revoke one of them first.', most=MOST_LINKS)
    token = secrets.new_token()
    link = ReportLink(
        report_id=report_id,
        token_hash=secrets.token_hash(token),
        made_by=actor.user_id,
        made_at=tx.now,
        expires_at=tx.now + timedelta(days=days),
    )
    tx.session.add(link)
    tx.session.flush()
    keeping.record(tx, actor, Verb.REPORT_SHARED, row)
    tx.note('report shared', report=report_id, link=link.id, by=actor.user_id, days=days)
    return token


def of_report(tx: Transaction, actor: Actor | None, report_id: int) -> tuple[LinkShown, ...]:
    """Return the links to a kept report that the actor may open, newest first."""
    kept_reports.handed_out_by(tx, actor, report_id)
    rows = tx.execute(
        select(ReportLink, col(User.name), func.count(col(ReportOpening.id)), func.max(col(ReportOpening.opened_at)))
        .join(User, col(User.id) == col(ReportLink.made_by))
        .outerjoin(ReportOpening, col(ReportOpening.link_id) == col(ReportLink.id))
        .where(col(ReportLink.report_id) == report_id)
        .group_by(col(ReportLink.id), col(User.name))
        .order_by(col(ReportLink.id).desc())
    )
    return tuple(
        LinkShown(
            link_id=row.id,
            made_by=name,
            made_at=row.made_at,
            expires_at=row.expires_at,
            is_open=row.revoked_at is None and row.expires_at > tx.now,
            openings=count,
            opened_at=last,
        )
        for row, name, count, last in rows
    )


def revoke(tx: Transaction, actor: Actor | None, link_id: int) -> None:
    """Let a link end now; idempotent."""
    actor = access.signed_in(tx, actor)
    link = tx.session.get(ReportLink, link_id)
    kept_reports.handed_out_by(tx, actor, link.report_id if link else 0)
    assert link is not None
    if link.revoked_at is None:
        link.revoked_at = tx.now
        tx.session.add(link)
        tx.note('report link revoked', report=link.report_id, link=link_id, by=actor.user_id)


def look(tx: Transaction, token: str) -> datetime:
    """Return until when a link works, or raise why it does not; nothing of the report is said, nothing recorded."""
    return _link(tx, token).expires_at


def open_(tx: Transaction, token: str) -> None:
    """Record that somebody opens a report with a link."""
    link = _link(tx, token)
    tx.session.add(ReportOpening(report_id=link.report_id, link_id=link.id, opened_at=tx.now))
    tx.note('report opened with a link', report=link.report_id, link=link.id)


def read(tx: Transaction, token: str) -> PerformanceReport:
    """Return the report to which a link leads; who else opened it is not said."""
    link = _link(tx, token)
    report = kept_reports.read(tx, tx.session.get_one(KeptReport, link.report_id))
    return replace(report, accessed_by=())


def _link(tx: Transaction, token: str) -> ReportLink:
    hashed = secrets.token_hash(token) if len(token) <= LONGEST_TOKEN else ''
    link: ReportLink | None = tx.session.scalars(select(ReportLink).where(col(ReportLink.token_hash) == hashed)).first()
    if link is None:
        raise NotFound('There is no report here. Check whether the whole link was copied.')
    if link.revoked_at:
        raise Gone('This link was revoked. Ask the person who sent it for a new one.')
    if link.expires_at <= tx.now:
        raise Gone('This link has expired. Ask the person who sent it for a new one.')
    if kept_reports.is_erased(tx, tx.session.get_one(KeptReport, link.report_id).user_id):
        raise Gone('The report behind this link was deleted.')
    return link


def _works(tx: Transaction) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(ReportLink.revoked_at).is_(None), col(ReportLink.expires_at) > tx.now
