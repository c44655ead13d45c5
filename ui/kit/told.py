"""The one door for what a page tells: the events of its elements, each in the shape that our pages send.

A browser may send anything. What has no such shape never comes to a handler, so that handlers and fields need not ask:
a text is a text, a choice is one of the choices. An event of another name needs a row in `SHAPES`.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.choice_element import ChoiceElement
from nicegui.elements.mixins.openable_element import OpenableElement
from nicegui.elements.mixins.sortable_element import SortableElement
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.event_listener import EventListener

from services.core import text

LONGEST_LINE = 20_000
"""characters, more than any field of one line takes; what services refuse is refused by them, with their sentence"""
LONGEST_TEXT = 1_000_000
LARGEST_NUMBER = 10**9
LARGEST_SCREEN = 100_000
LONGEST_NUMBER = 40
MOST_ARGUMENTS = 8
LARGEST_SHAPE = 64 * 1024
"""characters of whatever is more than one text"""

NOTHING = frozenset({
    'blur', 'change', 'click', 'failed', 'hide', 'popupHide', 'popupShow', 'show', 'uploaded', 'uploading',
})  # fmt: skip
"""events of which it counts that they happen; whatever comes with them is left out"""


class Nonsense(Exception):
    """Nothing that our pages send."""


Shape = Callable[[Element, Any], Any]


def read(element: Element, listener: EventListener, told: Any) -> Any:
    """Return what an event of an element tells its handler, or raise `Nonsense`."""
    if listener.args in ([[]], []):
        return {}
    name = listener.type.partition('.')[0]
    if name in NOTHING:
        return {}
    if isinstance(element, ValueElement) and name == f'update:{_camel_case(element.VALUE_PROP)}':
        return _value(element, told)
    shape = SHAPES.get(name)
    if shape is None:
        raise Nonsense
    return shape(element, told)


def check_arguments(told: Any) -> None:
    """Raise `Nonsense` where what comes with an event would take long to read: each part of it is JSON of its own."""
    _require(isinstance(told, list) and len(told) <= MOST_ARGUMENTS)
    for each in told:
        _require(each is None or (isinstance(each, str) and (len(each) <= LARGEST_SHAPE or each.startswith('"'))))


def is_known(element: Element, listener: EventListener) -> bool:
    """Tell whether there is a shape for what an event tells."""
    name = listener.type.partition('.')[0]
    has_value = isinstance(element, ValueElement) and name == f'update:{_camel_case(element.VALUE_PROP)}'
    is_bare = listener.handler is None or listener.args in ([[]], []) or name in NOTHING
    return is_bare or name in SHAPES or (has_value and any(isinstance(element, kind) for kind in VALUES))


def _camel_case(name: str) -> str:
    head, *rest = name.split('-')
    return head + ''.join(part.title() for part in rest)


def _value(element: Element, told: Any) -> Any:
    shape = next((shape for kind, shape in VALUES.items() if isinstance(element, kind)), None)
    if shape is None:
        raise Nonsense
    return shape(element, told)


def _require(is_so: object) -> None:
    if not is_so:
        raise Nonsense


def _is_number(told: Any) -> bool:
    return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) <= LARGEST_NUMBER


def _is_place(told: Any, most: int) -> bool:
    return isinstance(told, int) and not isinstance(told, bool) and 0 <= told < most


def _yes_or_no(_: Element, told: Any) -> bool:
    _require(isinstance(told, bool))
    return bool(told)


def _text(element: Element, told: Any) -> str | None:
    _require(told is None or isinstance(told, str))
    most = LONGEST_TEXT if isinstance(element, ui.textarea) else LONGEST_LINE
    return None if told is None else text.storable(told[:most])


def _number(_: Element, told: Any) -> Any:
    if told is None or told == '' or _is_number(told):
        return told
    _require(isinstance(told, str) and len(told) <= LONGEST_NUMBER)
    try:
        number = float(told)
    except ValueError:
        raise Nonsense from None
    _require(math.isfinite(number) and _is_number(number))
    return told


def _one_of_the_options(element: Element, told: Any) -> Any:
    """The number of an option, in a drop-down list together with its label."""
    assert isinstance(element, ChoiceElement)
    if told is None and element.props.get('clearable'):
        return None
    place = told.get('value') if isinstance(told, dict) and isinstance(element, ui.select) else told
    _require(isinstance(told, dict) == isinstance(element, ui.select))
    _require(_is_place(place, len(element._values)))
    return told


def _picked(_: Element, told: Any) -> Any:
    """What a native list or row of buttons tells: a value, alone or before the option that it belongs to, or none."""
    if told == []:
        return told
    picked = told[0] if isinstance(told, list) and told else told
    _require(picked is None or isinstance(picked, str) or _is_number(picked))
    return told


def _key(_: Element, told: Any) -> Any:
    """A key that was pressed: its names are texts, what was held with it is a yes or no."""
    _require(isinstance(told, dict) and isinstance(told.get('key'), str))
    return told


def _key_of_the_page(element: Element, told: Any) -> Any:
    _key(element, told)
    _require(all(isinstance(told.get(name), str) for name in ('action', 'code')))
    held = ('repeat', 'altKey', 'ctrlKey', 'metaKey', 'shiftKey')
    _require(all(isinstance(told.get(name), bool) for name in held) and _is_number(told.get('location')))
    return told


def _cell(_: Element, told: Any) -> Any:
    """A cell of a grid: the key of its row, and where it is."""
    _require(isinstance(told, dict) and isinstance(told.get('data'), dict))
    _require(isinstance(told['data'].get('k'), str))
    _require(_is_place(told.get('rowIndex'), LARGEST_NUMBER) and isinstance(told.get('colId'), str))
    return told


def _typed_cell(element: Element, told: Any) -> Any:
    """A cell of a grid, and what was typed into it; nothing for a cell that was emptied."""
    _cell(element, told)
    typed = told.get('newValue')
    _require(typed is None or isinstance(typed, str))
    return told | {'newValue': text.storable((typed or '')[:LONGEST_LINE])}


def _size(_: Element, told: Any) -> Any:
    _require(isinstance(told, dict))
    sides = told.get('width'), told.get('height')
    _require(all(_is_number(side) and 0 <= side <= LARGEST_SCREEN for side in sides))
    return told


def _dropped(element: Element, told: Any) -> Any:
    """What was dragged from one list to another, or to another place of the same."""
    _require(isinstance(told, dict))
    names = 'item_id', 'from_id', 'to_id', 'old_index', 'new_index'
    _require(all(_is_place(told.get(name), LARGEST_NUMBER) for name in names))
    item, source, target = (element.client.elements.get(told[name]) for name in names[:3])
    if not (item and source is element and isinstance(target, SortableElement)):
        raise Nonsense
    _require(item.parent_slot and item.parent_slot.parent is source)
    _require(told['new_index'] <= len(target.default_slot.children))
    return told


VALUES: Mapping[type[Element], Shape] = {
    ui.number: _number,
    ui.input: _text,
    ui.time: _text,
    ChoiceElement: _one_of_the_options,
    ui.checkbox: _yes_or_no,
    ui.switch: _yes_or_no,
    ui.fullscreen: _yes_or_no,
    OpenableElement: _yes_or_no,
}
"""what the value of a field can be, by its kind"""


def _why_rejected(_: Element, told: Any) -> str:
    """Return which check of the browser a file has not passed."""
    _require(isinstance(told, list) and told and isinstance(told[0], dict))
    why = told[0].get('failedPropValidation')
    _require(why in {'accept', 'max-file-size', 'max-total-size', 'duplicate'})
    return str(why)


SHAPES: Mapping[str, Shape] = {
    'cellClicked': _cell,
    'cellEditingStarted': _cell,
    'cellValueChanged': _typed_cell,
    'key': _key_of_the_page,
    'keydown': _key,
    'rejected': _why_rejected,
    'resize': _size,
    'sortend': _dropped,
    'update:modelValue': _picked,
    'visibility': _yes_or_no,
}
"""what other events tell, by their name"""
