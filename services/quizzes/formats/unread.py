"""What a question in XML has that nobody reads: found by a list of what is read, so that nothing is dropped in silence.

A reader names the elements and attributes that it looks at, and the values of others that say nothing here, such as the
usual height of a field. All else that a file has is listed by the name that the file gives it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

ANY = frozenset({'*'})
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a reader knows of a format."""

    elements: Mapping[str, frozenset[str]]
    """the elements that it reads → their attributes that it reads, or that only programs need"""
    usual: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """elements, and attributes as `element@attribute`, → values that say nothing here"""
    closed: frozenset[str] = _NOTHING
    """elements of which the reader says itself what is lost in them"""
    by_presence: frozenset[str] = _NOTHING
    """elements that say something by being there"""


def names(element: Element, known: Known) -> Iterator[str]:
    """Yield the names of what is not read in an element that is."""
    read = known.elements[element.tag]
    for name, value in element.attrib.items():
        if name.startswith('data') or '-' in name:
            continue  # what programs keep for themselves, and in QTI 3 what stands here under its other name, too
        if name not in read and not _is_usual(f'{element.tag}@{name}', value, known):
            yield name
    for each in element:
        if each.tag in known.closed:
            continue
        if each.tag in known.elements:
            yield from names(each, known)
        elif _says_something(each, known):
            yield str(each.tag)


def _is_usual(name: str, value: str, known: Known) -> bool:
    usual = known.usual.get(name, _NOTHING)
    return not value.strip() or usual is ANY or value.strip() in usual


def _says_something(element: Element, known: Known) -> bool:
    if element.tag in known.by_presence:
        return True
    said = ''.join(element.itertext()).strip()
    if not said:
        return any(value.strip() for each in element.iter() for name, value in each.attrib.items() if name != 'format')
    return not _is_usual(element.tag, said, known)


def read(**elements: str) -> dict[str, frozenset[str]]:
    """Return elements with their attributes, which are written with blanks between them."""
    return {name: frozenset(attributes.split()) for name, attributes in elements.items()}
