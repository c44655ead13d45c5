"""A native element that is drawn as a whole, for pages of which a thousand are open at once."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self
from weakref import ref

from nicegui import Client, context, ui
from nicegui.classes import Classes
from nicegui.event_listener import EventListener
from nicegui.events import GenericEventArguments, Handler
from nicegui.props import Props
from nicegui.slot import Slot
from orjson import Fragment, dumps


class _Nothing(dict[Any, Any]):
    """What no piece has, shared by all of them."""

    def __setitem__(self, key: object, value: object) -> None:
        raise TypeError('This is shared by all pieces.')


NOTHING = _Nothing()


class Piece(ui.element):
    """An element without bindings: NiceGUI announces each change of each property, which costs more than the change.

    It is made with what is its own alone. What most pieces never have, it gets when it is asked for: listeners, a place
    for children, marks of tests.
    """

    ignores_events_when_hidden = True
    slots: dict[str, Slot] = NOTHING
    _event_listeners: dict[str, EventListener] = NOTHING
    _style = NOTHING  # type: ignore[assignment]
    _markers: Sequence[str] = ()  # type: ignore[assignment]
    _text: str | None = None
    _update_method: str | None = None
    _deleted = False

    def __init__(self, tag: str, classes: str = '', *, _client: Client | None = None) -> None:
        around = context.slot if _client is None else None
        client = around.parent.client if around else _client
        assert client is not None
        self._client, self._parent_slot = ref(client), ref(around) if around else None
        self.id = client.next_element_id
        client.next_element_id += 1
        self.tag = tag
        itself = ref(self)
        self._classes: Any = _Classes(itself, classes)
        self._props: Any = _Props(itself)
        client.elements[self.id] = self
        client.outbox.enqueue_update(self)
        if around:
            around.children.append(self)
            client.outbox.enqueue_update(around.parent)

    @property
    def default_slot(self) -> Slot:  # type: ignore[override]
        """The place of its children."""
        if self.slots is NOTHING:
            self.slots = {'default': Slot(self, 'default')}
        return self.slots['default']

    def add_slot(self, name: str, template: str | None = None) -> Slot:
        """Add a named slot beside the one for children."""
        _first = self.default_slot
        return super().add_slot(name, template)

    def on(
        self,
        type: str,
        handler: Handler[GenericEventArguments] | None = None,
        args: Any = None,
        **how: Any,
    ) -> Self:
        """Listen to an event."""
        if self._event_listeners is NOTHING:
            self._event_listeners = {}
        return super().on(type, handler, args, **how)

    @property
    def visible(self) -> bool:
        """True: a piece is hidden by its class, as nothing is bound to it."""
        return True

    @visible.setter
    def visible(self, is_shown: bool) -> None:
        if not is_shown:
            raise ValueError('A piece is hidden with the class `hidden`.')

    def draw(self, props: Mapping[str, object], *, classes: str | None = None) -> None:
        """Take over these properties, and these classes in place of all others; the element is updated once."""
        dict.update(self._props, props)
        if classes is not None:
            list.__setitem__(self._classes, slice(None), classes.split())
        self.update()

    def draw_html(self, html: str, *, classes: str | None = None) -> None:
        """Show HTML that we made, unless it is shown already."""
        if html != self.props.get('innerHTML') or classes is not None:
            self.draw({'innerHTML': html}, classes=classes)

    def offer(self, html: str, classes: str) -> None:
        """Show HTML that we made with these classes, or nothing at all for none; drawn only if that is a change."""
        shown = classes if html else 'hidden'
        if html != self.props.get('innerHTML', '') or shown != ' '.join(self.classes):
            self.draw({'innerHTML': html}, classes=shown)

    def _to_dict(self) -> dict[str, object]:
        """Return what is sent of it: the same as NiceGUI returns, where it has neither slots nor a text of its own."""
        if len(self.slots) > 1 or self._text is not None or self._update_method:
            return super()._to_dict()
        parts = {
            'tag': self.tag,
            'class': self._classes,
            'props': self._props,
            'children': [child.id for child in self.default_slot.children] if self.slots else (),
            'events': [_written(listener) for listener in self._event_listeners.values()],
        }
        return {name: part for name, part in parts.items() if part}

    def _displayed_contents(self, *, only_visible: bool) -> list[object]:
        return [*super()._displayed_contents(only_visible=only_visible), self.props.get('innerHTML')]


class _OfPiece:
    """Knows nothing but whose it is; what else NiceGUI keeps beside it is the same for all pieces."""

    __slots__ = ()
    _observer_refs, _parent_ref, _suspend_count, last_modified = (), None, 0, 0.0

    def _update(self) -> None:
        raise NotImplementedError

    def _handle_change(self) -> None:
        self._update()

    @property
    def _change_handlers_with_args(self) -> list[tuple[Callable[[], None], bool]]:
        return [(self._update, False)]


class _Props(_OfPiece, Props[Piece]):  # type: ignore[misc]
    __slots__ = ('_element',)
    _update = Props._update
    _warnings: Mapping[str, str] = NOTHING  # type: ignore[assignment]
    _renames: Mapping[str, str] = MappingProxyType(  # type: ignore[assignment]
        {'resource_path': 'resource-path', 'dynamic_resource_path': 'dynamic-resource-path'}
    )

    def __init__(self, element: ref[Piece]) -> None:
        self._element = element


class _Classes(_OfPiece, Classes[Piece]):  # type: ignore[misc]
    __slots__ = ('_element',)
    _update = Classes._update

    def __init__(self, element: ref[Piece], classes: str) -> None:
        list.extend(self, classes.split())
        self._element = element


_ID = b'{"listener_id":"'
_AFTER_ID: dict[tuple[object, ...], bytes] = {}
"""how what elements listen to is written, but for the id: a few ways for all pages"""


def _written(listener: EventListener) -> Fragment:
    """Return what an element listens to, as it is sent."""
    how = listener.throttle, listener.leading_events, listener.trailing_events, listener.js_handler
    key = listener.type, str(listener.args), *how
    if key not in _AFTER_ID:
        _AFTER_ID[key] = dumps(listener.to_dict())[len(_ID) + len(listener.id) :]
    return Fragment(_ID + listener.id.encode() + _AFTER_ID[key])
