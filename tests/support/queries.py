"""Counting what a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from services.core.engines import WRITERS_TURN
from services.core.sql.prepared import _Compiled


@contextmanager
def commits(engine: Engine) -> Iterator[list[object]]:
    seen: list[object] = []
    see = seen.append
    event.listen(engine, 'commit', see)
    yield seen
    event.remove(engine, 'commit', see)


@contextmanager
def statements(*engines: Engine) -> Iterator[list[str]]:
    """Collect the statements, prepared ones too, but for those that only mark where something begins and ends."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        is_turn = str(WRITERS_TURN) in statement  # a part of how a transaction of the writer begins
        if not is_turn and not statement.startswith(('BEGIN', 'SAVEPOINT', 'RELEASE', 'ROLLBACK')):
            seen.append(' '.join(statement.split()))

    lend = _Compiled._cursor

    def lend_and_see(prepared: _Compiled, connection: Connection) -> object:
        see(connection, None, prepared._text)
        return lend(prepared, connection)

    for engine in engines:
        event.listen(engine, 'before_cursor_execute', see)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Compiled, '_cursor', lend_and_see)
        yield seen
    for engine in engines:
        event.remove(engine, 'before_cursor_execute', see)
