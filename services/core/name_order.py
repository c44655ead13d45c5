"""The order of people in a list: by first name or by surname, as the school chooses.

People have given one name as a whole, so a surname is what stands before a comma, or else the last word.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.core import school

T = TypeVar('T')


def key(name: str) -> tuple[str, str]:
    """Return what sorts a name as the school wants it."""
    return by_surname(name) if school.sorts_by_surname() else (name.casefold(), '')


def in_order(people: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """Return people who come by their whole name in the order that the school wants."""
    return sorted(people, key=lambda each: by_surname(name(each))) if school.sorts_by_surname() else list(people)


def by_surname(name: str) -> tuple[str, str]:
    """Return what sorts a name by its surname."""
    folded = name.casefold()
    surname = folded if ',' in folded else folded.rpartition(' ')[2]
    return surname, folded
