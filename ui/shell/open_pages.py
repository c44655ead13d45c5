"""Pages that stay open when the right to them ends.

A page is told what happens and asks nothing for it, so every few seconds it is asked who may still look at theirs: as
for clients of the API. Who was signed out, has another role, or has lost their place in the course, has the page loaded
anew, and so reads the reason. A browser that does not load it is cut off.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from nicegui import Client, ui

from services.access import Actor
from services.core import database, jobs
from services.enums import Role
from services.live.stream import admission
from services.live.stream.admission import Admitted, Seat

CHECK_EVERY = 5.0
LOADED_WITHIN = 1.0
"""seconds that a browser has to load a page anew"""
AT_ONCE = 200
"""pages that are asked about in one query"""


@dataclass(slots=True, kw_only=True, eq=False)
class _Open:
    """One page, its person, and the seat that gives them a right to it."""

    client: Client
    actor: Actor
    course_id: int | None
    seat: Seat | None = None
    """where they learn or teach, as the first look found; None where they do neither, such as an admin"""
    has_ended: bool = False


_pages: dict[str, _Open] = {}


def follow(client: Client, actor: Actor | None, course_id: object) -> None:
    """Look after a page of somebody who is signed in, of a course or not, until it goes."""
    if actor is not None:
        id_ = course_id if isinstance(course_id, int) else None
        _pages[client.id] = _Open(client=client, actor=actor, course_id=id_)
        client.on_delete(partial(_forget, client.id))


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
        seats = [seat for page in some for seat in _asked_of(page)]
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


def _asked_of(page: _Open) -> Iterator[Seat]:
    if page.seat is not None:
        yield page.seat
    elif page.course_id is not None:
        about = partial(Seat, sign_in_id=page.actor.sign_in_id, user_id=page.actor.user_id, course_id=page.course_id)
        yield about(learns=True)
        if page.actor.role is not Role.STUDENT:
            yield about(learns=False)


def _may_stay(page: _Open, found: Admitted) -> bool:
    actor = found.actors.get(page.actor.sign_in_id)
    if actor is None or actor.role is not page.actor.role:
        return False
    if page.seat is None:
        theirs = [seat for seat in _asked_of(page) if seat in found.seats]
        page.seat = theirs[-1] if theirs else None  # who does both in a course is here to teach
        return True
    return page.seat in found.seats
