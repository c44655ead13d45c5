"""Completing a course: once, for good, with a certificate; and many at once without anybody waiting for it.

A change of a course can lift thousands to 100 % in one statement. Then the table says that they are due, and they
complete it a hundred at a time, with everybody else's taps in between. Due completions are stored, so
they survive changes of the course and crashes. So do the certificates of those who completed a course while it gave
none, once it gives them again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, exists, func, literal, null, select, update

from models import Certificate, Enrollment, Verb, table
from services.activity import recording
from services.activity.log import Entry
from services.certificates import issuing
from services.core.events import Recorded
from services.core.jobs import Kind
from services.core.projection import Form, Part, Projection, State
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import course_changes

IN_ONE_GO = 100
"""learners who complete a course in one commit"""


def complete(tx: Transaction, course_id: int, user_ids: Sequence[int], *, with_guest: int | None = None) -> None:
    """Let learners who are at 100 % complete a course: at once, or very soon if they are many."""
    if len(user_ids) <= IN_ONE_GO:
        _complete(tx, course_id, user_ids, with_guest)
        return
    _PUT_OFF.rows(tx.connection, course=course_id, users=list(user_ids), now=tx.now)
    tx.note('completions put off', course=course_id, learners=len(user_ids))


def certify_all(tx: Transaction, course_id: int) -> None:
    """Let everybody who has completed a course and never had a certificate for it get theirs, very soon.

    One that somebody has revoked stays revoked.
    """
    _CERTIFY.rows(tx.connection, course=course_id, now=tx.now)


def kind() -> Kind:
    """Return the job that lets those complete their course who are due: soon after each change of a course."""
    return course_changes.follower('completions', complete_due)


async def complete_due() -> None:
    """Let everybody who is due complete their course, some in a commit."""
    await course_changes.work_off(are_due, complete_some)


def are_due(tx: Transaction) -> bool:
    """Tell whether anybody is due to complete a course."""
    return tx.execute(select(_enrollments.c.id).where(*_IS_DUE).limit(1)).first() is not None


def complete_some(tx: Transaction) -> int:
    """Let some of those who are due complete their course; who has done so gets the certificate that may be missing."""
    due = _DUE.rows(tx.connection, most=IN_ONE_GO)
    by_course: dict[int, list[int]] = {}
    completed: dict[int, dict[int, datetime]] = {}
    for _, course_id, user_id, completed_at in due:
        if completed_at is None:
            by_course.setdefault(course_id, []).append(user_id)
        else:
            completed.setdefault(course_id, {})[user_id] = completed_at
    _SETTLE.rows(tx.connection, ids=[id_ for id_, *_ in due])
    for course_id, user_ids in sorted(by_course.items()):
        _complete(tx, course_id, user_ids, None)
    for course_id, when in sorted(completed.items()):
        issuing.issue(tx, course_id, when)
    return len(due)


def _complete(tx: Transaction, course_id: int, user_ids: Sequence[int], with_guest: int | None) -> None:
    if not user_ids:
        return
    recording.record(
        tx,
        [
            Entry(
                user_id=user_id,
                tap_id=f'completed:{course_id}' + (f':{uuid4().hex}' if with_guest else ''),
                verb=Verb.COURSE_COMPLETED,
                course_id=course_id,
                about_id=with_guest,
            )
            for user_id in user_ids
        ],
    )
    tx.note('course completed', course=course_id, users=list(user_ids))
    issuing.issue(tx, course_id, dict.fromkeys(user_ids, tx.now))


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Bring the enrollments up to date: a course is completed when that is recorded first."""
    moved: dict[tuple[int, datetime], list[int]] = {}
    for activity in recorded:
        moved.setdefault((activity.of_course, activity.at), []).append(activity.user_id)
    for (course_id, at), user_ids in sorted(moved.items()):
        _COMPLETE.rows(tx.connection, course=course_id, users=user_ids, now=at)


def _fold(_: Transaction, part: Part, found: dict[tuple[int, int], datetime]) -> None:
    """Note when (user, course) was completed first; what took a guest's work counts while the guest is theirs."""
    for each in part.own():
        holds = each.about_id is None or part.owners.get(each.about_id) == each.user_id
        if each.verb is Verb.COURSE_COMPLETED and holds:
            found.setdefault((part.owners.get(each.user_id, each.user_id), each.of_course), each.at)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare when some people completed their courses with the log."""
    completed = part.folded(tx, STATE)
    theirs = _enrollments.c.user_id.in_(part.people)
    rows = tx.execute(
        select(*(_enrollments.c[name] for name in ('user_id', 'course_id', 'completed_at'))).where(theirs)
    )
    return [
        f'enrollment {(user_id, course_id)}: completed at {at} instead of {completed.get((user_id, course_id))}'
        for user_id, course_id, at in rows
        if at != completed.get((user_id, course_id))
    ]


_enrollments, _certificates = table(Enrollment), table(Certificate)
_CHOSEN = (_enrollments.c.course_id == bindparam('course')) & among(_enrollments.c.user_id, 'users')
_NOW = bindparam('now', type_=_enrollments.c.completed_at.type)
_COMPLETE = Prepared(
    update(_enrollments)
    .where(_CHOSEN)
    .values(completed_at=func.coalesce(_enrollments.c.completed_at, _NOW), completion_due_at=null())
)
_PUT_OFF = Prepared(update(_enrollments).where(_CHOSEN).values(completion_due_at=bindparam('now')))
_HAD_ONE = exists(literal(1)).where(
    _certificates.c.course_id == _enrollments.c.course_id, _certificates.c.user_id == _enrollments.c.user_id
)
_CERTIFY = Prepared(
    update(_enrollments)
    .where(_enrollments.c.course_id == bindparam('course'), _enrollments.c.completed_at.is_not(None), ~_HAD_ONE)
    .values(completion_due_at=bindparam('now'))
)
_SETTLE = Prepared(update(_enrollments).where(among(_enrollments.c.id, 'ids')).values(completion_due_at=null()))
_IS_DUE = (
    _enrollments.c.completion_due_at.is_not(None),
    _enrollments.c.removed_at.is_(None) | _enrollments.c.completed_at.is_not(None),
)
_DUE = Prepared(
    select(*(_enrollments.c[name] for name in ('id', 'course_id', 'user_id', 'completed_at')))
    .where(*_IS_DUE)
    .order_by(_enrollments.c.id)
    .limit(bindparam('most'))
    .with_for_update(skip_locked=True)
)

STATE: State[tuple[int, int], datetime] = State(
    name='completed', form=Form(list[tuple[tuple[int, int], datetime]]), fold=_fold
)
PROJECTION = Projection(
    name='completions',
    follows=frozenset({Verb.COURSE_COMPLETED}),
    project=project,
    states=(STATE,),
    differences=differences,
)
