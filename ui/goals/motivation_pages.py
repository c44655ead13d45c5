"""What motivates: `/courses/{course_id}/motivation` for those who teach, and `/school/motivation` for the admin.

Each part can be switched off alone; the admin says on which days nobody needs to learn.
"""

from collections.abc import Awaitable, Callable

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.live import course_head
from services.motivation import awards, calendar, made_badges, parts
from services.motivation.calendar import DaySpan
from services.motivation.parts import Part, Parts
from services.people import participants
from ui.goals.badge_editor import BadgesOfCourse
from ui.goals.for_learners import ForLearners
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, say
from ui.kit.text import Text, heading, hint, title
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/motivation', title='Motivation')
    async def motivation(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        on = await database.read(parts.course, actor, course_id)
        left = await database.read(awards.left, actor, course_id)
        badges = await database.read(made_badges.of_course, actor, course_id)
        found = await database.read(participants.of_course, actor, course_id)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.PEOPLE, title=_('Motivation')):
            way_back(_('People'), f'/courses/{course_id}/people')
            title(_('Motivation'))
            Text('p', _('What learners see of their own. Nobody else sees it, and no projector shows it.')).classes(
                'body'
            )

            async def switch(part: Part, is_on: bool) -> None:
                await database.write(parts.switch_course, actor, course_id, part=part, on=is_on)

            _switches(_('In this course'), on, switch)
            BadgesOfCourse(actor, course_id, badges)
            names = {person.user_id: person.name for person in found.learners if not person.is_removed}
            ForLearners(actor, course_id, names, left)
        return None

    @page('/school/motivation', title='Motivation')
    async def school(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        on = await database.read(parts.school, actor)
        days = await database.read(calendar.own, actor)
        title_page(_('Motivation'))
        with frame(visit):
            way_back(_('Your school'), '/school')
            title(_('Motivation'))

            async def switch(part: Part, is_on: bool) -> None:
                await database.write(parts.switch_school, actor, part=part, on=is_on)

            _switches(_('In the whole school'), on, switch)
            hint(_('What is off here is off in every course. What is on can be switched off in each course.'))
            _days_off(actor, days)
        return None


def _switches(where: str, on: Parts, switch: Callable[[Part, bool], Awaitable[None]]) -> None:
    names = {
        Part.POINTS: _('Points and levels'),
        Part.BADGES: _('Badges'),
        Part.STREAKS: _('Days and weeks in a row'),
        Part.LEADERBOARD: _('Leaderboard, for learners who want to take part'),
    }

    def draw(part: Part) -> None:
        async def changed() -> None:
            await switch(part, bool(box.value))
            tell(_('Saved'))

        box = ui.checkbox(names[part], value=getattr(on, part), on_change=gesture(changed)).props('dense')

    with ui.element('section').classes('stack-tight') as section:
        section.props['aria-label'] = where
        heading(where)
        for part in Part:
            draw(part)


def _days_off(actor: Actor, days: tuple[DaySpan, ...]) -> None:
    async def save() -> None:
        field.error = None
        try:
            kept = await database.write(calendar.choose_free_days, actor, lines=field.value or '')
        except Invalid as refusal:
            field.error = say(refusal)
            return
        field.set_value(_lines(kept))
        tell(_('Saved'))

    with ui.element('section').classes('stack-tight') as section:
        section.props['aria-label'] = _('Days off')
        heading(_('Days off'))
        hint(_('On these days nobody needs to learn: they break no streak. Weekends break none either.'))
        field = ui.textarea(_('A date or two in each line'), value=_lines(days)).props('outlined autogrow dir=ltr')
        field.props['placeholder'] = '2026-12-24 – 2027-01-06'
        with ui.element('div').classes('line'):
            ui.button(_('Save'), on_click=gesture(save)).props('flat no-caps').classes('button-primary')


def _lines(days: tuple[DaySpan, ...]) -> str:
    return '\n'.join(f'{span.first}' if span.first == span.last else f'{span.first} – {span.last}' for span in days)
