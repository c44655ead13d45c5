"""Which notices are still worth sending: what was read, is over, or is of a place that somebody has left, is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select

from models import (
    Channel,
    Course,
    CourseInstructor,
    Enrollment,
    Notice,
    NoticeChoice,
    NoticeKind,
    Role,
    User,
    table,
)
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.notices.kinds import TRAITS


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """A notice that is sent, with the text that was frozen when it was written."""

    notice_id: int
    user_id: int
    kind: NoticeKind
    title: str
    body: str
    address: str
    happened_at: datetime


def worth_sending(tx: Transaction, notice_ids: Sequence[int], channel: Channel) -> list[ToSend]:
    """Return those of some notices that their readers have not seen, may still know, and still want on a channel."""
    rows = _USEFUL.rows(tx.connection, ids=list(notice_ids), now=tx.now, channel=channel) if notice_ids else []
    return [
        ToSend(
            notice_id=id_,
            user_id=user_id,
            kind=kind,
            title=title,
            body=body,
            address=address,
            happened_at=happened_at,
        )
        for id_, user_id, kind, title, body, address, happened_at, is_on in rows
        if (channel in TRAITS[kind].usual if is_on is None else is_on)
    ]


_notices, _choices, _users = table(Notice), table(NoticeChoice), table(User)
_courses, _enrollments, _helping = table(Course), table(Enrollment), table(CourseInstructor)
_IS_OF_LEARNERS = or_(*(_notices.c.kind == kind for kind, traits in TRAITS.items() if Role.STUDENT in traits.roles))
_LEARNS = exists().where(
    _enrollments.c.course_id == _notices.c.course_id,
    _enrollments.c.user_id == _notices.c.user_id,
    _enrollments.c.removed_at.is_(None),
)
_TEACHES = or_(
    _courses.c.owner_id == _notices.c.user_id,
    exists().where(_helping.c.course_id == _notices.c.course_id, _helping.c.user_id == _notices.c.user_id),
) & or_(_users.c.role == Role.INSTRUCTOR, _users.c.role == Role.ADMIN)
_IS_THERE = or_(
    _notices.c.course_id.is_(None),
    _courses.c.deleted_at.is_(None)
    & _courses.c.archived_at.is_(None)
    & or_(_IS_OF_LEARNERS & _LEARNS, ~_IS_OF_LEARNERS & _TEACHES),
)
_USEFUL = Prepared(
    select(
        _notices.c.id,
        _notices.c.user_id,
        _notices.c.kind,
        _notices.c.title,
        _notices.c.body,
        _notices.c.address,
        _notices.c.happened_at,
        _choices.c.is_on,
    )
    .select_from(_notices)
    .join(_users, _users.c.id == _notices.c.user_id)
    .outerjoin(_courses, _courses.c.id == _notices.c.course_id)
    .outerjoin(
        _choices,
        (_choices.c.user_id == _notices.c.user_id)
        & (_choices.c.kind == _notices.c.kind)
        & (_choices.c.channel == bindparam('channel', type_=_choices.c.channel.type)),
    )
    .where(
        among(_notices.c.id, 'ids'),
        _notices.c.read_at.is_(None),
        or_(
            _notices.c.useful_until.is_(None),
            _notices.c.useful_until > bindparam('now', type_=_notices.c.useful_until.type),
        ),
        _users.c.disabled_at.is_(None),
        _IS_THERE,
    )
    .order_by(_notices.c.happened_at, _notices.c.id)
)
