"""The pages; `register` declares them all. Their order does not matter, but the catch-all page comes last."""

from ui.pages import home, join, live, own_class, projector, sign_in, teaching


def register() -> None:
    """Declare every page."""
    home.create()
    sign_in.create()
    join.create()
    own_class.create()
    live.create()
    projector.create()
    teaching.create()
