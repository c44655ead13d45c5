"""Which column of a table of questions is which, by its heading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from services.core.text import clean

TEMPLATE = (
    'Title', 'Type', 'Question', 'Option 1', 'Option 2', 'Option 3', 'Option 4',
    'Right', 'Tolerance', 'Points', 'Tags', 'Feedback', 'Category',
)  # fmt: skip
_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        'title': 'title|name|titel|titre|título|nombre',
        'kind': 'type|kind|question type|typ|art|fragetyp|type de question|tipo',
        'text': 'question|question text|text|stem|frage|fragetext|énoncé|pregunta|enunciado',
        'right': 'right|right answer|correct|correct answer|correct answers|key|answer|richtig|richtige antwort|lösung'
        '|bonne réponse|réponse|correcta|respuesta correcta|respuesta',
        'tolerance': 'tolerance|toleranz|tolérance|tolerancia',
        'points': 'points|point|marks|score|punkte|punto|puntos',
        'tags': 'tags|tag|skills|schlagwörter|étiquettes|etiquetas',
        'feedback': 'feedback|general feedback|explanation|answer explanation|erklärung|rückmeldung'
        '|explication|explicación',
        'category': 'category|bank|kategorie|catégorie|categoría',
        'time': 'time limit|time in seconds',
    }
)
_FACTS: Mapping[str, str] = MappingProxyType(
    {word: fact for fact, words in _KNOWN.items() for word in words.split('|')}
)
_OF_THE_KEY = frozenset({'kind', 'text', 'right', 'tolerance', 'points'})
OPTION = re.compile(r'(?:option|choice|answer|antwort|réponse|opción|respuesta) ?([1-9]\d?|[a-z])|([a-h])')
_OF_KAHOOT = re.compile(r' [-–] (?:max|choose|\d).*|\((?:s|sec)\)')
"""what Kahoot says behind its headings"""
_FEEDBACK = re.compile(r'feedback ?([1-9]\d?|[a-z])')
MOST_HEADINGS_DOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where in a row each fact stands; options and what is said about them by their place among each other."""

    facts: Mapping[str, int]
    options: tuple[int, ...]
    """in the order of their letters or numbers, wherever they stand"""
    option_feedback: Mapping[int, int]
    """the column of an option → the column with what is said about it"""
    unknown: tuple[str, ...] = ()
    """headings that mean nothing here"""
    twice: tuple[str, ...] = ()
    """headings that ask or answer the same as one before them, so that nobody knows which of both holds"""
    is_game: bool = False
    """whether each question has a time, as in tables of Kahoot and Quizizz: a number is the place of an option there"""
    has_gap: bool = False
    """whether an option is missing among the others, so that a letter could mean another one"""


def columns_of(cells: Sequence[str]) -> Columns:
    """Return what the cells of a row mean as headings."""
    facts: dict[str, int] = {}
    options: dict[int, int] = {}
    feedback: dict[int, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, cell in enumerate(cells):
        word = ' '.join(_OF_KAHOOT.sub('', clean(cell[:80]).casefold()).replace('_', ' ').split())
        option = OPTION.fullmatch(word)
        if fact := _FACTS.get(word):
            again = facts.setdefault(fact, place) != place
            twice += [cell.strip()] if again and fact in _OF_THE_KEY else []
            unknown += [cell.strip()] if again or fact == 'time' else []
        elif option:
            twice += [cell.strip()] if options.setdefault(ordinal(option), place) != place else []
        elif said := _FEEDBACK.fullmatch(word):
            feedback.setdefault(_number(said[1]), place)
        elif word:
            unknown.append(cell.strip())
    return Columns(
        facts=facts,
        options=tuple(options[number] for number in sorted(options)),
        is_game='time' in facts,
        has_gap=sorted(options) != list(range(1, len(options) + 1)),
        option_feedback={place: feedback[number] for number, place in options.items() if number in feedback},
        unknown=tuple(unknown),
        twice=tuple(twice),
    )


def is_heading(cells: Sequence[str]) -> bool:
    """Return whether a row is the headings of a table of questions."""
    columns = columns_of(cells)
    return 'text' in columns.facts and ('right' in columns.facts or 'kind' in columns.facts)


def ordinal(option: re.Match[str]) -> int:
    """Return which option a heading of one is, from 1."""
    return _number(option[1] or option[2])


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else ord(word) - ord('a') + 1
