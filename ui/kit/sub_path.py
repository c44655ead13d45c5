"""Pages of a server below a path: the addresses in what they show begin with it when they are sent."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from nicegui import ui

from settings import settings
from ui.kit.raw_element import Piece
from web.sub_path import outward, outward_html

ADDRESSES = frozenset({'action', 'href', 'poster', 'src', 'url'})
"""properties that hold an address"""

ToDict = Callable[[Any], dict[str, Any]]


def register() -> None:
    """Lead pages below the path of PUBLIC_URL; without a path nothing is different."""
    if settings().sub_path:
        for kind in (ui.element, Piece):
            kind._to_dict = _led(kind._to_dict)  # type: ignore[assignment, method-assign]


def _led(shipped: ToDict) -> ToDict:
    @wraps(shipped)
    def to_dict(element: ui.element) -> dict[str, Any]:
        sent = shipped(element)
        if 'props' in sent:
            is_native = element.component is None  # components of NiceGUI do it in the browser
            sent['props'] = {name: _outward(name, value, is_native) for name, value in element._props.items()}
        return sent

    return to_dict


def _outward(name: str, value: object, is_native: bool) -> object:
    if not isinstance(value, str):
        return value
    if name == 'innerHTML':
        return outward_html(value)
    if is_native and name in ADDRESSES:
        return outward(value)
    if is_native and name == 'srcset':
        return re.sub(r'(^|, )(/\S+)', lambda found: f'{found[1]}{outward(found[2])}', value)
    return value
