"""Opens a class list: as a table with columns, or as bare names, from a file, a workbook or what was pasted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.people import list_bare_names, list_workbooks
from services.people.list_columns import Table, table_of
from services.people.list_decoding import Line, lines_of
from services.people.list_headings import Fact
from services.people.list_workbooks import Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A list as a table, or as the text of bare names; and for a workbook which sheet it is."""

    table: Table | None = None
    text: str = ''
    chosen: Chosen | None = None


def opened(content: bytes | str, meant: Mapping[str, Fact], *, has_headings: bool) -> Opened:
    """Open a list; `meant` is what columns mean by their headings; raises `BrokenFile`."""
    if isinstance(content, str):
        return Opened(text=content)

    def as_table(lines: Sequence[Line]) -> Table:
        return table_of(lines, meant, has_headings=has_headings)

    def is_list(lines: Sequence[Line]) -> bool:
        return bool(lines) and (as_table(lines).has_names or bool(list_bare_names.text_of(lines)))

    is_workbook = list_workbooks.is_one(content)
    lines, chosen = list_workbooks.lines_of(content, is_list) if is_workbook else (lines_of(content), None)
    found = as_table(lines)
    if has_headings and not found.has_names and (text := list_bare_names.text_of(lines)):
        return Opened(text=text, chosen=chosen)
    return Opened(table=found, chosen=chosen)
