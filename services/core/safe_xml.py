"""XML from anywhere: nothing in it is looked up, nothing is multiplied, and it has a bounded size and depth."""

from collections.abc import Mapping
from typing import Any, Protocol
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from services.core.errors import Invalid

DEEPEST = 200
MOST_ELEMENTS = 300_000


class Seeing(Protocol):
    """Sees the elements of a file go by; none of them is kept, so that a long sheet takes no memory."""

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See an element begin; its name has no namespace."""

    def end(self, tag: str) -> None:
        """See an element end."""

    def text(self, text: str) -> None:
        """See a piece of text."""


def parsed(content: bytes) -> Element:
    """Return the outermost element, all names without their namespaces; raises `Invalid`."""
    root = _fed(content, _Bounded())
    assert isinstance(root, Element)
    return root


def see(content: bytes, seeing: Seeing, *, most: int) -> None:
    """Let somebody see the elements of a file, and not more than `most`; raises `Invalid`."""
    _fed(content, _Passing(seeing, most))


def _fed(content: bytes, target: object) -> object:
    parser = DefusedXMLParser(target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        return parser.close()
    except DefusedXmlException as error:
        raise Invalid(
            'This file refers to other files or defines words of its own (DOCTYPE). Export it without them.'
        ) from error
    except ParseError as error:
        raise Invalid('Line {line}: the XML is broken here. Export the file again.', line=error.position[0]) from error
    except (LookupError, ValueError) as error:
        raise Invalid('The encoding that the XML names is not known. Export the file as UTF-8.') from error


def child(element: Element, *path: str) -> Element | None:
    """Return the first element at a path, if there is one."""
    found: Element | None = element
    for tag in path:
        found = next((each for each in found if each.tag == tag), None) if found is not None else None
    return found


def text_at(element: Element, *path: str) -> str:
    """Return the text of the element at a path; empty where there is none."""
    found = child(element, *path)
    return (found.text or '').strip() if found is not None else ''


def inner_html(element: Element) -> str:
    """Return what is inside of an element, as HTML."""
    first = Element('x')
    first.text = element.text
    written = tostring(first, encoding='unicode', short_empty_elements=False)[3:-4]
    return written + ''.join(tostring(each, encoding='unicode', method='html') for each in element)


class _Passing:
    """Counts elements, and hands them on."""

    def __init__(self, seeing: Seeing, most: int) -> None:
        self._seeing = seeing
        self._most = most
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: Mapping[str, str], /) -> None:
        """Begin an element."""
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > self._most:
            raise _too_large()
        self._seeing.begin(_local(tag), {_local(name): value for name, value in attrs.items()})

    def end(self, tag: str, /) -> None:
        """End an element."""
        self._depth -= 1
        self._seeing.end(_local(tag))

    def data(self, data: str, /) -> None:
        """Hand on a piece of text."""
        self._seeing.text(data)

    def close(self) -> None:
        """End the file."""


class _Bounded(TreeBuilder):
    """Builds a tree as long as it is not deeper or larger than such a file is."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:  # the types of the library
        """Begin an element."""
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise _too_large()
        plain = {_local(name): value for name, value in attrs.items()}
        return super().start(_local(tag), plain)

    def end(self, tag: Any, /) -> Element:  # the types of the library
        """End an element."""
        self._depth -= 1
        return super().end(_local(tag))


def _too_large() -> Invalid:
    return Invalid('This XML is deeper or larger than it may be. Export it in parts.')


def _local(name: str) -> str:
    return name.rpartition('}')[2]
