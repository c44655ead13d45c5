"""What a device is called on screens; it is stored as its browser said it when the person signed in, in English."""

from ui.kit.language import _

UNKNOWN, BETWEEN = 'A browser', ' on '


def stored_name(browser: str, system: str) -> str:
    """Return how a device is stored, by what its browser says; either may be unknown."""
    return f'{browser or UNKNOWN}{BETWEEN}{system}' if system else browser or UNKNOWN


def device_in_words(stored: str) -> str:
    """Return the name of a device in the reader's language; a name that a program has given itself stays as it is."""
    browser, between, system = stored.rpartition(BETWEEN)
    if not between:
        return _browser(stored)
    return _('{browser} on {system}', browser=_browser(browser), system=system)


def _browser(name: str) -> str:
    return _('A browser') if name == UNKNOWN else name
