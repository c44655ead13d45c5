"""A person's own activities as xAPI statements, some at a time, so that a long history needs no more memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import orjson
from sqlalchemy import bindparam, select

from models import Activity, Assignment, Attempt, Checkpoint, Course, Module, User, table
from services import access
from services.access import Actor
from services.activity import archive, log
from services.core.buckets import Buckets
from services.core.events import Recorded
from services.core.phrases import phrase
from services.core.server_address import standing_address
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.grades import sources
from services.lms import xapi
from services.lms.xapi import Installation, Known, NamedCheckpoint
from settings import settings

AT_ONCE = 1_000
"""activities that are read at once"""

downloads = Buckets(
    name='own statements',
    per_second=1 / 60,
    at_once=3,
    sentence=phrase('You have taken your data along a few times just now. Try again in a minute.'),
)
"""by person: it reads everything that they did"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some statements of a person, the oldest first, each as JSON."""

    statements: tuple[bytes, ...]
    next: int | None
    """after which activity the next part begins; None at the end"""


def own(tx: Transaction, actor: Actor | None, *, after: int = 0) -> Part:
    """Return the statements about what the actor did, from the beginning or after an activity."""
    actor = access.signed_in(tx, actor)
    if not after:
        downloads.take(str(actor.user_id))
        tx.note('own statements taken along', user=actor.user_id)
    theirs = [id_ for (id_,) in _SELVES.rows(tx.connection, person=actor.user_id)]
    mine = _log.c.user_id.in_(theirs) & _log.c.verb.in_(list(xapi.VERBS)) & (_log.c.id > after)
    both = archive.Both(tx=tx, people=theirs, live=log.read(tx, mine, most=AT_ONCE), after=after)
    found = list(islice((each for each in both if each.verb in xapi.VERBS), AT_ONCE))
    known = replace(named(tx, found), hidden=_hidden(tx, found, actor.user_id))
    at = Installation(address=standing_address(), secret=settings().secret_key)
    made = (xapi.statement(each, of=actor.user_id, at=at, known=known) for each in found)
    return Part(
        statements=tuple(orjson.dumps(each) for each in made if each is not None),
        next=found[-1].id if len(found) == AT_ONCE else None,
    )


def named(tx: Transaction, activities: Sequence[Recorded]) -> Known:
    """Return what these activities name only by id."""
    courses = {each.course_id for each in activities if each.course_id is not None}
    checkpoints = {each.checkpoint_id for each in activities if each.checkpoint_id is not None}
    told = [each.details or {} for each in activities]
    attempts = {int(details['attempt']) for details in told if 'attempt' in details}
    modules = {int(details['module']) for details in told if 'module' in details}
    return Known(
        courses=dict(_COURSES.rows(tx.connection, ids=sorted(courses))),
        modules=dict(_MODULES.rows(tx.connection, ids=sorted(modules))),
        checkpoints={
            id_: NamedCheckpoint(title=title, kind=kind, passing_percent=enough)
            for id_, title, kind, enough in _CHECKPOINTS.rows(tx.connection, ids=sorted(checkpoints))
        },
        passing_percents=dict(_ATTEMPTS.rows(tx.connection, ids=sorted(attempts))),
    )


def hidden(tx: Transaction, course_id: int, user_id: int) -> frozenset[int]:
    """Return the checkpoints of a course whose scores a learner may not see yet."""
    return frozenset(sources.hidden(tx, course_id, user_id))


def _hidden(tx: Transaction, activities: Sequence[Recorded], user_id: int) -> frozenset[int]:
    scored = {each.course_id for each in activities if each.verb in xapi.SCORES and each.course_id is not None}
    return frozenset(checkpoint for course_id in scored for checkpoint in hidden(tx, course_id, user_id))


_log, _users = table(Activity), table(User)
_courses, _modules, _checkpoints = table(Course), table(Module), table(Checkpoint)
_assignments, _attempts = table(Assignment), table(Attempt)
_SELVES = Prepared(
    select(_users.c.id).where((_users.c.id == bindparam('person')) | (_users.c.merged_into_id == bindparam('person')))
)
_COURSES = Prepared(select(_courses.c.id, _courses.c.title).where(among(_courses.c.id, 'ids')))
_MODULES = Prepared(select(_modules.c.id, _modules.c.title).where(among(_modules.c.id, 'ids')))
_CHECKPOINTS = Prepared(
    select(_checkpoints.c.id, _checkpoints.c.title, _checkpoints.c.kind, _assignments.c.passing_percent)
    .outerjoin(_assignments, _assignments.c.checkpoint_id == _checkpoints.c.id)
    .where(among(_checkpoints.c.id, 'ids'))
)
_ATTEMPTS = Prepared(select(_attempts.c.id, _attempts.c.passing_percent).where(among(_attempts.c.id, 'ids')))
