"""CommonMark as clean HTML, with tables, footnotes, task lists and struck out words.

It is a module, and a program for long texts: one request per line, one answer per line (`markdown.py` starts it).
It knows nothing of Waymark, so that it starts at once.
"""

import json
import os
import resource
import signal
import sys
from hashlib import sha256
from typing import NoReturn

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table as read_table
from markdown_it.rules_core import StateCore
from mdit_py_plugins.footnote import footnote_plugin

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 1.0
"""of the processor, for one text"""
MOST_MISSING = 2000
"""Cells that are drawn though nobody wrote them, because a row is shorter than the head of its table."""
MOST_GROWTH = 12
"""How many times as long as its text HTML may be; a sign such as `"` alone makes six."""
SMALL = 4000
"""Letters of HTML that are always taken."""
BOXES = {'[ ] ': '☐ ', '[x] ': '☑ ', '[X] ': '☑ '}
OWN = 'text-'
"""What ids begin with inside of a text, so that they are never those of the page."""


class TooIntricate(Exception):
    """This text costs more than a text may."""


def render(text: str, *, keep_lines: bool = False) -> str:
    """Return Markdown as HTML; whatever could do something instead of being read is taken out.

    `keep_lines` begins a new line where the text does, for what people type into a small field.
    """
    name = sha256(text.encode(errors='replace')).hexdigest()[:8]
    html = str((_LINES if keep_lines else _READER).render(text, {'docId': name}))
    html = html.replace('href="#fn', f'href="#{OWN}fn').replace('style="text-align:', 'align="')
    return _bounded(text, _CLEANER.clean(_bounded(text, html)))


def _bounded(text: str, html: str) -> str:
    if len(html) > max(SMALL, MOST_GROWTH * len(text)):
        raise TooIntricate('the HTML is too long')
    return html


def _reader(*, keep_lines: bool) -> MarkdownIt:
    reader = MarkdownIt('commonmark', {'breaks': keep_lines}).enable(['table', 'strikethrough']).use(footnote_plugin)
    reader.block.ruler.at('table', _table, {'alt': ['paragraph', 'reference']})
    reader.core.ruler.after('inline', 'boxes', _draw_boxes)
    return reader


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table, unless it would mostly consist of cells that nobody wrote."""
    if 'is_full' in state.env or not read_table(state, start, end, True):
        return False
    last = next((line for line in range(start + 2, end) if state.isEmpty(line)), end)
    rows = [_pipes(state, line) + 1 for line in range(start + 2, last)]
    missing = state.env.get('missing', 0) + max(0, (_pipes(state, start) + 1) * len(rows) - sum(rows))
    if missing > MOST_MISSING:
        state.env['is_full'] = True
        return False
    if not silent:
        state.env['missing'] = missing
    return silent or read_table(state, start, end, False)


def _pipes(state: StateBlock, line: int) -> int:
    return state.src.count('|', state.bMarks[line], state.eMarks[line])


def _draw_boxes(state: StateCore) -> None:
    """Draw the boxes of a task list as letters, which cannot be ticked."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type == 'list_item_open' and inline.type == 'inline' and inline.children:
            first = inline.children[0]
            if first.type == 'text' and (box := BOXES.get(inline.content[:4])):
                first.content = box + first.content.removeprefix(inline.content[:3]).lstrip(' ')


_READER = _reader(keep_lines=False)
_LINES = _reader(keep_lines=True)
_CLEANER = nh3.Cleaner(
    attributes={**nh3.ALLOWED_ATTRIBUTES, 'a': {*nh3.ALLOWED_ATTRIBUTES['a'], 'id'}, 'li': {'id'}},
    id_prefix=OWN,
)


def answer(request: dict[str, object]) -> dict[str, str]:
    """Render one text, within the time that it may take."""
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        return {'html': render(str(request['text']), keep_lines=bool(request['keep_lines']))}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(*_: object) -> NoReturn:
    raise TooIntricate('it takes too long')


def main() -> None:
    """Answer until the input ends, which it does when the server does."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGVTALRM, _stop)
    os.nice(5)  # taps go first
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 - texts of strangers; the server shows them as they were written
            said = {'problem': f'{type(error).__name__}: {error}'[:200]}
        sys.stdout.write(json.dumps(said) + '\n')
        sys.stdout.flush()


if __name__ == '__main__':
    main()
