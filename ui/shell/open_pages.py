"""Pages that stay open when the right to them ends.

A page is told what happens and asks nothing for it, so every few seconds it is asked who may still look at theirs: as
for clients of the API. Who was signed out, has another role, has lost their place in the course, or is not linked to
the child, has the page loaded anew, and so reads the reason. A browser that does not load it is cut off.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from nicegui import Client, ui

from services.access import Actor
from services.core import database, jobs
from services.live.stream import admission
from services.live.stream.admission import Admitted, AnySeat

CHECK_EVERY = 5.0
LOADED_WITHIN = 1.0
"""seconds that a browser has to load a page anew"""
OF_WHAT = 'course_id', 'checkpoint_id', 'child_id'
"""parameters of pages that say what a right is asked for"""
AT_ONCE = 200
"""pages that are asked about in one query"""


@dataclass(slots=True, kw_only=True, eq=False)
class _Open:
    """One page, its person, and the seat that gives them a right to it."""

    client: Client
    actor: Actor
    seat: AnySeat | None
    """where they learn or teach, or whose parent they are; None on pages that ask for nothing of it"""
    has_ended: bool = False


_pages: dict[str, _Open] = {}


def of_what(parameters: Mapping[str, object]) -> dict[str, int]:
    """Return of which course, checkpoint or child a page is."""
    return {name: id_ for name in OF_WHAT if isinstance(id_ := parameters.get(name), int)}


def follow(client: Client, actor: Actor | None, seat: AnySeat | None) -> None:
    """Look after a page of somebody who is signed in until it goes; their seat was read before it asks for rights.

    So a right that is lost while the page is built, or before the first look at it, is missed then.
    """
    if actor is not None:
        _pages[client.id] = _Open(client=client, actor=actor, seat=seat)
        client.on_delete(partial(_forget, client.id))


def device_of(client_id: str) -> int | None:
    """Return the sign-in that a page was opened with, if it is there and of somebody."""
    page = _pages.get(client_id)
    return page.actor.sign_in_id if page else None


def _forget(client_id: str) -> None:
    _pages.pop(client_id, None)


def start() -> asyncio.Task[None]:
    """Look from now on, every few seconds, until the task is cancelled."""
    _pages.clear()  # of a server that ran in this process before, whose sign-ins may be those of other people now
    return jobs.every(CHECK_EVERY, 'open pages', look, at_once=False)


async def look() -> None:
    """Look at all open pages once."""
    watched = [page for page in _pages.values() if page.client.has_socket_connection]
    for start_ in range(0, len(watched), AT_ONCE):
        some = watched[start_ : start_ + AT_ONCE]
        seats = [page.seat for page in some if page.seat is not None]
        found = await database.read(admission.admitted, [page.actor for page in some], seats)
        for page in some:
            is_there = page.client.id in _pages  # it may have gone while the database was asked
            if is_there and not page.has_ended and not _may_stay(page, found):
                page.has_ended = True
                with page.client:
                    ui.navigate.reload()
    if any(page.has_ended for page in watched):
        await asyncio.sleep(LOADED_WITHIN)
    for page in watched:
        if page.has_ended and page.client.has_socket_connection and not page.client.is_deleted:
            page.client.delete()


def _may_stay(page: _Open, found: Admitted) -> bool:
    actor = found.actors.get(page.actor.sign_in_id)
    if actor is None or actor.role is not page.actor.role:
        return False
    return page.seat is None or page.seat in found.seats
