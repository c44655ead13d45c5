"""The frame around every page: the slim bar on top, and what is shown when a page cannot be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from nicegui import ui

from services.accounts import guest_upgrade
from services.core.phrases import phrase
from ui.kit.language import _, say
from ui.kit.text import Text, named, title
from ui.shell.command_search import search_button
from ui.shell.forms import form_button
from ui.shell.inbox_button import InboxButton
from ui.shell.moments import for_learner
from ui.shell.request import Visit

KEEP, KEEP_ALOUD = phrase('Keep this'), phrase('Keep this: make an account')


@contextmanager
def frame(visit: Visit, *, name: str = '', wide: bool = False) -> Iterator[None]:
    """Draw the bar on top, with the name of what is shown; the page itself goes inside."""
    bar(visit, lambda: account(visit), name=name)
    with body('page-wide' if wide else 'page'):
        yield
    for_learner(visit.actor, visit.request.url.path)


@contextmanager
def body(look: str) -> Iterator[None]:
    """Draw the place of the page below the bar."""
    with ui.element('div').classes(look), ui.element('div').classes('stack'):
        yield


def bar(visit: Visit, actions: Callable[[], object], *, name: str = '', tag: str = 'span') -> Text | None:
    """Draw the bar on top of a page, with the search and what else can be done; returns the name, if there is one."""
    with ui.element('header').classes('frame-header'):
        ui.link('Waymark', '/').classes('wordmark')
        shown = Text(tag, name).classes('frame-title') if name else None
        with ui.element('div').classes('frame-actions'):
            if visit.actor and visit.actor.may_learn:
                search_button(visit.actor)
                InboxButton(visit.actor, visit.unread)
            actions()
    return shown


def way_back(name: str, address: str) -> None:
    """Draw the way to the page above this one."""
    with named(ui.element('nav'), _('Where you are')):
        ui.link(name, address).classes('way-back').props('dir=auto')


def title_page(*names: str) -> None:
    """Name the tab of the browser: what is shown first, then where it belongs."""
    ui.page_title(' · '.join([*names, 'Waymark']))


def account(visit: Visit) -> None:
    """Show the way to help, who is signed in, the way to their devices, and the way out; or the way in."""
    actor = visit.actor
    ui.link(_('Help'), '/help').classes('button-quiet button-bare help-link')
    if actor is None:
        ui.link(_('Sign in'), '/sign-in').classes('button-quiet button-bare')
    elif actor.is_guest:
        Text('span', actor.name).classes('hint name').props('translate=no')
        if guest_upgrade.is_open() and visit.request.url.path != '/register':
            keep = ui.link(say(KEEP), keep_address(visit.request.url.path)).classes('button-quiet button-bare')
            keep.props['aria-label'] = say(KEEP_ALOUD)
    else:
        ui.link(actor.name, '/account').classes('button-quiet button-bare name').props('dir=auto translate=no')
    if actor:
        leave = _('Leave') if actor.is_guest else _('Sign out')
        form_button(visit.request, '/sign-out', leave, 'button-quiet button-bare')


def keep_address(path: str) -> str:
    """Return where a guest makes an account and then goes on at `path`."""
    return f'/register?next={quote(path)}'


def error_page(status: int, sentence: str) -> None:
    """Show one sentence and a way on, instead of whatever was drawn so far."""
    ui.status_code(status)
    client = ui.context.client
    client.content.clear()
    with client.content:
        with ui.element('header').classes('frame-header'):
            ui.link('Waymark', '/').classes('wordmark')
        with ui.element('div').classes('page'), ui.element('div').classes('empty'):
            title(_('This page is not here') if status == 404 else _('That did not work'))
            Text('p', sentence)
            ui.link(_('To the start page'), '/').classes('button-primary')
