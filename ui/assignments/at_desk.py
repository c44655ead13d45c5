"""Who looks at the same work right now: those who grade see each other, so that nobody does it twice."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from services.access import Actor

_here: defaultdict[int, list['AtDesk']] = defaultdict(list)
"""by the id of the work; one process serves all pages (docs/decisions/0001-one-writer.md)"""


class AtDesk:
    """One page on which a work is looked at; `changed` is called with the names of the others, now and later."""

    def __init__(self, actor: Actor, submission_id: int, changed: Callable[[Sequence[str]], None]) -> None:
        self._actor = actor
        self._submission_id = submission_id
        self._changed = changed
        _here[submission_id].append(self)
        self._tell()

    def leave(self) -> None:
        """Be gone; again is fine."""
        if self in _here[self._submission_id]:
            _here[self._submission_id].remove(self)
            self._tell()
        if not _here[self._submission_id]:
            del _here[self._submission_id]

    def _tell(self) -> None:
        people = {each._actor.user_id: each._actor.name for each in _here[self._submission_id]}
        for each in list(_here[self._submission_id]):
            others = sorted(name for user_id, name in people.items() if user_id != each._actor.user_id)
            each._changed(others)
