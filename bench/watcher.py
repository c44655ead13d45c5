"""A simulated instructor: follows the grid without drawing it, and notes when each finished checkpoint has arrived."""

import re
import time
from collections.abc import Iterable, Mapping
from typing import TypedDict

import orjson

from bench.protocol import Changes, Page
from bench.student import browser_session

DONE = {2, 3}  # marks that mean a finished checkpoint
CHECKPOINT_COLUMN = re.compile(r'c(\d+)')
METHOD = re.compile(r'runMethod\(\d+, "(run_row_method|run_grid_method)", (.*)\)$', re.DOTALL)


class Line(TypedDict):
    """One student as the grid gets them: key, name, and marks in the order of the columns."""

    k: str
    n: str
    m: list[int]


class Watcher:
    """The instructor's live page; `arrived` tells when, by the student's name and the id of the checkpoint."""

    def __init__(self, origin: str, cookies: Mapping[str, str]) -> None:
        self.origin = origin
        self.session = browser_session()
        self.session.cookie_jar.update_cookies(cookies)
        self.page = Page(self.session, self._changed, self._run)
        self.lines: dict[str, Line] = {}
        self.checkpoints: list[str] = []
        self.arrived: dict[tuple[str, str], float] = {}

    async def open(self, path: str) -> None:
        """Load the page and connect."""
        await self.page.load(self.origin, path)
        self._changed(self.page.elements)
        await self.page.connect()

    async def close(self) -> None:
        """Close the browser."""
        await self.page.close()
        await self.session.close()

    def _changed(self, changes: Changes) -> None:
        for element in changes.values():
            if element is not None and element['tag'].endswith('aggrid'):
                self._take_options(element['props']['options'])

    def _run(self, code: str) -> None:
        """The calls with which a grid is changed; a browser would run them."""
        if not (call := METHOD.search(code)):
            return
        match call[1], *orjson.loads(call[2]):
            case 'run_row_method', str(key), 'setDataValue', str(column), int(mark):
                self._set(self.lines[key], column.removeprefix('c'), mark)
            case 'run_grid_method', 'applyTransaction' | 'applyTransactionAsync', transaction:
                for kind in ('add', 'update'):
                    self._take_lines(transaction.get(kind) or ())
            case 'run_grid_method', 'updateGridOptions', options:
                self._take_options(options)
            case 'run_grid_method', 'setGridOption', str(name), value:
                self._take_options({name: value})

    def _take_options(self, options: object) -> None:
        assert isinstance(options, dict)
        if definitions := options.get('columnDefs'):
            # the id of a checkpoint's column is the letter c and the id of the checkpoint
            self.checkpoints = [
                found[1] for one in definitions if (found := CHECKPOINT_COLUMN.fullmatch(one.get('colId', '')))
            ]
        self._take_lines(orjson.loads(options.get(':rowData', '[]')))

    def _take_lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            old = self.lines.setdefault(line['k'], {**line, 'm': [0] * len(line['m'])})
            for checkpoint, mark in zip(self.checkpoints, line['m'], strict=True):
                self._set(old, checkpoint, mark)

    def _set(self, line: Line, checkpoint: str, mark: int) -> None:
        place = self.checkpoints.index(checkpoint)
        if line['m'][place] != mark:
            line['m'][place] = mark
            if mark in DONE:
                self.arrived[line['n'], checkpoint] = time.perf_counter()
