"""A grid of AG Grid, as a class and a gradebook are: hundreds of lines that the browser draws near the screen only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from nicegui import json, ui

from ui.kit.preloading import begin_loading

Options: TypeAlias = dict[str, object]


def grid(options: Options, *, modules: Sequence[str]) -> ui.aggrid:
    """Draw a grid that is made of some modules of AG Grid's."""
    begin_loading('nicegui-aggrid')
    return ui.aggrid(options, auto_size_columns=False, modules=list(modules))


def row_data(lines: Iterable[Mapping[str, object]]) -> Options:
    """Return the option that has all lines, as one text, which the browser takes as it is.

    As a value, each of thirty thousand cells would be looked at and watched: here by NiceGUI and by the collector for
    as long as the page is open, there by Vue whenever the grid reads it.
    """
    return {':rowData': json.dumps(list(lines))}
