"""`/lti/welcome`, `/lti/who` and `/lti/choose`: who it is that comes from a platform, and what a link opens."""

from urllib.parse import urlencode

from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.courses import catalog, course_cards, outline
from services.courses.outline import Section
from services.lms import entering, logins
from services.lms.entering import Present
from services.lms.logins import Open
from ui.accounts.factor_words import EITHER_CODE
from ui.accounts.sign_in_page import EMAIL, PASSWORD
from ui.kit.checkpoint_words import CHOICES
from ui.kit.language import _
from ui.kit.text import Text, heading, hint, title
from ui.lms.launch import browser_of
from ui.shell.forms import form
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/lti/welcome', title='Welcome')
    async def welcome(visit: Visit) -> Response | None:
        ticket = visit.request.query_params.get('link', '')
        asked = await database.read(entering.welcome, ticket, browser=browser_of(visit.request, ticket))
        with frame(visit):
            title(_('Welcome from {platform}', platform=asked.platform))
            Text('p', _('You come from there for the first time. Sign in once; from then on you are known.')).classes(
                'body'
            )
            heading(_('I have an account here'))
            needs_code = visit.problem is not None and visit.problem.field == 'code'
            fields = (EMAIL, PASSWORD, EITHER_CODE) if needs_code else (EMAIL, PASSWORD)
            form(visit, '/lti/welcome', fields, _('Sign in'), hidden={'link': ticket})
            if asked.may_make_account:
                heading(_('I am new here'))
                hint(_('You get an instructor’s account, and enter from {platform}.', platform=asked.platform))
                form(
                    visit,
                    '/lti/welcome',
                    (),
                    _('Make my account'),
                    hidden={'link': ticket, 'is_new': 'yes'},
                    quiet=True,
                )
            else:
                hint(_('You have none? Ask your school for an invitation, then open this link again.'))
        return None

    @page('/lti/who', title='Who are you?')
    async def who(visit: Visit) -> Response | None:
        ticket = visit.request.query_params.get('link', '')
        browser = browser_of(visit.request, ticket)
        asked = await database.read(entering.present, ticket, browser=browser, actor=visit.actor)
        if asked is None:  # signed out meanwhile, or on another page
            return RedirectResponse(f'/lti/enter?{urlencode({"ticket": ticket})}', status_code=303)
        with frame(visit):
            title(_('Who are you?'))
            if asked.learner:
                hint(_('{platform} says: {name}', platform=asked.platform, name=asked.learner))
            if asked.is_guest:
                _ask_about_guest(visit, ticket, asked)
            else:
                _ask_about_account(visit, ticket, asked)
        return None

    @page('/lti/choose', title='Choose')
    async def choose(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        asked = visit.request.query_params
        ticket = asked.get('link', '')
        login = await database.read(logins.of_actor, actor, ticket)
        course_id = int(typed) if (typed := asked.get('course', '')).isdecimal() and len(typed) < 10 else None
        with frame(visit):
            if course_id is None:
                await _courses(actor, ticket, login)
            else:
                await _checkpoints(visit, actor, ticket, login, course_id)
        return None


def _ask_about_guest(visit: Visit, ticket: str, asked: Present) -> None:
    Text('p', _('{name} has learned on this device without an account. Is that you?', name=asked.name)).classes('body')
    yes = {'link': ticket, 'keep': 'yes', 'guest': str(asked.user_id)}
    form(visit, '/lti/who', (), _('Yes: keep it in my account'), hidden=yes)
    form(visit, '/lti/who', (), _('No, that is somebody else'), hidden={'link': ticket, 'keep': 'no'}, quiet=True)


def _ask_about_account(visit: Visit, ticket: str, asked: Present) -> None:
    Text('p', _('{name} is signed in on this device. Is that you?', name=asked.name)).classes('body')
    hint(_('Sign in again; from then on you enter this account from {platform}.', platform=asked.platform))
    needs_code = visit.problem is not None and visit.problem.field == 'code'
    fields = (EMAIL, PASSWORD, EITHER_CODE) if needs_code else (EMAIL, PASSWORD)
    form(visit, '/lti/who', fields, _('Yes, sign in'), hidden={'link': ticket})
    form(visit, '/lti/who', (), _('No, that is somebody else'), hidden={'link': ticket, 'keep': 'no'}, quiet=True)


async def _courses(actor: Actor, ticket: str, login: Open) -> None:
    taught = [card for card in await database.read(course_cards.taught, actor) if not card.is_archived]
    where = login.launch.context_title
    if login.launch.is_deep_linking:
        title(_('What do you want to add?'))
    else:
        title(_('What does this link open?'))
    if where:
        hint(_('In “{course}” at {platform}', course=where, platform=login.platform.name))
    if not taught:
        Text('p', _('You have no course here yet. Make one, then open the link again.')).classes('body')
        ui.link(_('New course'), '/courses/new').classes('button-primary')
        return
    Text('p', _('First the course:')).classes('body')
    with ui.element('ul').classes('list'):
        for card in taught:
            with ui.element('li'):
                address = f'/lti/choose?{urlencode({"link": ticket, "course": card.course_id})}'
                ui.link(card.title, address).classes('name').props('translate=no')


async def _checkpoints(visit: Visit, actor: Actor, ticket: str, login: Open, course_id: int) -> None:
    facts = await database.read(catalog.facts, actor, course_id)
    sections = await database.read(outline.sections, actor, course_id)
    way_back(_('Another course'), f'/lti/choose?{urlencode({"link": ticket})}')
    title(facts.title)
    if await _confirm(visit, ticket, login, course_id, facts.title, sections):
        return
    Text('p', _('Then what of it opens:')).classes('body')
    with ui.element('ul').classes('list'):
        _option(_('The whole course'), '', _link(login, ticket, course_id))
        _option(_('The class, when it is on'), '', _link(login, ticket, course_id, in_class=True))
    for section in sections:
        heading(section.title).props('translate=no')
        with ui.element('ul').classes('list'):
            for checkpoint in section.checkpoints:
                _option(
                    checkpoint.details.title,
                    CHOICES[checkpoint.details.kind],
                    _link(login, ticket, course_id, checkpoint=checkpoint.checkpoint_id),
                )


async def _confirm(
    visit: Visit, ticket: str, login: Open, course_id: int, course: str, sections: tuple[Section, ...]
) -> bool:
    """Ask for confirmation before a link leads there for everybody; returns whether something was picked."""
    picked = visit.request.query_params.get('pick', '')
    if not picked or login.launch.is_deep_linking:
        return False
    titles = {
        str(checkpoint.checkpoint_id): checkpoint.details.title
        for section in sections
        for checkpoint in section.checkpoints
    }
    hidden = {'link': ticket, 'course': str(course_id)}
    if picked == 'class':
        hidden['class'] = 'yes'
        what = _('The class, when it is on')
    elif picked in titles:
        hidden['step'] = picked
        what = titles[picked]
    else:
        what = course
    Text('p', _('This link opens “{what}” for everybody in your course there.', what=what)).classes('body')
    form(visit, '/lti/choose', (), _('Use this'), hidden=hidden)
    return True


def _link(login: Open, ticket: str, course_id: int, *, checkpoint: int | None = None, in_class: bool = False) -> str:
    """Return where a pick leads: to what goes back to the platform, or to the question for a link that is there."""
    if login.launch.is_deep_linking:
        asked = {'ticket': ticket, 'course': str(course_id)}
        asked |= {'step': str(checkpoint)} if checkpoint else {'class': 'yes'} if in_class else {}
        return f'/lti/add?{urlencode(asked)}'
    pick = 'class' if in_class else str(checkpoint or 'course')
    return f'/lti/choose?{urlencode({"link": ticket, "course": course_id, "pick": pick})}'


def _option(name: str, kind: str, address: str) -> None:
    with ui.element('li'):
        ui.link(name, address).classes('name')
        if kind:
            Text('span', kind).classes('chip')
