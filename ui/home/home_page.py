"""`/`: the way in for strangers, the school for admins, their children for parents, their courses for all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.accounts import registration
from services.certificates import lookup
from services.certificates.lookup import Own
from services.core import database, school
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.courses import catalog, course_cards, trash
from services.courses.course_cards import CourseCard
from services.courses.trash import Trashed
from services.enums import Role
from services.goals import weekly
from services.goals.weekly import Week
from services.progress.states import EnrollmentState
from services.quizzes import spacing
from services.quizzes.spacing import InCourse
from settings import NAMELESS, settings
from ui.certificates.own_certificates import own_certificates
from ui.courses.new_course_page import first_course
from ui.courses.trash_list import TrashList
from ui.goals.week_line import week_line
from ui.home.first_run import first_steps
from ui.home.taught_list import taught_list
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.markdown import prose
from ui.kit.skill_list import draw_due_everywhere
from ui.kit.text import Text, heading, hint, title
from ui.kit.theme import filled
from ui.school.overview import missing, overview
from ui.shell.browser_clock import BrowserClock
from ui.shell.first_run import LEARNS, TEACHES
from ui.shell.forms import Field, form
from ui.shell.frame import frame, title_page
from ui.shell.page import page
from ui.shell.request import Visit

CODE = Field(
    name='code',
    label=phrase('Your code'),
    is_code=True,
    hint=phrase('The class code on the screen of your classroom, or your own code if you were here before.'),
)

MOST_DUE = 5
"""skills to review that are listed; the others are on the pages of their courses"""


def create() -> None:
    """Declare the page."""

    @page('/', title='Welcome')
    async def home(visit: Visit) -> Response | None:
        actor = visit.actor
        if actor is None:
            is_empty = await database.read(registration.is_empty)
            with frame(visit):
                _nobody_yet() if is_empty else _stranger(visit)
            return None
        if not actor.may_learn:
            return RedirectResponse('/children', status_code=303)
        found = await database.read(_read, actor)
        find = visit.request.query_params.get('find', '')
        draw_school = await overview(actor, find) if actor.role is Role.ADMIN else None
        draw_missing = await missing(actor) if actor.role is Role.ADMIN and not draw_school else None
        title_page(_('Your school') if draw_school else _('Your courses'))
        with frame(visit):
            if not actor.time_zone:
                BrowserClock(visit, actor)
            if draw_school:
                draw_school()
            if actor.may_teach:
                _teaching(visit, actor, found, below=draw_school is not None)
            if draw_missing:
                draw_missing()
            if found.joined or not actor.may_teach:
                _learning(visit, found)
            _begin(visit, actor, found)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a person teaches and learns."""

    taught: Sequence[CourseCard]
    deleted: Sequence[Trashed]
    joined: Sequence[CourseCard]
    weeks: Mapping[int, Week]
    due: Sequence[InCourse]
    earned: Sequence[Own]


def _read(tx: Transaction, actor: Actor) -> _Found:
    joined = course_cards.joined(tx, actor)
    return _Found(
        taught=course_cards.taught(tx, actor) if actor.may_teach else (),
        deleted=trash.courses(tx, actor) if actor.may_teach else (),
        joined=joined,
        weeks=weekly.weeks(tx, actor) if joined else {},
        due=spacing.today(tx, actor) if joined else (),
        earned=lookup.own(tx, actor) if joined else (),
    )


def _begin(visit: Visit, actor: Actor, found: _Found) -> None:
    """Show the first steps to those who have held no class yet, or done nothing yet in any of their courses."""
    if actor.may_teach:
        if not any(card.last_class_at for card in found.taught):
            first_steps(visit, TEACHES)
    elif found.joined and not any(card.percent for card in found.joined):
        first_steps(visit, LEARNS)


def _nobody_yet() -> None:
    """Draw how a new installation is set up, for a person who opens its address and not the link that it printed."""
    title(_('Not set up yet'))
    said = _('Waymark runs, and nobody has an account. The server printed a link when it started: it makes the first.')
    Text('p', said).classes('body')
    hint(_('Is its output kept in a file? Then the link is in “set_up_link” in the data folder.'))


def _stranger(visit: Visit) -> None:
    if (name := school.current().name) != NAMELESS:
        Text('p', name).classes('step-place').props('translate=no')
    title(_('Join your class'))
    form(visit, '/code', [CODE], _('Join'))
    with ui.element('div').classes('line'):
        ui.link(_('Sign in'), '/sign-in')
        ui.link(_('Register'), '/register')
        ui.link(_('Help'), '/help')
    if text := settings().welcome_text:
        with ui.element('section').classes('panel'):
            prose(text)


def _learning(visit: Visit, found: _Found) -> None:
    if cards := found.joined:
        with ui.element('div').classes('spread'):
            title(_('Your courses'))
            with ui.element('div').classes('line'):
                ui.link(_('Your goals'), '/goals').classes('button-quiet')
                ui.link(_('Your notes'), '/notes').classes('button-quiet')
        for card in cards:
            if card.is_running and not card.is_archived:
                _on_now(card)
        with ui.element('ul').classes('list'):
            for card in cards:
                _learning_row(card, found.weeks.get(card.course_id))
        draw_due_everywhere(found.due[:MOST_DUE])
        own_certificates(found.earned)
        heading(_('Join another class'))
        form(visit, '/code', [CODE], _('Join'), quiet=True)
    else:
        title(_('Join your class'))
        form(visit, '/code', [CODE], _('Join'))


def _on_now(card: CourseCard) -> None:
    """Draw the one next thing of a learner whose class is on."""
    with ui.element('section').classes('panel spread'):
        Text('span', _('{course} is on now', course=card.title)).classes('name')
        go = ui.link(_('Go to the class'), f'/class/{card.course_id}').classes('button-primary')
        go.props['aria-label'] = _('Go to the class: {course}', course=card.title)


def _learning_row(card: CourseCard, week: Week | None) -> None:
    with ui.element('li').classes('course-row'):
        with ui.element('div').classes('course-name'):
            ui.link(card.title, f'/courses/{card.course_id}/learn').classes('course-link').props('dir=auto')
            if card.subject:
                hint(card.subject)
            if card.is_archived:
                hint(_('archived'))
            week_line(week)
        Text('span', f'{card.percent} %').classes('number')
        bar = ui.element('div').classes(f'bar {filled(card.percent)}').props('role=img')
        bar.props['aria-label'] = _('{percent} percent done', percent=card.percent)
        words = _learn_words(card, has_begun=week is not None and week.state is not EnrollmentState.NOT_STARTED)
        learn = ui.link(words, f'/courses/{card.course_id}/learn').classes('button-quiet')
        learn.props['aria-label'] = _('{what}: {course}', what=words, course=card.title)


def _learn_words(card: CourseCard, *, has_begun: bool) -> str:
    if card.is_archived:
        return _('Read')
    if card.percent == 100:
        return _('Look again')
    return _('Continue learning') if has_begun else _('Start learning')


def _teaching(visit: Visit, actor: Actor, found: _Found, *, below: bool) -> None:
    """Draw the courses of a person who teaches; `below` the school they have no title of their own."""
    _offer_restore(visit, actor)
    if found.taught or below:
        with ui.element('div').classes('spread'):
            (heading if below else title)(_('Your courses'))
            ui.link(_('New course'), '/courses/new').classes('button-quiet' if below else 'button-primary')
        _own_courses(found.taught)
    else:
        first_course(visit.request, actor)
    if found.deleted:
        _deleted(actor, found.deleted)
    if actor.role is Role.ADMIN and not below:
        ui.link(_('Your school'), '/school')


def _own_courses(cards: Sequence[CourseCard]) -> None:
    if cards:
        taught_list([card for card in cards if not card.is_archived])
    if archived := [card for card in cards if card.is_archived]:
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Archived ({count})', count=len(archived)))
            taught_list(archived)


def _deleted(actor: Actor, deleted: Sequence[Trashed]) -> None:
    async def restore(each: Trashed) -> None:
        await database.write(catalog.restore, actor, each.id)
        ui.navigate.to(f'/courses/{each.id}')

    TrashList(_('Deleted courses'), restore).show(deleted)


def _offer_restore(visit: Visit, actor: Actor) -> None:
    """Offer to take back the deletion of a course, after which its owner is led here."""
    deleted = visit.request.query_params.get('deleted', '')
    if not deleted.isdecimal():
        return

    async def restore() -> None:
        await database.write(catalog.restore, actor, int(deleted))
        ui.navigate.to(f'/courses/{deleted}')

    with ui.element('div').classes('notice spread').props('role=status'):
        Text('span', _('The course is deleted.'))
        ui.button(_('Undo'), on_click=gesture(restore)).props('flat no-caps').classes('button-quiet')
