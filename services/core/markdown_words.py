"""The words of a text that is written as Markdown, for where there is room for one line and no layout."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.core.text import line

MOST_READ = 600
"""Letters of a text that are read: enough for any line, and little enough to be read at once."""

_READER = MarkdownIt('commonmark').enable('strikethrough')


@lru_cache(maxsize=5_000)
def words_of(text: str) -> str:
    """Return the beginning of a text as one line of plain words; of a picture its description."""
    beginning = text[:MOST_READ]
    said = ' '.join(_inline(token) if token.type == 'inline' else token.content for token in _READER.parse(beginning))
    return line(said) or line(beginning)


def _inline(token: Token) -> str:
    return ''.join(_piece(child) for child in token.children or ())


def _piece(token: Token) -> str:
    if token.type in {'softbreak', 'hardbreak'}:
        return ' '
    return '' if token.type == 'html_inline' else token.content
