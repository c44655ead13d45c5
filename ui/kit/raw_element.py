"""A native element that is drawn as a whole, for pages of which a thousand are open at once."""

from collections.abc import Mapping

from nicegui import ui

from ui.kit.nicegui_patches import set_classes, set_props


class Piece(ui.element):
    """An element without bindings: NiceGUI announces each change of each property, which costs more than the change."""

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

    def _displayed_contents(self, *, only_visible: bool) -> list[object]:
        return [*super()._displayed_contents(only_visible=only_visible), self.props.get('innerHTML')]
