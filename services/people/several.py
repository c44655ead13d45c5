"""Doing the same for several learners of a course, all or none of them."""

from collections.abc import Callable, Sequence

from services.access import Actor
from services.core.transaction import Transaction


def for_each(verb: Callable[..., object], user_ids: Sequence[int]) -> Callable[..., None]:
    """Return a verb that does for several learners what `verb` does for one; a refusal of one refuses all."""

    def for_all(tx: Transaction, actor: Actor | None, course_id: int, **values: object) -> None:
        for user_id in user_ids:
            verb(tx, actor, course_id, user_id=user_id, **values)

    return for_all
