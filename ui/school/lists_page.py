"""`/school/lists`: the people and classes of the whole school, as its own system exports them (OneRoster)."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from urllib.parse import urlencode

from fastapi.responses import Response
from nicegui import ui

from services import access
from services.access import Actor
from services.core import database
from services.core.errors import DomainError
from services.people.oneroster import bringing_in, reading, results, tying
from services.people.oneroster import plan as planning
from services.people.oneroster.files import LARGEST
from services.people.oneroster.results import Source
from services.people.oneroster.school import Roster
from services.people.oneroster.steps import Kind, Plan, Step
from services.people.oneroster.tables import Problem
from services.people.oneroster.tying import FreeCourse
from ui.kit.file_picker import FilePicker
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint, title
from ui.school.class_ties import ClassTies
from ui.school.list_words import WORDS, about_step
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

MOST_SHOWN = 100
"""of one kind; the number says how many there are"""
MANY = 500
"""steps, from which on bringing them in takes seconds"""


def create() -> None:
    """Declare the page."""

    @page('/school/lists', title='Lists of your school')
    async def lists(visit: Visit) -> Response | None:
        actor = await database.read(access.admin, visit.actor)
        sources = await database.read(results.of_school, actor)
        with frame(visit):
            way_back(_('Your school'), '/school')
            title(_('Lists of your school'))
            Text('p', _('Bring in people and classes as the system of your school exports them (OneRoster).')).classes(
                'body'
            )
            hint(_('You see first what would happen; nothing happens before you confirm it. Nobody is ever deleted.'))
            ListUpload(actor)
            _draw_results(sources)
        return None


def _draw_results(sources: Sequence[Source]) -> None:
    """Offer the grades of what was brought in, for each system where it came from."""
    if not sources:
        return
    heading(_('Results for the other system'))
    hint(_('Grades of all its classes as OneRoster 1.2 (CSV). Those that learners may not see yet have no score.'))
    with ui.element('ul').classes('list'):
        for source in sources:
            address = f'/school/lists/results.zip?{urlencode({"source": source.name})}'
            with ui.element('li'):
                with ui.element('div').classes('grow'):
                    _draw_name(source.name)
                    hint(ngettext('{count} class', '{count} classes', source.classes))
                ui.link(_('Results (ZIP)'), address).classes('button-quiet')


def _draw_name(source: str) -> None:
    if source:
        Text('span', source).classes('name').props('translate=no')
    else:
        Text('span', _('A system without a name')).classes('name')


class ListUpload:
    """An export, what it would change, and the button that changes it."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        FilePicker(
            choose=_('Choose the export'),
            kinds=_('OneRoster 1.1 or 1.2: the ZIP file, or all CSV files of its folder'),
            accept='.zip,.csv',
            most=LARGEST,
            take_all=self._try,
        )
        self._found = ui.element('div').classes('stack').props('role=status')

    async def _try(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Read the export beside the event loop, and show what would happen; nothing does."""
        try:
            await self._show(await reading.read(files), {})
        except DomainError as refusal:
            self._complain(say(refusal).splitlines())

    async def _show(self, roster: Roster, ties: Mapping[str, int]) -> None:
        """Show what an export would change, with some of its classes tied to courses that are here."""
        plan = await database.read(partial(planning.plan, ties=ties), self._actor, roster)
        courses = await database.read(tying.free, self._actor)
        self._found.clear()
        with self._found:
            self._draw(roster, plan, ties, courses)

    def _complain(self, sentences: Sequence[str]) -> None:
        self._found.clear()
        with self._found, ui.element('div').classes('notice-problem'), ui.element('div').classes('stack-tight'):
            Text('p', _('Nothing has happened. Correct this and choose the export again:')).props('role=alert')
            with ui.element('ul').classes('sentences'):
                for sentence in sentences:
                    Text('li', sentence)

    def _draw(self, roster: Roster, plan: Plan, ties: Mapping[str, int], courses: Sequence[FreeCourse]) -> None:
        counted = ngettext('{count} person learns or teaches in it', '{count} people learn or teach in it', plan.people)
        classes = ngettext('{count} class', '{count} classes', len(roster.classes))
        hint(f'OneRoster {roster.version} · {counted} · {classes}')
        _draw_problems(plan.problems)
        if not plan.steps:
            Text('p', _('Nothing would change: everything in it is here already.')).classes('notice')
            return
        if plan.empties:
            with ui.element('p').classes('notice-problem').props('role=alert'):
                Text('span', _('A large part of the school would leave. Look whether the export is whole.'))
        sure = _draw_ending(plan)
        _draw_steps(plan)
        ClassTies(plan, ties, courses, partial(self._show, roster))
        with ui.element('div').classes('line'):
            button = ui.button(_('Bring it in')).props('flat no-caps').classes('button-primary')
            ui.button(_('Leave it'), on_click=self._found.clear).props('flat no-caps').classes('button-quiet')
        if len(plan.steps) > MANY:
            hint(_('This takes some seconds. If it is interrupted, choose the export again: the rest is brought in.'))

        async def bring_in() -> None:
            button.disable()
            try:
                is_sure = bool(sure and sure.value)
                await bringing_in.bring_in(self._actor, roster, mark=plan.mark, is_sure=is_sure, ties=ties)
            finally:
                button.enable()
            self._found.clear()
            with self._found:
                _draw_done(plan)

        button.on_click(gesture(bring_in))
        if sure:
            button.bind_enabled_from(sure, 'value')


def _draw_ending(plan: Plan) -> ui.checkbox | None:
    """Warn before places end; where they are very many, the admin ticks that this is meant."""
    if not plan.ending:
        return None
    with ui.element('div').classes('notice-problem').props('role=alert'), ui.element('div').classes('stack-tight'):
        said = ngettext(
            '{count} of {all} places in courses would end. Look whether the file of enrollments is whole.',
            '{count} of {all} places in courses would end. Look whether the file of enrollments is whole.',
            plan.ending,
            all=plan.places,
        )
        Text('p', said)
        if not plan.is_doubtful:
            return None
        Text('p', _('That is more than a third.'))
        return ui.checkbox(_('These places are meant to end'), value=False)


def _draw_steps(plan: Plan) -> None:
    heading(_('This would happen'))
    for kind, words in WORDS.items():
        steps = plan.of(kind)
        if not steps:
            continue
        with ui.element('details').classes('quiet-details'):
            Text('summary', words(len(steps)))
            ui.html(''.join(map(_line, steps[:MOST_SHOWN])), sanitize=False, tag='ul').classes('list')
            if len(steps) > MOST_SHOWN:
                hint(ngettext('and {count} more', 'and {count} more', len(steps) - MOST_SHOWN))


def _line(step: Step) -> str:
    """Return one step as HTML: a thousand of them are one element."""
    about = f'<span class="hint" dir="auto">{escape(about_step(step))}</span>' if step.about else ''
    return f'<li><span class="name" dir="auto" translate="no">{escape(step.name)}</span>{about}</li>'


def _draw_problems(problems: Sequence[Problem]) -> None:
    left_out = [each for each in problems if each.leaves_out]
    others = [each for each in problems if not each.leaves_out]
    said = ngettext(
        '{count} line cannot be used and is left out:', '{count} lines cannot be used and are left out:', len(left_out)
    )
    _draw_sentences(said, left_out, 'notice-problem')
    _draw_sentences(_('Look at this; the rest of these lines is used:'), others, 'notice')


def _draw_sentences(said: str, problems: Sequence[Problem], look: str) -> None:
    if not problems:
        return
    with ui.element('div').classes(look), ui.element('div').classes('stack-tight'):
        Text('p', said)
        with ui.element('ul').classes('sentences'):
            for each in problems[:MOST_SHOWN]:
                Text('li', say(each.phrase))
        if len(problems) > MOST_SHOWN:
            hint(ngettext('and {count} more', 'and {count} more', len(problems) - MOST_SHOWN))


def _draw_done(plan: Plan) -> None:
    with ui.element('div').classes('notice-done'), ui.element('div').classes('stack-tight'):
        Text('p', _('The lists are brought in.'))
        with ui.element('ul').classes('sentences'):
            for kind, words in WORDS.items():
                if steps := plan.of(kind):
                    Text('li', words(len(steps)))
    if plan.of(Kind.NEW_LEARNER):
        hint(_('New learners come in with codes. Print them in each course, under “People”.'))
    if plan.of(Kind.NEW_TEACHER):
        hint(_('New teachers choose a password with “Forgotten password”, or with a link that you make for them.'))
