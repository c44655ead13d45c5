"""How totals are made, as those who teach a course set it: categories with weights, what is in them, letters."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import DomainError, Invalid
from services.courses.grade_rules import MOST_WEIGHT, Category
from services.grades import grading
from services.grades.book import Gradebook, Thing
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, hint

NEITHER = 0
"""in the choice of categories: none of them"""
OUT = -1
"""in the choice of categories: the thing does not count"""


class HowGradedDialog:
    """A dialog; each change is saved at once."""

    def __init__(self, actor: Actor, course_id: int, book: Gradebook, read: Callable[[], Awaitable[Gradebook]]) -> None:
        self._actor = actor
        self._course_id = course_id
        self._read = read
        with ui.dialog(value=True) as dialog, ui.card().classes('dialog-wide grade-how'):
            Text('h2', _('Weights and letters')).classes('heading')
            self._problem = Text('p').classes('field-problem').props('role=alert')
            self._problem.set_visibility(False)
            self._body = ui.element('div').classes('stack')
            with ui.element('div').classes('line'):
                ui.button(_('Close'), on_click=dialog.close).props('flat no-caps').classes('button-quiet')
        dialog.props['aria-label'] = _('Weights and letters')
        dialog.on('hide', dialog.delete)
        self._draw(book)

    def _draw(self, book: Gradebook) -> None:
        self._body.clear()
        with self._body:
            self._draw_categories(book)
            if book.how.categories:
                Text('h3', _('What is in which')).classes('heading')
                for thing in book.things:
                    self._draw_thing(thing, book.how.categories)
            self._draw_rules(book)

    def _draw_categories(self, book: Gradebook) -> None:
        Text('h3', _('Categories')).classes('heading')
        if not book.how.categories:
            hint(_('Without categories, all grades count the same.'))
        for category in book.how.categories:
            self._draw_category(category)
        self._draw_category(None)

    def _draw_category(self, category: Category | None) -> None:
        with ui.element('div').classes('line grade-category'):
            name = ui.input(_('Category'), value=category.name if category else '')
            name.props('outlined dense dir=auto maxlength=60').classes('grow')
            if category is None:
                name.mark('new-category')
            weight = _number(_('Weight'), category.weight if category else grading.USUAL_WEIGHT, MOST_WEIGHT)
            drop = _number(_('Drop lowest'), category.drop_lowest if category else 0, 100)

            async def keep() -> None:
                await self._do(
                    partial(
                        database.write,
                        grading.set_category,
                        self._actor,
                        self._course_id,
                        name=name.value or '',
                        weight=_whole(weight.value),
                        drop_lowest=_whole(drop.value),
                        category_id=category.category_id if category else None,
                    )
                )

            words = _('Save') if category else _('Add')
            ui.button(words, on_click=gesture(keep)).props('flat no-caps').classes('button-quiet')
            if category:
                self._draw_delete(category)

    def _draw_delete(self, category: Category) -> None:
        async def delete() -> None:
            id_ = category.category_id
            await self._do(
                partial(database.write, grading.delete_category, self._actor, self._course_id, category_id=id_)
            )

        button = ui.button(_('Delete'), on_click=gesture(delete)).props('flat no-caps').classes('button-quiet')
        button.props['aria-label'] = _('Delete {category}', category=category.name)

    def _draw_thing(self, thing: Thing, categories: tuple[Category, ...]) -> None:
        options = {each.category_id: each.name for each in categories}
        options |= {NEITHER: _('In none'), OUT: _('Does not count')}
        now = OUT if not thing.counts else thing.category_id or NEITHER

        async def choose() -> None:
            chosen = select.value
            await self._do(
                partial(
                    database.write,
                    grading.place,
                    self._actor,
                    thing.checkpoint_id,
                    category_id=chosen if chosen > NEITHER else None,
                    counts=chosen != OUT,
                )
            )

        with ui.element('div').classes('spread'):
            Text('span', thing.title).props('translate=no')
            select = ui.select(options, value=now, on_change=gesture(choose)).props('outlined dense options-dense')
            select.props['aria-label'] = _('Category of {thing}', thing=thing.title)

    def _draw_rules(self, book: Gradebook) -> None:
        async def count() -> None:
            counts = bool(missing.value)
            await self._do(partial(database.write, grading.count_missing, self._actor, self._course_id, counts=counts))

        async def keep() -> None:
            await self._do(self._set_letters(letters.value or ''))

        missing = ui.switch(
            _('What is missing after its due date counts 0'),
            value=book.how.missing_counts,
            on_change=gesture(count),
        )
        Text('h3', _('Letters')).classes('heading')
        hint(_('From which percent on, highest first: 90 A, 75 B, 60 C. Leave it empty for no letters.'))
        written = ', '.join(f'{percent} {letter}' for percent, letter in book.how.letters)
        with ui.element('div').classes('line'):
            letters = ui.input(_('Letters'), value=written).props('outlined dense dir=auto').classes('grow')
            ui.button(_('Save'), on_click=gesture(keep)).props('flat no-caps').classes('button-quiet')

    def _set_letters(self, typed: str) -> Callable[[], Awaitable[object]]:
        async def write() -> None:
            letters = _letters(typed)
            await database.write(grading.set_letters, self._actor, self._course_id, letters=letters)

        return write

    async def _do(self, change: Callable[[], Awaitable[object]]) -> None:
        try:
            await change()
        except DomainError as refusal:
            self._problem.set_text(say(refusal))
            self._problem.set_visibility(True)
            return
        self._problem.set_visibility(False)
        self._draw(await self._read())


def _number(label: str, value: int, most: int) -> ui.number:
    number = ui.number(label, value=value, min=0, max=most, precision=0)
    number.props('outlined dense').classes('grade-number')
    return number


def _whole(value: float | None) -> int:
    if value is None or value != int(value):
        raise Invalid('Type a whole number.')
    return int(value)


def _letters(typed: str) -> list[tuple[int, str]]:
    letters = []
    for part in filter(None, map(str.strip, typed.split(','))):
        percent, _space, letter = part.partition(' ')
        if not percent.isdecimal() or len(percent) > 3:
            raise Invalid('Write each letter after its percent, with commas between them: 90 A, 75 B.')
        letters.append((int(percent), letter))
    return letters
