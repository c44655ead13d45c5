"""Longer texts, written as Markdown by people and cleaned here before anybody's browser or program gets them."""

from functools import lru_cache

import nh3
from markdown2 import markdown


@lru_cache(maxsize=1000)
def prose_html(text: str) -> str:
    """Return Markdown as HTML; whatever could do something instead of being read is taken out."""
    return nh3.clean(markdown(text, extras=['break-on-newline', 'cuddled-lists', 'fenced-code-blocks', 'tables']))
