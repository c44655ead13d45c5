"""The pages; `register` declares them all. Their order does not matter, but the catch-all page comes last."""

from ui.pages import home, join, own_class, sign_in, teaching


def register() -> None:
    """Declare every page."""
    home.create()
    sign_in.create()
    join.create()
    own_class.create()
    teaching.create()
