"""How a course is graded, as far as it is a part of the course: categories with weights, and letters. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.core.errors import Invalid
from services.core.text import check_is_text, line

MOST_CATEGORIES = 20
MOST_WEIGHT = 1_000
MOST_DROPPED = 100
MOST_LETTERS = 20
LONGEST_NAME = 60
LONGEST_LETTER = 12

Letters = tuple[tuple[int, str], ...]
"""(from percent, letter), the highest first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of graded things; an id of 0 is for all things of a course that has no categories."""

    category_id: int
    name: str
    weight: int
    drop_lowest: int = 0


def check_categories(categories: Sequence[Category]) -> None:
    """Raise `Invalid` for categories of which no total can be made."""
    if len(categories) > MOST_CATEGORIES:
        raise Invalid('Use at most {most} categories.', most=MOST_CATEGORIES, field='name')
    if len({category.name.casefold() for category in categories}) < len(categories):
        raise Invalid('Two categories have the same name. Give each a name of its own.', field='name')
    for category in categories:
        _within(category.weight, MOST_WEIGHT, 'weight')
        _within(category.drop_lowest, MOST_DROPPED, 'drop_lowest')
    if categories and not any(category.weight for category in categories):
        raise Invalid('All weights together are 0. Give at least one category a weight above 0.', field='weight')


def checked_name(name: str) -> str:
    """Return the name of a category, or raise `Invalid`."""
    check_is_text(name)
    name = line(name)
    if not name:
        raise Invalid('Give the category a name.', field='name')
    if len(name) > LONGEST_NAME:
        raise Invalid('This name is too long; use at most {most} characters.', most=LONGEST_NAME, field='name')
    return name


def checked_letters(letters: Sequence[tuple[int, str]]) -> Letters:
    """Return letters, the highest first, or raise `Invalid`."""
    if len(letters) > MOST_LETTERS or len({percent for percent, _ in letters}) < len(letters):
        raise Invalid(
            'Use at most {most} letters, each with a beginning of its own.', most=MOST_LETTERS, field='letters'
        )
    checked = []
    for percent, letter in sorted(letters, key=lambda each: -each[0]):
        letter = line(letter)
        _within(percent, 100, 'letters')
        if not letter or len(letter) > LONGEST_LETTER:
            raise Invalid('A letter has 1 to {most} characters.', most=LONGEST_LETTER, field='letters')
        checked.append((percent, letter))
    return tuple(checked)


def _within(number: int, most: int, field: str) -> None:
    if not 0 <= number <= most:
        raise Invalid('Type a number from {least} to {most}.', least=0, most=most, field=field)
