"""`/`: the way in for strangers, one's courses for everybody else."""

from collections.abc import Mapping, Sequence

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.certificates import lookup
from services.certificates.lookup import Own
from services.core import database
from services.core.secrets import spell_code
from services.courses import catalog, trash
from services.courses.catalog import CourseCard
from services.courses.trash import Trashed
from services.enums import Role
from services.goals import weekly
from services.goals.weekly import Week
from services.progress.states import EnrollmentState
from ui.certificates.own_certificates import own_certificates
from ui.courses.new_course_page import first_course
from ui.courses.trash_list import TrashList
from ui.goals.week_line import week_line
from ui.home.browser_clock import BrowserClock
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text, heading, hint, title
from ui.kit.theme import filled
from ui.shell.forms import Field, form
from ui.shell.frame import frame
from ui.shell.page import page
from ui.shell.request import Visit

CODE = Field(
    name='code',
    label='Your code',
    is_code=True,
    hint='The class code on the screen of your classroom, or your own code if you were here before.',
)

APART, TOGETHER = '\u2068', '\u2069'
"""Between these two, Unicode lets a text have a direction of its own."""


def create() -> None:
    """Declare the page."""

    @page('/', title='Welcome')
    async def home(visit: Visit) -> Response | None:
        actor = visit.actor
        if actor is None:
            with frame(visit):
                _stranger(visit)
            return None
        joined = await database.read(catalog.joined, actor)
        weeks = await database.read(weekly.weeks, actor)
        earned = await database.read(lookup.own, actor)
        taught = await database.read(catalog.taught, actor) if actor.may_teach else []
        deleted = await database.read(trash.courses, actor) if actor.may_teach else []
        with frame(visit):
            if not actor.time_zone:
                BrowserClock(visit, actor)
            if actor.may_teach:
                _teaching(visit, actor, taught, deleted)
            if joined or not actor.may_teach:
                _learning(visit, joined, weeks, earned)
        return None


def _stranger(visit: Visit) -> None:
    title('Join your class')
    form(visit, '/code', [CODE], 'Join')
    with ui.element('div').classes('line'):
        ui.link('Sign in', '/sign-in')
        ui.link('Register', '/register')


def _learning(visit: Visit, cards: Sequence[CourseCard], weeks: Mapping[int, Week], earned: Sequence[Own]) -> None:
    if cards:
        with ui.element('div').classes('spread'):
            title('Your courses')
            with ui.element('div').classes('line'):
                ui.link('Your goals', '/goals').classes('button-quiet button-bare')
                ui.link('Your notes', '/notes').classes('button-quiet button-bare')
        with ui.element('ul').classes('list'):
            for card in cards:
                _learning_row(card, weeks.get(card.course_id))
        own_certificates(earned)
        heading('Join another class')
    else:
        title('Join your class')
    form(visit, '/code', [CODE], 'Join')


def _learning_row(card: CourseCard, week: Week | None) -> None:
    with ui.element('li').classes('course-row'):
        with ui.element('div').classes('course-name'):
            ui.link(card.title, f'/courses/{card.course_id}/learn').classes('course-link').props('dir=auto')
            if card.is_archived:
                hint('archived')
            week_line(week)
        Text('span', f'{card.percent} %').classes('number')
        bar = ui.element('div').classes(f'bar {filled(card.percent)}').props('role=img')
        bar.props['aria-label'] = f'{card.percent} percent done'
        if card.is_running and not card.is_archived:
            ui.link('Go to the class', f'/class/{card.course_id}').classes('chip chip-live')
        words = _learn_words(card, has_begun=week is not None and week.state is not EnrollmentState.NOT_STARTED)
        learn = ui.link(words, f'/courses/{card.course_id}/learn').classes('button-quiet')
        learn.props['aria-label'] = f'{words}: {card.title}'


def _learn_words(card: CourseCard, *, has_begun: bool) -> str:
    if card.is_archived:
        return 'Read'
    return 'Look again' if card.percent == 100 else 'Continue learning' if has_begun else 'Start learning'


def _teaching(visit: Visit, actor: Actor, cards: Sequence[CourseCard], deleted: Sequence[Trashed]) -> None:
    _offer_restore(visit, actor)
    if not cards:
        first_course(actor)
    else:
        with ui.element('div').classes('spread'):
            title('Your courses')
            ui.link('New course', '/courses/new').classes('button-primary')
        _taught_list([card for card in cards if not card.is_archived])
        if archived := [card for card in cards if card.is_archived]:
            with ui.element('details').classes('quiet-details'):
                Text('summary', f'Archived ({len(archived)})')
                _taught_list(archived)
    _deleted(actor, deleted)
    if actor.role is Role.ADMIN:
        ui.link('Your school', '/school')


def _deleted(actor: Actor, deleted: Sequence[Trashed]) -> None:
    async def restore(each: Trashed) -> None:
        await database.write(catalog.restore, actor, each.id)
        ui.navigate.to(f'/courses/{each.id}')

    TrashList(_('Deleted courses'), restore).show(deleted)


def _taught_list(cards: Sequence[CourseCard]) -> None:
    if not cards:
        hint('All your courses are archived.')
        return
    with ui.element('ul').classes('list'):
        for card in cards:
            with ui.element('li').classes('course-row'):
                with ui.element('div').classes('course-name'):
                    ui.link(card.title, f'/courses/{card.course_id}').classes('course-link').props('dir=auto')
                    hint(_size(card)).props('dir=ltr')
                if card.is_running:
                    ui.link('live', f'/courses/{card.course_id}/live').classes('chip chip-live')
                Text('span', spell_code(card.code)).classes('course-code-small').props('translate=no')


def _size(card: CourseCard) -> str:
    steps = '1 step' if card.checkpoints == 1 else f'{card.checkpoints} steps'
    learners = '1 learner' if card.learners == 1 else f'{card.learners} learners'
    subject = f'{APART}{card.subject}{TOGETHER}' if card.subject else ''
    return ' · '.join(part for part in (subject, learners, steps) if part)


def _offer_restore(visit: Visit, actor: Actor) -> None:
    """After deleting a course, one is led here and can take it back."""
    deleted = visit.request.query_params.get('deleted', '')
    if not deleted.isdecimal():
        return

    async def restore() -> None:
        await database.write(catalog.restore, actor, int(deleted))
        ui.navigate.to(f'/courses/{deleted}')

    with ui.element('div').classes('notice spread').props('role=status'):
        Text('span', 'The course is deleted.')
        ui.button('Undo', on_click=gesture(restore)).props('flat no-caps').classes('button-quiet')
