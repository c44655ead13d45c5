"""Reads the text of a course file as nodes that know their lines; stops at what no course file has.

The trees of the parser hold two marks and a tag for each node. In a large file those are a million small objects, and
Python takes longer to look through them for garbage than the parser does to read.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml  # type: ignore[import-untyped]

from services.core.phrases import Phrase, phrase
from services.courses.file_nodes import Listing, Node, Parts, Word, cut

MOST_PARTS = 250_000
"""Titles, texts, lists: more than the largest course and its bank have, and few enough to be read in a second."""
DEEPEST = 20
"""lists and parts inside each other; a course needs seven"""
LOADER = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
"""The parser in C is a hundred times as fast; wheels of PyYAML have it."""
_NULL = frozenset({'', '~', 'null', 'Null', 'NULL'})
"""what means nothing where it stands without quotes"""


class NotRead(Exception):
    """A text that is no course file, with the line where that shows."""

    def __init__(self, line: int, sentence: Phrase) -> None:
        super().__init__(str(sentence))
        self.line = line
        self.sentence = sentence


def compose(text: str) -> Node:
    """Return what a text describes; raises `NotRead`.

    Halves of characters are joined once: what stands around them may look like another half then, and so on,
    and each round would hold a text of megabytes.
    """
    try:
        return _root(text)
    except yaml.YAMLError as error:
        if not (isinstance(error, yaml.scanner.ScannerError) and _HALF.search(text)):
            raise _broken(text, error) from error
    text = _HALF.sub(_whole, text)
    try:
        return _root(text)
    except yaml.YAMLError as error:
        raise _broken(text, error) from error


def _root(text: str) -> Node:
    """Return the first node; only one stands on the uppermost level.

    Depth and number are checked as the parser goes on: the time that it takes grows faster than the depth.
    """
    if directive := _DIRECTIVE.search(text):
        line = text[: directive.start()].count('\n') + 1
        raise NotRead(line, phrase('directives (%) are not used here.'))
    top: list[Node] = []
    around, inside = [], top
    for event in _events(text):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            inside.append(Word(_text(event), line))
        elif isinstance(event, yaml.CollectionStartEvent):
            around.append(inside)
            if len(around) > DEEPEST:
                raise NotRead(line, phrase('there are too many brackets or lists inside each other.'))
            node = (Parts if isinstance(event, yaml.MappingStartEvent) else Listing)([], line)
            inside.append(node)
            inside = node.nodes
        elif isinstance(event, yaml.CollectionEndEvent):
            inside = around.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise NotRead(line, phrase('references (*{name}) are not used here.', name=cut(event.anchor)))
        elif isinstance(event, yaml.DocumentStartEvent) and top:
            raise NotRead(line, phrase('a second document begins here; a course file has one.'))
    if not top:
        raise NotRead(1, phrase('the file is empty.'))
    return top[0]


def _events(text: str) -> Iterator[Any]:
    for number, event in enumerate(yaml.parse(text, LOADER)):
        if number > MOST_PARTS:
            line = event.start_mark.line + 1
            raise NotRead(line, phrase('there is more here than the largest course has.'))
        yield event


def _text(event: Any) -> str:
    is_null = event.implicit[0] and event.value in _NULL
    return '' if is_null else event.value


def _broken(text: str, error: yaml.YAMLError) -> NotRead:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.encode()[: error.position].count(b'\n') + 1
        return NotRead(line, phrase('there is a character that no text has.'))
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    return NotRead(line, phrase('this cannot be read ({reason}).', reason=str(error.problem)[:200]))


def _whole(found: re.Match[str]) -> str:
    """Return the characters of halves that JSON writes one after the other; a single half is none."""
    return bytes.fromhex(found[0].replace('\\u', '')).decode('utf-16-be', 'ignore')


_HALF = re.compile(r'(?:\\u[dD][89a-fA-F][0-9a-fA-F]{2})+')
"""Escapes of half a character, which the parser does not read."""
_DIRECTIVE = re.compile('^%', re.MULTILINE)
