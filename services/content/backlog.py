"""What a page has of a video or document and has not saved yet."""

from typing import Generic, Protocol, Self, TypeVar


class Unsaved(Protocol):
    """Facts that can be added up; false if there are none."""

    def and_then(self, later: Self) -> Self:
        """Return both together."""


T = TypeVar('T', bound=Unsaved)


class Backlog(Generic[T]):
    """Adds up facts until they are taken to be saved; what could not be saved is the first of what comes next."""

    def __init__(self, nothing: T) -> None:
        self._nothing = self._unsaved = nothing

    def take(self) -> T:
        """Return what has to be saved now; nothing if it is false."""
        unsaved, self._unsaved = self._unsaved, self._nothing
        return unsaved

    def give_back(self, unsaved: T) -> None:
        """Keep what could not be saved: it goes with the next."""
        self._unsaved = unsaved.and_then(self._unsaved)

    def _add(self, fact: T) -> None:
        self._unsaved = self._unsaved.and_then(fact)
