"""Engines that stay open from one test to the next, as they do in a server.

A new engine compiles all statements again, and a new connection to PostgreSQL has to be let in and to learn all tables.
That takes longer than what most tests do with them.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from services.core.engines import Engines, open_engines


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOpen(Engines):
    """Engines whose connections outlive a test, unless it holds one that nobody knows the state of."""

    def dispose(self) -> None:
        """Let the connections wait for the next test."""
        if is_in_use(self):
            self.close()

    def close(self) -> None:
        """Close all connections."""
        Engines.dispose(self)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leading(Engines):
    """Engines of SQLite that lead to one file after the other; their statements stay compiled."""

    idle: list['Leading']
    """those that no test has at the moment"""

    def lead_to(self, url: str) -> None:
        """Open this file from now on."""
        for engine in engines_of(self):
            engine.url = make_url(url)

    def dispose(self) -> None:
        """Close all connections, and wait for the next file unless somebody still has one of this file."""
        is_free = not is_in_use(self)
        Engines.dispose(self)
        if is_free and self not in self.idle:
            self.idle.append(self)


@dataclass(frozen=True, slots=True)
class EnginesAtHand:
    """Opens databases as the product does, but on engines that were there before, if they are free."""

    _kept: dict[tuple[str, int], KeptOpen] = field(default_factory=dict)
    _idle: dict[int, list[Leading]] = field(default_factory=dict)

    def open(self, url: str, *, readers: int) -> Engines:
        """Open a database by its URL, or return its engines if it was opened before; files are opened each time."""
        if url.startswith('sqlite'):
            return self._open_file(url, readers)
        if (url, readers) not in self._kept:
            opened = open_engines(url, readers=readers)
            self._kept[url, readers] = KeptOpen(writing=opened.writing, reading=opened.reading, at_once=None)
        return self._kept[url, readers]

    def _open_file(self, url: str, readers: int) -> Leading:
        idle = self._idle.setdefault(readers, [])
        if not idle:
            opened = open_engines(url, readers=readers)
            idle.append(Leading(writing=opened.writing, reading=opened.reading, at_once=opened.at_once, idle=idle))
            for engine in engines_of(opened):
                _follow_its_url(engine)
        found = idle.pop()
        found.lead_to(url)
        return found

    def close(self) -> None:
        """Close all that was kept open."""
        for engines in self._kept.values():
            engines.close()


def engines_of(engines: Engines) -> list[Engine]:
    """Return those that there are."""
    return [each for each in (engines.writing, engines.reading, engines.at_once) if each is not None]


def is_in_use(engines: Engines) -> bool:
    """Whether somebody has a connection."""
    return any(engine.pool.checkedout() for engine in engines_of(engines))  # type: ignore[attr-defined]


def _follow_its_url(engine: Engine) -> None:
    @event.listens_for(engine, 'do_connect')
    def _connects(_dialect: object, _record: object, arguments: list[Any], _settings: dict[str, Any]) -> None:
        arguments[:] = engine.dialect.create_connect_args(engine.url)[0]
