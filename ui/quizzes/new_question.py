"""The kinds of questions that a teacher can write, as a menu."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from services.quizzes.question import QuestionKind
from ui.kit.menu import Choice
from ui.quizzes.question_words import KINDS


def kinds_to_write(address: str, **more: int) -> Sequence[Choice]:
    """Return a choice for each kind; each leads to an empty form at this address."""
    query = ''.join(f'&{name}={value}' for name, value in more.items())
    return [(KINDS[kind], partial(ui.navigate.to, f'{address}?kind={kind}{query}')) for kind in QuestionKind]
