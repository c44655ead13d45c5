"""Counting what a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def commits(engine: Engine) -> Iterator[list[object]]:
    seen: list[object] = []
    see = seen.append
    event.listen(engine, 'commit', see)
    yield seen
    event.remove(engine, 'commit', see)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements, but for those that only mark where something begins and ends."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(('BEGIN', 'SAVEPOINT', 'RELEASE', 'ROLLBACK')):
            seen.append(' '.join(statement.split()))

    event.listen(engine, 'before_cursor_execute', see)
    yield seen
    event.remove(engine, 'before_cursor_execute', see)
