"""Learners are notified of a certificate once its PDF is there, not when it is issued."""

from datetime import timedelta

from sqlalchemy import bindparam, exists, literal, select

from models import Certificate, Notice, NoticeKind, table
from services.core import database
from services.core.events import CertificatePrinted, Event
from services.core.jobs import Kind
from services.core.phrases import phrase
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.notices import writing
from services.notices.drafts import Draft

LOOK_EVERY = timedelta(minutes=10)
HISTORY = timedelta(days=1)
"""what was printed longer ago notifies nobody, such as all certificates of a school at its first start with notices"""


def kind() -> Kind:
    """Return the job: at once when a certificate is printed, else every few minutes."""
    return Kind(name='certificate notices', work=lambda _: notify(), repeats=LOOK_EVERY, woken_by=_is_printed)


async def notify() -> int:
    """Notify learners of the certificates that are ready now; returns how many notices that were."""
    found = await database.read(_drafts)
    return await writing.write_some_at_a_time(found)


def _drafts(tx: Transaction) -> list[Draft]:
    return [
        Draft(
            user_id=user_id,
            kind=NoticeKind.CERTIFICATE,
            object_key=f'certificate:{serial}',
            course_id=course_id,
            title=phrase('Your certificate for “{course}” is ready to download.', course=title),
            address=f'/certificates/{serial}',
            happened_at=rendered_at,
        )
        for serial, user_id, course_id, title, rendered_at in _READY.rows(tx.connection, since=tx.now - HISTORY)
    ]


def _is_printed(event: Event) -> bool:
    return isinstance(event, CertificatePrinted)


_certificates, _notices = table(Certificate), table(Notice)
_READY = Prepared(
    select(
        _certificates.c.serial,
        _certificates.c.user_id,
        _certificates.c.course_id,
        _certificates.c.course_title,
        _certificates.c.rendered_at,
    ).where(
        _certificates.c.rendered_at >= bindparam('since', type_=_certificates.c.rendered_at.type),
        _certificates.c.revoked_at.is_(None),
        _certificates.c.replaced_by_id.is_(None),
        ~exists().where(
            _notices.c.user_id == _certificates.c.user_id,
            _notices.c.kind == NoticeKind.CERTIFICATE,
            _notices.c.object_key == literal('certificate:') + _certificates.c.serial,
        ),
    )
)
