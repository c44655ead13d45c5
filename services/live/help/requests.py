"""Help requests: who is stuck at which checkpoint, and who comes. A projection of the activity log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlmodel import col

from models import HelpRequest, Verb, table, verbs_where
from services.activity import recording
from services.activity.log import Entry
from services.core.events import Recorded
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction

Key = tuple[int, int]
"""(user id of the learner, course id); a learner has at most one open request in a course"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, in the state in which the log has it now; open until `resolved_at` is set."""

    id: int
    session_id: int
    course_id: int
    user_id: int
    checkpoint_id: int
    words: str
    asked_at: datetime
    helper_id: int | None = None
    claimed_at: datetime | None = None
    resolved_at: datetime | None = None


def key_of(activity: Recorded) -> Key:
    """Return whose request an activity can move."""
    return activity.about_id or activity.user_id, activity.of_course


def moved(before: Request | None, activity: Recorded) -> Request | None:
    """Return what an activity makes of the open request of its learner, if there is one."""
    if activity.verb is Verb.HELP_ASKED:
        return before or _asked(activity)
    if before is None:
        return None
    match activity.verb:
        case Verb.HELP_CLAIMED:
            return replace(before, helper_id=activity.user_id, claimed_at=activity.at)
        case Verb.HELP_RELEASED:
            return replace(before, helper_id=None, claimed_at=None)
        case Verb.HELP_WITHDRAWN:
            return replace(before, helper_id=None, claimed_at=None, resolved_at=activity.at)
        case Verb.HELP_RESOLVED:
            helper_id = before.helper_id or (None if activity.user_id == before.user_id else activity.user_id)
            return replace(before, helper_id=helper_id, resolved_at=activity.at)
        case Verb.COMPLETED if activity.checkpoint_id == before.checkpoint_id:
            return replace(before, resolved_at=activity.at)
    return before


def fold(open_requests: dict[Key, Request], activities: Iterable[Recorded]) -> dict[int, Request]:
    """Move open requests by activities, oldest first; returns those that changed, by id."""
    changed: dict[int, Request] = {}
    for activity in activities:
        if activity.verb not in MOVING:
            continue
        before = open_requests.get(key := key_of(activity))
        after = moved(before, activity)
        if after is None or after == before:
            continue
        changed[after.id] = open_requests[key] = after
        if after.resolved_at:
            del open_requests[key]
    return changed


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Bring the table up to date with activities just recorded."""
    users = {key_of(activity)[0] for activity in recorded}
    stored = (Request(**dict(zip(_COLUMNS, row, strict=True))) for row in _OPEN.rows(tx.connection, users=list(users)))
    waiting = {(request.user_id, request.course_id): request for request in stored}
    helped = _helped(waiting, recorded)
    if changed := fold(waiting, recorded):
        _STORE.each(tx.connection, [asdict(request) for request in changed.values()])
    recording.record(tx, helped)


def _helped(waiting: Mapping[Key, Request], recorded: Sequence[Recorded]) -> list[Entry]:
    """Return what tells of the helpers of learners who have completed the checkpoint now that they were stuck at."""
    entries: list[Entry] = []
    for activity in recorded if waiting else ():
        request = waiting.get(key_of(activity))
        completes = activity.verb is Verb.COMPLETED and request and activity.checkpoint_id == request.checkpoint_id
        if completes and request and request.helper_id:
            entries.append(resolution(request, by=activity.user_id, helper_id=request.helper_id))
    return entries


def resolution(request: Request | HelpRequest, *, by: int, helper_id: int | None) -> Entry:
    """Return the entry that says that a learner was helped, and by whom."""
    return Entry(
        user_id=by,
        tap_id=uuid4().hex,
        verb=Verb.HELP_RESOLVED,
        course_id=request.course_id,
        checkpoint_id=request.checkpoint_id,
        session_id=request.session_id,
        about_id=request.user_id,
        details={'helper': helper_id} if helper_id else None,
    )


def rebuild(tx: Transaction, part: Part) -> None:
    """Store the requests of some people anew."""
    tx.execute(delete(HelpRequest).where(col(HelpRequest.user_id).in_(part.people)))
    if rows := [asdict(request) for request in part.folded(tx, STATE).values()]:
        _STORE.each(tx.connection, rows)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare the requests of some people with the log."""
    rows = tx.session.scalars(select(HelpRequest).where(col(HelpRequest.user_id).in_(part.people)))
    told = {id_: asdict(request) for id_, request in part.folded(tx, STATE).items()}
    return list(compared('help request', told, {row.id: row.model_dump() for row in rows}))


def _fold_part(_: Transaction, part: Part, requests: dict[int, Request]) -> None:
    moving = (each for each in part.activities if each.verb in MOVING)
    waiting = {(each.user_id, each.course_id): each for each in requests.values() if each.resolved_at is None}
    requests.update(fold(waiting, (each for each in moving if key_of(each)[0] in part.people)))


MOVING = verbs_where(lambda traits: traits.moves_help)
"""the verbs that can move a request"""


def _asked(activity: Recorded) -> Request | None:
    if activity.checkpoint_id is None or activity.session_id is None:
        return None
    return Request(
        id=activity.id,
        session_id=activity.session_id,
        course_id=activity.of_course,
        user_id=activity.user_id,
        checkpoint_id=activity.checkpoint_id,
        words=activity.words,
        asked_at=activity.at,
    )


_requests = table(HelpRequest)
_COLUMNS = tuple(field.name for field in fields(Request))
_OPEN = Prepared(
    select(*(_requests.c[name] for name in _COLUMNS)).where(
        among(_requests.c.user_id, 'users'), _requests.c.resolved_at.is_(None)
    )
)
_STORE = upsert(_requests, _COLUMNS, key=('id',))

STATE: State[int, Request] = State(name='help requests', form=Form(list[tuple[int, Request]]), fold=_fold_part)
PROJECTION = Projection(
    name='help requests',
    follows=MOVING,
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
