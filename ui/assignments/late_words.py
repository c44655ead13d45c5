"""How late work was, in words."""

from datetime import timedelta

from ui.kit import time_format
from ui.kit.language import _


def late_words(late: timedelta) -> str:
    """Return by how much work was late, in whole minutes that have begun; nothing where it was not."""
    if not late:
        return ''
    minutes = -(-int(late.total_seconds()) // 60)
    return _('{time} late', time=time_format.span(minutes * 60))
