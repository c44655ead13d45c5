"""Engines of PostgreSQL that stay open from one test to the next, as they do in a server.

A new connection has to be let in and to learn all tables, and a new engine compiles all statements again. That takes
longer than what most tests do with them.
"""

from dataclasses import dataclass, field

from services.core.engines import Engines, open_engines


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOpen(Engines):
    """Engines whose connections outlive a test, unless it holds one that nobody knows the state of."""

    def dispose(self) -> None:
        """Let the connections wait for the next test."""
        if self.writing.pool.checkedout() or self.reading.pool.checkedout():  # type: ignore[attr-defined]
            self.close()

    def close(self) -> None:
        """Close all connections."""
        Engines.dispose(self)


@dataclass(frozen=True, slots=True)
class EnginesAtHand:
    """Opens databases as the product does, but none of PostgreSQL twice."""

    _kept: dict[tuple[str, int], KeptOpen] = field(default_factory=dict)

    def open(self, url: str, *, readers: int) -> Engines:
        """Open a database by its URL, or return its engines if it was opened before; files are opened each time."""
        if url.startswith('sqlite'):
            return open_engines(url, readers=readers)
        if (url, readers) not in self._kept:
            opened = open_engines(url, readers=readers)
            self._kept[url, readers] = KeptOpen(writing=opened.writing, reading=opened.reading, at_once=None)
        return self._kept[url, readers]

    def close(self) -> None:
        """Close all that was kept open."""
        for engines in self._kept.values():
            engines.close()
