"""Asks what the columns of a class list mean, beside the first thing that stands in each."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol

from nicegui import ui

from services.people.list_columns import Column
from services.people.list_reading import Fact
from ui.kit.handlers import gesture
from ui.kit.language import _

MOST_ASKED = 40
"""columns; the marks of a gradebook behind them are never needed"""


class Chosen(Protocol):
    """What is done with the answer."""

    def __call__(self, columns: Mapping[str, Fact], *, has_headings: bool) -> Awaitable[None]:
        """Read the list anew with these meanings."""


def meanings() -> dict[Fact, str]:
    """Return what a column can mean, in the reader's language."""
    return {
        Fact.IGNORED: _('not used'),
        Fact.NAME: _('name'),
        Fact.FIRST: _('first name'),
        Fact.LAST: _('last name'),
        Fact.EMAIL: _('e-mail address'),
        Fact.NUMBER: _('number of the person'),
        Fact.GROUP: _('group'),
        Fact.ROLE: _('role'),
        Fact.LEFT: _('whether they have left'),
    }


def choose_columns(columns: Sequence[Column], has_headings: bool, then: Chosen) -> None:
    """Draw one choice for each column, and a button that reads the list anew."""
    chosen: dict[str, ui.select] = {}
    for number, column in enumerate(columns[:MOST_ASKED], start=1):
        name = column.heading if has_headings else _('Column {number}', number=number)
        label = f'{name}: {column.sample}' if column.sample else name
        select = ui.select(meanings(), value=column.fact, label=label).props('outlined dense').classes('button-wide')
        chosen[column.heading] = select
    first = ui.checkbox(_('The first line is a person, not headings'), value=not has_headings)

    async def use() -> None:
        now = {title: Fact(select.value) for title, select in chosen.items()}
        was = {column.heading: column.fact for column in columns}
        changed = {title: fact for title, fact in now.items() if fact is not was[title]}
        await then({} if first.value is has_headings else changed, has_headings=not first.value)

    button = ui.button(_('Read the list like this'), on_click=gesture(use)).props('flat no-caps')
    button.classes('button-quiet')
