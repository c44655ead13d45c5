"""The children of a parent: who they are, a look at one of them, and what is shown of all."""

from dataclasses import dataclass

from services import access
from services.access import Actor
from services.core import database
from services.core.errors import NotFound
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.parents import looks, week
from services.parents.week import ChildWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child who is linked to a parent."""

    child_id: int
    name: str


def of_parent(tx: Transaction, actor: Actor | None) -> tuple[Child, ...]:
    """Return the children of a parent, by name."""
    return tuple(Child(child_id=child.id, name=child.name) for child in access.children(tx, actor))


async def look(actor: Actor | None, child_id: int) -> ChildWeek:
    """Write down that a parent looks at a child of theirs, and return what they see."""
    await database.write(looks.note, actor, child_id=child_id)
    return await database.read(week.of_child, actor, child_id=child_id)


async def look_at_all(actor: Actor | None, parent_id: int) -> tuple[ChildWeek, ...]:
    """The same of all children of a parent, who asks for themselves; absent and not theirs look the same."""
    if actor is None or actor.user_id != parent_id:
        await database.read(access.signed_in, actor)
        raise NotFound(phrase('There is no such dashboard, or it is not yours.'))
    found = await database.read(of_parent, actor)
    return tuple([await look(actor, child.child_id) for child in found])
