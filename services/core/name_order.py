"""The order of people in a list: by first name or by surname, as the school chooses.

People have given one name as a whole, so a surname is what stands before a comma, or else the last word.
"""

from services.core import school


def key(name: str) -> tuple[str, str]:
    """Return what sorts a name as the school wants it."""
    return by_surname(name) if school.sorts_by_surname() else (name.casefold(), '')


def by_surname(name: str) -> tuple[str, str]:
    """Return what sorts a name by its surname."""
    folded = name.casefold()
    surname = folded if ',' in folded else folded.rpartition(' ')[2]
    return surname, folded
