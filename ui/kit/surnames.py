"""Surnames: schools sort by them, and people have given one name as a whole."""


def by_surname(name: str) -> tuple[str, str]:
    """Return what sorts a name by its surname: what stands before a comma, or else the last word."""
    folded = name.casefold()
    surname = folded if ',' in folded else folded.rpartition(' ')[2]
    return surname, folded
