"""The whole order of checkpoints, at once: as a list that is dragged about ends up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, Module
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import CourseChanged
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.progress import module_completions


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The checkpoints of one module, from the first to the last."""

    module_id: int
    checkpoint_ids: tuple[int, ...]


def reorder(tx: Transaction, actor: Actor | None, orders: Sequence[Order]) -> None:
    """Put all checkpoints of some modules of one course in a new order, also from one of them into another.

    The modules keep what they have between them: nothing can be forgotten, and nothing brought in from elsewhere.
    """
    modules = [access.taught_module(tx, actor, order.module_id) for order in orders]
    if not modules:
        access.signed_in(tx, actor)
        raise Invalid('Name at least one module with its steps.', field='modules')
    course_id = modules[0].course_id
    if any(module.course_id != course_id for module in modules):
        raise NotFound('These modules are not in the same course.')
    wanted = [checkpoint_id for order in orders for checkpoint_id in order.checkpoint_ids]
    if len({module.id for module in modules}) < len(modules) or len(set(wanted)) < len(wanted):
        raise Invalid('Name each module once, and each step once.', field='modules')
    there = _checkpoints(tx, course_id)
    if unknown := set(wanted) - there.keys():
        raise NotFound('Step {step} is not there, or not in this course.', step=min(unknown))
    named = {module.id for module in modules}
    theirs = {id_ for id_, checkpoint in there.items() if checkpoint.module_id in named}
    if theirs != set(wanted):
        raise Refused(_message(theirs, set(wanted)))
    for order in orders:
        for position, checkpoint_id in enumerate(order.checkpoint_ids):
            checkpoint = there[checkpoint_id]
            checkpoint.module_id, checkpoint.position = order.module_id, position
            tx.session.add(checkpoint)
    tx.session.flush()
    module_completions.changed(tx, sorted(named))
    tx.announce(CourseChanged(course_id=course_id))
    tx.note('steps reordered', course=course_id, steps=len(wanted))


def _checkpoints(tx: Transaction, course_id: int) -> dict[int, Checkpoint]:
    """Return and lock the checkpoints that are there, so that nobody else moves them meanwhile."""
    tx.execute(
        select(col(Module.id)).where(col(Module.course_id) == course_id).order_by(col(Module.id)).with_for_update()
    )
    present = col(Checkpoint.course_id) == course_id, col(Checkpoint.deleted_at).is_(None)
    found = select(Checkpoint).where(*present).order_by(col(Checkpoint.id)).with_for_update()
    return {checkpoint.id: checkpoint for checkpoint in tx.session.scalars(found)}


def _message(theirs: set[int], wanted: set[int]) -> Phrase:
    if left_out := theirs - wanted:
        return phrase(
            'The order leaves out step {step}. Name all steps of these modules; the course may have changed.',
            step=min(left_out),
        )
    return phrase(
        'Step {step} is in another module. Name that module too, with all its steps.', step=min(wanted - theirs)
    )
