"""What a note and a bookmark are called on screens."""

from services.core.phrases import Phrase
from ui.kit.language import _


def name_of(place: Phrase | str, *, is_bookmark: bool) -> str:
    """Return "Note at page 3" or "Bookmark at 12:30"; without the place where there is none."""
    if not place:
        return _('Bookmark') if is_bookmark else _('Note')
    return _('Bookmark at {place}', place=place) if is_bookmark else _('Note at {place}', place=place)
