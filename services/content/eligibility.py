"""Whether it counts for somebody when they watch a video or read a document."""

from collections.abc import Collection, Mapping

from sqlalchemy import and_, bindparam, select

from models import Enrollment, SignIn, table
from services.access import Actor
from services.content.contents import Content
from services.core.errors import Gone, NotEnrolled, NotFound, NotSignedIn, Refused, Removed
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

Learning = Mapping[int, Mapping[int, bool]]
"""sign-in id → course id → whether its person was taken out of it; signed out devices are not there"""


def learning(tx: Transaction, sign_in_ids: Collection[int], course_ids: Collection[int]) -> Learning:
    """Return in which of these courses the people of these devices learn, or have learned."""
    found: dict[int, dict[int, bool]] = {}
    chosen = {'sign_ins': list(sign_in_ids), 'courses': list(course_ids)}
    for sign_in_id, course_id, removed_at in _PLACES.rows(tx.connection, **chosen, now=tx.now):
        found.setdefault(sign_in_id, {})[course_id] = removed_at is not None
    return found


def check(actor: Actor | None, content: Content | None, learning: Learning) -> None:
    """Raise why it does not count when somebody watches a content."""
    if actor is None or actor.sign_in_id not in learning:
        raise NotSignedIn
    if content is None:
        raise NotFound('There is nothing to watch or to read here, or it is not one of yours.')
    is_removed = learning[actor.sign_in_id].get(content.course_id)
    if is_removed is None:
        raise NotEnrolled
    if is_removed:
        raise Removed
    if content.is_closed:
        raise Gone('Your instructor has archived this course. What you did is kept.')
    if content.is_deleted:
        raise Gone('Your instructor has removed this step, so it does not count. Go on with the next one.')
    if content.is_preview:
        raise Refused('A preview is only to be looked at; it is never marked.')


_sign_ins, _enrollments = table(SignIn), table(Enrollment)

_PLACES = Prepared(
    select(_sign_ins.c.id, _enrollments.c.course_id, _enrollments.c.removed_at)
    .outerjoin(
        _enrollments,
        and_(_enrollments.c.user_id == _sign_ins.c.user_id, among(_enrollments.c.course_id, 'courses')),
    )
    .where(among(_sign_ins.c.id, 'sign_ins'), _sign_ins.c.expires_at > bindparam('now'))
)
"""which devices are signed in, and which of these courses their people learn in"""
