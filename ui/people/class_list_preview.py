"""What would become of each line of a class list, before anything happens; what has to be decided is asked here."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from html import escape

from nicegui import ui

from services.people.list_reading import NEW_PERSON, Choices, Fate, Person, Reading
from services.people.list_workbooks import Chosen
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint

MOST_ASKED = 30
"""questions at a time; the next ones come when these are answered"""
MOST_SHOWN = 10
"""bad lines"""
MOST_LEFT_OUT = 30
"""lines at a time that bring nobody in"""


class Preview:
    """The plan of a list, its questions, and the button that carries it out."""

    def __init__(
        self,
        found: Reading,
        people: Sequence[Person],
        choices: Choices,
        choose: Callable[[Choices], Awaitable[None]],
        bring_in: Callable[[], Awaitable[None]],
        leave: Callable[[], object],
    ) -> None:
        self._choices = choices
        self._choose = choose
        self._not_shown = [*found.left_out, *(person for person in people if person.fate is Fate.LEFT)]
        fates = Counter(person.fate for person in people)
        parts = ', '.join(f'{fates[fate]} {fate_in_words(fate)}' for fate in Fate if fates[fate])
        said = ngettext(
            'Nothing has happened yet. Of {count} person: {parts}.',
            'Nothing has happened yet. Of {count} people: {parts}.',
            len(people),
            parts=parts,
        )
        Text('p', say(found.nobody) if found.nobody else said).classes('notice')
        self._sheet(found.chosen)
        self._problems(found)
        self._left_out()
        self._repaired(people)
        asked = [person for person in people if person.fate is Fate.ASKED]
        self._questions(asked)
        titles = [_('Line'), _('Name'), _('Group'), _('What would happen')]
        draw_table(titles, [(str(each.line), each.name, _group(each), fate_in_words(each.fate)) for each in people])
        is_ready = not asked and not found.nobody and (choices.skip_bad_lines or not found.problems)
        with ui.element('div').classes('line'):
            if is_ready:
                bring = ui.button(_('Bring them in'), on_click=gesture(bring_in)).props('flat no-caps')
                bring.classes('button-primary')
            cancel = ui.button(_('Cancel'), on_click=leave).props('flat no-caps')
            cancel.classes('button-quiet button-bare')

    def _sheet(self, chosen: Chosen | None) -> None:
        """Say which sheet of a workbook was read, where there are several."""
        if chosen and chosen.others:
            others = ', '.join(chosen.others[:MOST_SHOWN])
            hint(_('Read: the sheet “{sheet}”. Not read: {others}.', sheet=chosen.sheet, others=others))

    def _problems(self, found: Reading) -> None:
        """Show the bad lines, and let the teacher go on without them."""
        if not found.problems:
            return
        with ui.element('div').classes('notice-problem'), ui.element('div').classes('stack-tight'):
            count = len(found.problems)
            Text('p', ngettext('{count} line cannot be read:', '{count} lines cannot be read:', count))
            with ui.element('ul'):
                for problem in found.problems[:MOST_SHOWN]:
                    Text('li', say(problem))
            skip = ui.checkbox(_('Leave these lines out and bring in the others'), value=self._choices.skip_bad_lines)
            skip.on_value_change(gesture(lambda: self._choose(replace(self._choices, skip_bad_lines=bool(skip.value)))))

    def _left_out(self) -> None:
        """Show whatever a list seems to say is nobody or has left: what looks like it may be somebody's name."""
        if not self._not_shown:
            return
        count = len(self._not_shown)
        with ui.element('div').classes('stack-tight'):
            said = ngettext(
                '{count} line brings nobody in. Take it if it is about somebody who learns:',
                '{count} lines bring nobody in. Take those that are about somebody who learns:',
                count,
            )
            hint(said)
            shown = ui.element('div').classes('stack-tight')
            more = ui.button(_('Show more of them')).props('flat no-caps').classes('button-quiet')
            more.on_click(lambda: self._show_more(shown, more))
        self._show_more(shown, more)

    def _show_more(self, shown: ui.element, more: ui.button) -> None:
        some, self._not_shown = self._not_shown[:MOST_LEFT_OUT], self._not_shown[MOST_LEFT_OUT:]
        with shown:
            for person in some:
                self._line_left_out(person)
        more.set_visibility(bool(self._not_shown))

    def _line_left_out(self, person: Person) -> None:
        taken = self._choices.taken_lines | {person.line}
        with ui.element('div').classes('line'):
            Text('span', _('Line {line}: {text}', line=person.line, text=person.name)).props('translate=no')
            take = ui.button(
                _('Take it'), on_click=gesture(lambda: self._choose(replace(self._choices, taken_lines=taken)))
            )
            take.props('flat no-caps').classes('button-quiet')
            take.props['aria-label'] = _('Take line {line}: {text}', line=person.line, text=person.name)

    def _repaired(self, people: Sequence[Person]) -> None:
        """Point out the names that were garbled in the file."""
        repaired = [person for person in people if person.written]
        if not repaired and not self._choices.keep_garbled:
            return
        with ui.element('div').classes('stack-tight'):
            if repaired:
                hint(_('These names were garbled in the file and have been repaired:'))
                draw_table(
                    [_('In the file'), _('Repaired')], [(each.written, each.name) for each in repaired], are_names=True
                )
            keep = ui.checkbox(_('Keep the names as they are in the file'), value=self._choices.keep_garbled)
            keep.on_value_change(gesture(lambda: self._choose(replace(self._choices, keep_garbled=bool(keep.value)))))

    def _questions(self, asked: Sequence[Person]) -> None:
        """Ask who a line is about where it may be somebody who is known."""
        if not asked:
            return
        hint(_('Say who these people are:'))
        answers = {person.line: self._question(person) for person in asked[:MOST_ASKED]}

        async def decide() -> None:
            decided = {line: select.value for line, select in answers.items() if select.value is not None}
            await self._choose(replace(self._choices, decisions={**self._choices.decisions, **decided}))

        done = ui.button(_('That is who they are'), on_click=gesture(decide)).props('flat no-caps')
        done.classes('button-primary')

    def _question(self, person: Person) -> ui.select:
        known = {one.user_id: f'{one.name} ({one.about})' if one.about else one.name for one in person.candidates}
        options = {NEW_PERSON: _('somebody new'), **known}
        values = {'line': person.line, 'name': person.name, 'about': person.email or person.number or '–'}
        label = _('Line {line}: {name}, {about}', **values)
        return ui.select(options, label=label).props('outlined').classes('button-wide')


def fate_in_words(fate: Fate) -> str:
    """Return what becomes of a line, in the reader's language."""
    return {
        Fate.NEW: _('new, with a code of their own'),
        Fate.ENROLLED: _('has an account, is added'),
        Fate.HERE: _('is here already'),
        Fate.OUT: _('was taken out, stays out'),
        Fate.LEFT: _('has left, as the list says; nothing is done'),
        Fate.ASKED: _('may be somebody who is here'),
        Fate.NOBODY: _('brings nobody in'),
    }[fate]


def draw_table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, are_names: bool = False) -> None:
    """Draw a table as one element: a list may have a thousand lines; a browser translates no names and codes."""
    kept = ' translate=no' if are_names else ''
    heads = ''.join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = ''.join(f'<tr>{"".join(f"<td dir=auto{kept}>{escape(cell)}</td>" for cell in row)}</tr>' for row in rows)
    table = f'<table class="roll-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    drawn = ui.html(table, sanitize=False).classes('roll').props('tabindex=0 role=region')
    drawn.props['aria-label'] = _('The class list')


def _group(person: Person) -> str:
    """Return the group that is taken, and of several those that are not."""
    if not person.more_groups:
        return person.group
    return _('{group} (of several; not {others})', group=person.group, others=', '.join(person.more_groups))
