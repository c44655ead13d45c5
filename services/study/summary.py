"""How far a learner is with a course, and the figures that explain it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models import Checkpoint, Course, Enrollment, Mode, Progress, table
from services import access
from services.access import Actor
from services.core.phrases import Phrase, phrase, plural
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Source: s4, getUserProgress."""

    enrollment_id: int
    total: int
    completed: int
    percent: int
    completed_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """How a percentage comes about; `in_class` + `alone` + `both` = `done`."""

    percent: int
    done: int
    counted: int
    in_class: int
    alone: int
    both: int
    previews: int
    removed: int
    """checkpoints that the learner had done and that were removed from the course"""

    def sentences(self) -> list[Phrase]:
        """Return the calculation, line by line; it adds up."""
        if not self.counted:
            return [phrase('There are no steps to count yet, so it is 0 %.')]
        facts = (
            (self.in_class, phrase('{count} done in class.', count=self.in_class)),
            (self.alone, phrase('{count} done on your own.', count=self.alone)),
            (self.both, phrase('{count} done both in class and on your own.', count=self.both)),
            (self.counted - self.done, phrase('{count} still to do.', count=self.counted - self.done)),
            (self.previews, plural('Not counted: 1 preview.', 'Not counted: {count} previews.', self.previews)),
            (
                self.removed,
                plural(
                    'Not counted now: 1 step that you did and your instructor removed.',
                    'Not counted now: {count} steps that you did and your instructor removed.',
                    self.removed,
                ),
            ),
        )
        return [self._calculation(), *(said for number, said in facts if number)]

    def _calculation(self) -> Phrase:
        share = self.done * 100 / self.counted
        exact = f'{share:.1f}'
        if share == self.percent:
            return plural(
                '{done} of 1 step done: {done} × 100 ÷ 1 = {percent} %.',
                '{done} of {count} steps done: {done} × 100 ÷ {count} = {percent} %.',
                self.counted,
                done=self.done,
                percent=self.percent,
            )
        return plural(
            '{done} of 1 step done: {done} × 100 ÷ 1 = {exact} %, rounded down to {percent} %.',
            '{done} of {count} steps done: {done} × 100 ÷ {count} = {exact} %, rounded down to {percent} %.',
            self.counted,
            done=self.done,
            percent=self.percent,
            exact=exact,
        )


def summary(tx: Transaction, actor: Actor | None, course_id: int) -> Summary | None:
    """Return the actor's progress in a course; None if they do not learn in it."""
    actor = access.signed_in(tx, actor)
    facts = {'course': course_id, 'user': actor.user_id}
    for enrollment_id, percent, done, counted in _ENROLLED.rows(tx.connection, **facts):
        ids = tuple(id_ for (id_,) in _COMPLETED.rows(tx.connection, **facts))
        return Summary(enrollment_id=enrollment_id, total=counted, completed=done, percent=percent, completed_ids=ids)
    return None


def why(tx: Transaction, actor: Actor | None, course_id: int) -> Why | None:
    """Return how the actor's percentage comes about; None if they do not learn in the course."""
    actor = access.signed_in(tx, actor)
    facts = {'course': course_id, 'user': actor.user_id}
    for _, percent, done, counted in _ENROLLED.rows(tx.connection, **facts):
        modes: dict[int, set[Mode]] = {}
        removed: set[int] = set()
        for id_, mode, gone in _MODES.rows(tx.connection, **facts):
            if gone:
                removed.add(id_)
            else:
                modes.setdefault(id_, set()).add(mode)
        return Why(
            percent=percent,
            done=done,
            counted=counted,
            in_class=sum(its == {Mode.LIVE} for its in modes.values()),
            alone=sum(its == {Mode.SELF_PACED} for its in modes.values()),
            both=sum(len(its) == 2 for its in modes.values()),
            previews=len(_PREVIEWS.rows(tx.connection, course=course_id)),
            removed=len(removed),
        )
    return None


_checkpoints, _progress = table(Checkpoint), table(Progress)
_enrollments, _courses = table(Enrollment), table(Course)

_HERE = _checkpoints.c.deleted_at.is_(None)
_OWN_DONE = (
    (_progress.c.course_id == bindparam('course'))
    & (_progress.c.user_id == bindparam('user'))
    & _progress.c.completed_at.is_not(None)
    & ~_checkpoints.c.is_preview
)
_WITH_CHECKPOINT = _progress.join(_checkpoints, _checkpoints.c.id == _progress.c.checkpoint_id)
_ENROLLED = Prepared(
    select(_enrollments.c.id, _enrollments.c.percent, _enrollments.c.done, _courses.c.counted)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        _enrollments.c.course_id == bindparam('course'),
        _enrollments.c.user_id == bindparam('user'),
        _enrollments.c.removed_at.is_(None),
        _courses.c.deleted_at.is_(None),
    )
)
_COMPLETED = Prepared(
    select(_progress.c.checkpoint_id).distinct().select_from(_WITH_CHECKPOINT).where(_OWN_DONE, _HERE)
)
_MODES = Prepared(
    select(_progress.c.checkpoint_id, _progress.c.mode, _checkpoints.c.deleted_at)
    .select_from(_WITH_CHECKPOINT)
    .where(_OWN_DONE)
)
_PREVIEWS = Prepared(
    select(_checkpoints.c.id).where(_checkpoints.c.course_id == bindparam('course'), _HERE, _checkpoints.c.is_preview)
)
