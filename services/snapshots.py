"""Snapshots: what the log says of everybody at a horizon, in a file from which a later comparison goes on.

The first line names the horizon (the id of the last activity that is in the snapshot) and who guests have turned out to
be. Each line that follows has some people with their states, as `services.core.projection.State` writes them. The file
holds personal data and is readable to its owner alone.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from services.core.errors import Refused
from services.core.projection import Projection, State

WHAT = 'Waymark snapshot 2'


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPeople:
    """Some people as they were at the horizon."""

    people: frozenset[int]
    states: Mapping[str, Mapping[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSnapshot:
    """A snapshot that can be gone on from; its people are read from the file when they are iterated."""

    path: Path
    horizon: int
    owners: Mapping[int, int]
    projections: Sequence[Projection]

    def __iter__(self) -> Iterator[KeptPeople]:
        """Yield everybody, some at a time."""
        states = {state.name: state for state in _states(self.projections)}
        with self.path.open('rb') as lines:
            next(lines)
            for line in lines:
                told = orjson.loads(line)
                known = {name: dict(states[name].form.validate_python(rows)) for name, rows in told['states'].items()}
                yield KeptPeople(people=frozenset(told['people']), states=known)


def opened(path: Path, projections: Sequence[Projection]) -> LogSnapshot:
    """Open a snapshot; raises `Refused` for any other file."""
    try:
        with path.open('rb') as lines:
            head = orjson.loads(next(lines))
        if head['what'] == WHAT and set(head['states']) == {state.name for state in _states(projections)}:
            return LogSnapshot(path=path, horizon=head['horizon'], owners=dict(head['owners']), projections=projections)
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        pass
    raise Refused('{path} is not a snapshot of this version of Waymark. Make a new one with --save.', path=str(path))


class Writer:
    """Writes a snapshot; the file appears under its name once `finish` is called."""

    def __init__(self, path: Path, projections: Sequence[Projection]) -> None:
        self.horizon = 0
        self._path = path
        self._unfinished = path.with_name(f'{path.name}.unfinished')
        self._states = _states(projections)
        self._file: BinaryIO = os.fdopen(os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'wb')

    def begin(self, horizon: int, owners: Mapping[int, int]) -> None:
        """Write the first line."""
        self.horizon = horizon
        names = [state.name for state in self._states]
        self._write({'what': WHAT, 'horizon': horizon, 'owners': list(owners.items()), 'states': names})

    def keep(self, people: frozenset[int], states: Mapping[str, Mapping[Any, Any]]) -> None:
        """Write some people."""
        rows = {state.name: state.form.dump_json(list(states[state.name].items())) for state in self._states}
        self._write({'people': sorted(people), 'states': {name: orjson.Fragment(its) for name, its in rows.items()}})

    def finish(self) -> None:
        """Give the file its name, once all of it is on disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._unfinished.replace(self._path)

    def give_up(self) -> None:
        """Remove what was written."""
        self._file.close()
        self._unfinished.unlink(missing_ok=True)

    def _write(self, line: dict[str, object]) -> None:
        self._file.write(orjson.dumps(line) + b'\n')


def _states(projections: Sequence[Projection]) -> list[State[Any, Any]]:
    return [state for projection in projections for state in projection.states]
