"""What several processes commit is published in each of them in the order of the commits.

Each commit that has something to tell has a number, without gaps (`models.CommitNumber`). One that comes before its
turn waits for a moment; where the ones before it do not come, something was missed, and screens are loaded anew.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.core.events import Event

PATIENCE = 0.15
"""seconds that a commit waits for those before it; a message from one process to another takes a few milliseconds"""

Then = Callable[[], None]


@dataclass(slots=True)
class Turns:
    """Publishes commits one after the other, by their numbers."""

    publish: Callable[[Sequence[Event]], None]
    missed: Callable[[], None]
    """something was not heard: what screens show must be loaded anew"""
    next: int | None = None
    """the number of the commit whose turn it is; None while this process is on its own"""
    _held: dict[int, tuple[Sequence[Event], Then | None]] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None

    def take(self, number: int, events: Sequence[Event], then: Then | None = None) -> None:
        """Publish a commit in its turn, then call `then`.

        One that comes too late was missed, and is in what was loaded anew: it was committed before those that came. Of
        this process's own, whose caller waits, that is published all the same; what came after it in the database was
        published before it, and so screens are loaded again.
        """
        if self.next is None or number < self.next:
            if then:
                self._tell(events, then)
                if self.next is not None:
                    self.missed()
            return
        self._held[number] = events, then
        self._go_on()
        if self._held and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)

    def go_on_from(self, number: int) -> None:
        """Take note that everything up to a commit is in the database; what of it was not published was missed."""
        was_behind = (
            self.next is not None
            and self.next <= number
            and any(each not in self._held for each in range(self.next, number + 1))
        )
        self._publish_until(number)
        self.next = max(self.next or 0, number + 1)
        self._go_on()
        if was_behind:
            self.missed()

    def be_alone(self) -> None:
        """Publish whatever comes at once, since nothing is heard of others."""
        self._publish_until(max(self._held, default=0))
        self.next = None

    def _go_on(self) -> None:
        while self.next is not None and self.next in self._held:
            self.next += 1
            self._tell(*self._held.pop(self.next - 1))
        if not self._held and self._timer:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        """Go on without those that did not come."""
        self._timer = None
        if self._held:
            self.next = min(self._held)
            self._go_on()
            self.missed()
        if self._held:  # there is another gap
            self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)

    def _publish_until(self, number: int) -> None:
        for each in sorted(self._held):
            if each <= number:
                self._tell(*self._held.pop(each))

    def _tell(self, events: Sequence[Event], then: Then | None) -> None:
        self.publish(events)
        if then:
            then()
