"""Completing a module: when all its checkpoints that count are complete, once and for good. Source: s1.

It follows the log a moment later, so that no tap waits for it. A change of the course can complete a module too: then
the module is marked as changed, and a job looks at everybody who has begun it, some learners at a time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, delete, false, insert, select, update
from sqlmodel import col

from models import Checkpoint, Enrollment, Module, ModuleCompletion, Progress, Verb, table
from services.activity import recording
from services.activity.following import Follower
from services.activity.log import Entry
from services.core.events import Recorded
from services.core.jobs import Kind
from services.core.projection import Form, Part, Projection, State, compared
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import course_changes

IN_ONE_GO = 100
"""learners who complete a module in one commit"""

Key = tuple[int, int]
"""(user id, module id)"""
Done = tuple[int, datetime]
"""(course id, when it was completed)"""


def take(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Let learners complete the modules of which they have just completed the last checkpoint."""
    moments = {
        (each.user_id, each.checkpoint_id or 0): each.happened_at
        for each in activities
        if each.verb is Verb.COMPLETED and each.checkpoint_id is not None
    }
    if not moments:
        return
    found: dict[Key, tuple[int, datetime]] = {}
    for user_id, checkpoint_id, module_id, course_id in _JUST_COMPLETE.rows(tx.connection, keys=sorted(moments)):
        at = moments[user_id, checkpoint_id]
        _, before = found.get((user_id, module_id), (course_id, at))
        found[user_id, module_id] = course_id, max(before, at)
    _record(tx, found)


def changed(tx: Transaction, module_ids: Sequence[int]) -> None:
    """Let the job look whether somebody has completed these modules by a change of the course."""
    tx.execute(update(Module).where(col(Module.id).in_(module_ids)).values(is_changed=True))


def kind() -> Kind:
    """Return the job that looks at changed modules: soon after each change of a course."""
    return course_changes.follower('modules', complete_changed)


async def complete_changed() -> None:
    """Let everybody complete the modules that a change of the course has completed, some in a commit."""
    await course_changes.work_off(are_changed, complete_some)


def are_changed(tx: Transaction) -> bool:
    """Tell whether there are modules to look at."""
    return tx.execute(select(col(Module.id)).where(col(Module.is_changed)).limit(1)).first() is not None


def complete_some(tx: Transaction) -> bool:
    """Let some learners complete a changed module; returns whether there may be more to do."""
    module = tx.execute(select(col(Module.id)).where(col(Module.is_changed)).limit(1).with_for_update()).scalar()
    if module is None:
        return False
    rows = _COMPLETE_IN.rows(tx.connection, module=module, most=IN_ONE_GO)
    _record(tx, {(user_id, module_id): (course_id, tx.now) for user_id, module_id, course_id in rows})
    if len(rows) < IN_ONE_GO:
        _LOOKED_AT.rows(tx.connection, module=module)
    return True


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Store which modules were completed when; the first moment stays."""
    known = {key for key in map(_key, recorded) if key}
    stored = {(user_id, module_id) for user_id, module_id in _STORED.rows(tx.connection, keys=sorted(known))}
    found: dict[Key, Done] = {}
    _fold(found, recorded)
    _store(tx, {key: done for key, done in found.items() if key not in stored})


def rebuild(tx: Transaction, part: Part) -> None:
    """Store anew which modules some people have completed, and complete those that a guest's work completes."""
    tx.execute(delete(ModuleCompletion).where(col(ModuleCompletion.user_id).in_(part.people)))
    _store(tx, part.folded(tx, STATE))
    if part.with_guest is not None:
        rows = _COMPLETE_BY.rows(tx.connection, users=sorted(part.people))
        found = {(user_id, module_id): (course_id, tx.now) for user_id, module_id, course_id in rows}
        _record(tx, found, with_guest=part.with_guest)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare which modules some people have completed with the log."""
    rows = tx.session.scalars(select(ModuleCompletion).where(col(ModuleCompletion.user_id).in_(part.people)))
    stored = {(row.user_id, row.module_id): row.model_dump() for row in rows}
    told = {key: _row(key, done) for key, done in part.folded(tx, STATE).items()}
    return list(compared('module completion', told, stored))


def moments(tx: Transaction, course_id: int, user_id: int) -> dict[int, datetime]:
    """Return when a learner completed which modules of a course, by module; the caller has checked who may see it."""
    return dict(_MOMENTS.rows(tx.connection, course=course_id, user=user_id))


def completed(tx: Transaction, user_id: int, module_id: int) -> bool:
    """Tell whether a learner has completed a module; the caller has checked who may see it."""
    return bool(_STORED.rows(tx.connection, keys=[(user_id, module_id)]))


def _record(tx: Transaction, found: Mapping[Key, tuple[int, datetime]], *, with_guest: int | None = None) -> None:
    recording.record(
        tx,
        [
            Entry(
                user_id=user_id,
                tap_id=f'module:{module_id}' + (f':{uuid4().hex[:16]}' if with_guest else ''),
                verb=Verb.MODULE_COMPLETED,
                course_id=course_id,
                about_id=with_guest,
                details={'module': module_id},
                happened_at=at,
            )
            for (user_id, module_id), (course_id, at) in sorted(found.items())
        ],
    )


def _key(activity: Recorded) -> Key | None:
    module = (activity.details or {}).get('module')
    return (activity.user_id, module) if isinstance(module, int) else None


def _fold(found: dict[Key, Done], activities: Iterable[Recorded]) -> None:
    for activity in activities:
        if activity.verb is Verb.MODULE_COMPLETED and (key := _key(activity)):
            found.setdefault(key, (activity.of_course, activity.happened_at))


def _fold_part(_: Transaction, part: Part, found: dict[Key, Done]) -> None:
    """Note what the log says; what took a guest's work counts while the guest is theirs."""
    held = (each for each in part.owned() if each.about_id is None or part.owners.get(each.about_id) == each.user_id)
    _fold(found, held)


def _row(key: Key, done: Done) -> dict[str, object]:
    return {'user_id': key[0], 'module_id': key[1], 'course_id': done[0], 'completed_at': done[1]}


def _store(tx: Transaction, found: Mapping[Key, Done]) -> None:
    if found:
        _STORE.each(tx.connection, [_row(key, done) for key, done in found.items()])


_modules, _checkpoints, _progress = table(Module), table(Checkpoint), table(Progress)
_completions, _enrollments = table(ModuleCompletion), table(Enrollment)

_THIS, _OTHER, _DONE = _checkpoints.alias('this'), _checkpoints.alias('other'), _progress.alias('done')
_COUNTS = _OTHER.c.deleted_at.is_(None) & ~_OTHER.c.is_preview


def _is_complete(user_id: ColumnElement[int], module_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that all that counts in a module is done by a learner, and that this is not known yet."""
    done = (
        select(_DONE.c.id)
        .where(_DONE.c.user_id == user_id, _DONE.c.checkpoint_id == _OTHER.c.id, _DONE.c.completed_at.is_not(None))
        .correlate_except(_DONE)
    )
    counting = select(_OTHER.c.id).where(_OTHER.c.module_id == module_id, _COUNTS)
    known = select(_completions.c.user_id).where(
        _completions.c.user_id == user_id, _completions.c.module_id == module_id
    )
    still_open = counting.where(~done.exists()).correlate_except(_OTHER)
    return (
        counting.correlate_except(_OTHER).exists()
        & ~still_open.exists()
        & ~known.correlate_except(_completions).exists()
    )


_JUST_COMPLETE = Prepared(
    select(_progress.c.user_id, _THIS.c.id, _THIS.c.module_id, _THIS.c.course_id)
    .distinct()
    .join(_THIS, _THIS.c.id == _progress.c.checkpoint_id)
    .where(number_pair_among(_progress.c.user_id, _progress.c.checkpoint_id, 'keys'))
    .where(_is_complete(_progress.c.user_id, _THIS.c.module_id))
)
_PLACES = (
    select(_enrollments.c.user_id, _modules.c.id, _modules.c.course_id)
    .join(_modules, _modules.c.course_id == _enrollments.c.course_id)
    .where(
        _modules.c.deleted_at.is_(None),
        _enrollments.c.removed_at.is_(None),
        _is_complete(_enrollments.c.user_id, _modules.c.id),
    )
    .order_by(_enrollments.c.id)
)
_COMPLETE_IN = Prepared(_PLACES.where(_modules.c.id == bindparam('module')).limit(bindparam('most')))
_COMPLETE_BY = Prepared(_PLACES.where(among(_enrollments.c.user_id, 'users')))
_LOOKED_AT = Prepared(update(_modules).where(_modules.c.id == bindparam('module')).values(is_changed=false()))
_STORED = Prepared(
    select(_completions.c.user_id, _completions.c.module_id).where(
        number_pair_among(_completions.c.user_id, _completions.c.module_id, 'keys')
    )
)
_STORE = Prepared(insert(_completions), columns=('user_id', 'module_id', 'course_id', 'completed_at'))
_MOMENTS = Prepared(
    select(_completions.c.module_id, _completions.c.completed_at).where(
        _completions.c.course_id == bindparam('course'), _completions.c.user_id == bindparam('user')
    )
)


def _nothing_to_clear(_tx: Transaction) -> bool:
    """What is recorded stays recorded; the follower only looks again."""
    return False


FOLLOWER = Follower(name='modules', take=take, clear=_nothing_to_clear)
STATE: State[Key, Done] = State(name='modules', form=Form(list[tuple[Key, Done]]), fold=_fold_part)
PROJECTION = Projection(
    name='module completions',
    follows=frozenset({Verb.MODULE_COMPLETED}),
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
