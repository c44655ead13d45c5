"""Courses, and classes held on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import col

from models import Enrollment, Verb
from services import verify
from services.access import Actor
from services.activity import taps
from services.activity.taps import Receipt, Tap
from services.core import clock, database
from services.core.transaction import Transaction
from services.courses import catalog, course_cards, outline
from services.courses.checkpoints import add as add_checkpoints
from services.live import sessions
from tests.factories.people import a_guest, an_instructor


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAtHand:
    """A course and those of its ids that tests ask for."""

    course_id: int
    module_id: int
    checkpoints: tuple[int, ...]
    code: str
    teacher: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAtHand:
    """A class that is running, and who has joined its course."""

    course_id: int
    module_id: int
    session_id: int
    checkpoints: tuple[int, ...]
    code: str
    teacher: Actor
    learners: tuple[Actor, ...]

    @property
    def learner(self) -> Actor:
        return self.learners[0]


async def a_course(*, by: Actor | None = None, title: str = 'Soil', checkpoints: int = 3) -> CourseAtHand:
    teacher = by or await an_instructor()
    course_id = await database.write(catalog.create, teacher, title=title)
    (module,) = await database.read(outline.sections, teacher, course_id)
    lines = '\n'.join(f'Step {number}' for number in range(1, checkpoints + 1))
    added = await database.write(add_checkpoints, teacher, module.module_id, lines=lines) if checkpoints else []
    facts = await database.read(catalog.facts, teacher, course_id)
    return CourseAtHand(
        course_id=course_id, module_id=module.module_id, checkpoints=tuple(added), code=facts.code, teacher=teacher
    )


async def a_class(
    *, by: Actor | None = None, title: str = 'Soil', checkpoints: int = 3, learners: Sequence[str] = ('Lena Learner',)
) -> ClassAtHand:
    course = await a_course(by=by, title=title, checkpoints=checkpoints)
    session_id = await database.write(sessions.start, course.teacher, course.course_id)
    joined = [await a_guest(code=course.code, name=name) for name in learners]
    return ClassAtHand(
        course_id=course.course_id,
        module_id=course.module_id,
        session_id=session_id,
        checkpoints=course.checkpoints,
        code=course.code,
        teacher=course.teacher,
        learners=tuple(joined),
    )


async def joined_long_ago(klass: ClassAtHand, ago: timedelta = timedelta(days=7)) -> None:
    """Let the learners of a class have joined some time ago, so that what was due since then is asked of them."""

    def joined(tx: Transaction) -> None:
        here = update(Enrollment).where(col(Enrollment.course_id) == klass.course_id)
        tx.execute(here.values(enrolled_at=clock.now() - ago))

    await database.write(joined)


async def tap(
    klass: ClassAtHand,
    checkpoint: int | None,
    *,
    by: Actor | None = None,
    verb: Verb = Verb.COMPLETED,
    tap_id: str | None = None,
    then: int | None = None,
) -> Receipt:
    """Tap a checkpoint, by the first learner of the class unless somebody else is named."""
    return await taps.take(
        Tap(
            actor=by or klass.learner,
            session_id=klass.session_id,
            verb=verb,
            tap_id=tap_id or uuid4().hex,
            checkpoint_id=checkpoint,
            then=then,
        )
    )


async def mark(
    checkpoint: int | None,
    *,
    by: Actor | None,
    verb: Verb = Verb.COMPLETED,
    tap_id: str | None = None,
    then: int | None = None,
) -> Receipt:
    """Tap a checkpoint on one's own, outside of any class."""
    return await taps.take(
        Tap(actor=by, session_id=None, verb=verb, tap_id=tap_id or uuid4().hex, checkpoint_id=checkpoint, then=then)
    )


async def undo(klass: ClassAtHand, checkpoint: int, *, by: Actor | None = None) -> Receipt:
    return await tap(klass, checkpoint, by=by, verb=Verb.UNDONE)


async def join_class(klass: ClassAtHand, *, by: Actor | None = None) -> Receipt:
    """Open the page of the class, as the log is told."""
    return await tap(klass, None, by=by, verb=Verb.JOINED)


async def percent(klass: ClassAtHand | CourseAtHand, learner: Actor) -> int:
    cards = await database.read(course_cards.joined, learner)
    return next(card.percent for card in cards if card.course_id == klass.course_id)


async def assert_log_and_projections_agree() -> None:
    found = await database.read(verify.differences)
    assert found == [], found
