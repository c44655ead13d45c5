"""A native element that is drawn as a whole, for pages of which a thousand are open at once."""

from collections.abc import Mapping, Sequence

from nicegui import ui

from ui.kit.nicegui_patches import UNSTYLED, keep_little, set_classes, set_props


class Piece(ui.element):
    """An element without bindings: NiceGUI announces each change of each property, which costs more than the change."""

    _written: Sequence[Mapping[str, object]] = ()
    """what it listens to, as it is sent; a marker is drawn anew at each tap and listens to the same"""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        keep_little(self)

    @property  # type: ignore[override]
    def _style(self) -> Mapping[str, str]:
        return UNSTYLED

    @_style.setter
    def _style(self, style: object) -> None:
        """Take none: a piece is styled by its classes."""

    @property
    def visible(self) -> bool:
        """True: a piece is hidden by its class, as nothing is bound to it."""
        return True

    @visible.setter
    def visible(self, is_shown: bool) -> None:
        if not is_shown:
            raise ValueError('A piece is hidden with the class `hidden`.')

    def draw(self, props: Mapping[str, object], *, classes: str | None = None) -> None:
        """Take over these properties, and these classes in place of all others."""
        set_props(self, props)
        if classes is not None:
            set_classes(self, classes)
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
        if len(self._written) != len(self._event_listeners):
            self._written = [listener.to_dict() for listener in self._event_listeners.values()]
        parts = {
            'tag': self.tag,
            'class': self._classes,
            'style': self._style,
            'props': self._props,
            'children': [child.id for child in self.default_slot.children],
            'events': self._written,
        }
        return {name: part for name, part in parts.items() if part}

    def _displayed_contents(self, *, only_visible: bool) -> list[object]:
        return [*super()._displayed_contents(only_visible=only_visible), self.props.get('innerHTML')]
