"""Pages that are looked after: those of the server that runs, for as long as the right to them lasts."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

import pytest

from services.access import Actor
from services.accounts import profiles
from services.core import database
from services.core.database import Database
from services.courses import catalog
from services.live.stream import admission
from services.parents import links
from services.people import participants
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import a_parent, an_admin, an_instructor
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter
from ui.shell import open_pages

pytestmark = pytest.mark.req('A3', 'O7')


async def test_a_server_that_starts_looks_after_no_page_of_the_one_before_it() -> None:
    """Their sign-ins would be looked up in another database."""
    open_pages._pages['of another server'] = cast(Any, None)

    open_pages.start().cancel()

    assert not open_pages._pages


async def the_helper(klass: ClassAtHand, helper: Actor) -> None:
    await database.write(catalog.remove_co_instructor, klass.teacher, klass.course_id, user_id=helper.user_id)


async def the_learner(klass: ClassAtHand, _: Actor) -> None:
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)


async def the_parent(klass: ClassAtHand, parent: Actor) -> None:
    await database.write(links.end, klass.learner, child_id=klass.learner.user_id, parent_id=parent.user_id)


async def the_course(klass: ClassAtHand, _: Actor) -> None:
    await database.write(catalog.delete, klass.teacher, klass.course_id)


Ends = Callable[[ClassAtHand, Actor], Awaitable[None]]
ENDS: dict[str, tuple[str, str, Ends]] = {
    'of a co-instructor': ('helper', '/courses/{course_id}/live', the_helper),
    'of a learner': ('learner', '/class/{course_id}', the_learner),
    'of a parent': ('parent', '/children/{child_id}', the_parent),
    'of an admin whose course is deleted': ('admin', '/courses/{course_id}/live', the_course),
}


@pytest.mark.parametrize('end', ENDS)
async def test_a_right_that_ends_before_the_first_look_ends_the_page(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(open_pages, 'LOADED_WITHIN', 0)
    who, path, ends = ENDS[end]
    klass = await a_class()
    person = await _somebody(who, klass)
    user = await enter(person)
    await user.open(path.format(course_id=klass.course_id, child_id=klass.learner.user_id))

    await ends(klass, person)
    await open_pages.look()

    assert user.client is not None
    assert user.client.is_deleted


@pytest.mark.parametrize('end', ENDS)
async def test_a_page_stays_for_as_long_as_the_right_does(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(open_pages, 'LOADED_WITHIN', 0)
    who, path, ends = ENDS[end]
    klass, another = await a_class(), await a_class()
    person = await _somebody(who, klass)
    user = await enter(person)
    await user.open(path.format(course_id=klass.course_id, child_id=klass.learner.user_id))

    await ends(another, await _somebody(who, another))
    await open_pages.look()

    assert not _client(user).is_deleted


async def test_a_page_that_refuses_has_no_right_to_lose(db: Database) -> None:
    """Else it would be loaded again and again."""
    klass, stranger = await a_class(), await an_instructor()
    parent = await a_parent()

    for actor, of in (
        (stranger, {'course_id': klass.course_id}),
        (stranger, {'checkpoint_id': klass.checkpoints[0]}),
        (stranger, {'course_id': 10**9}),
        (parent, {'course_id': klass.course_id}),
        (parent, {'child_id': klass.learner.user_id}),
    ):
        assert await database.read(partial(admission.seat_of, actor=actor, **of)) is None


def _client(user: PatientUser) -> Any:
    assert user.client is not None
    return user.client


async def _somebody(who: str, klass: ClassAtHand) -> Actor:
    if who == 'helper':
        helper = await an_instructor()
        email = (await database.read(profiles.own, helper)).email
        await database.write(catalog.add_co_instructor, klass.teacher, klass.course_id, email=email)
        return helper
    if who == 'parent':
        return await a_parent(of=klass.learner)
    return await an_admin() if who == 'admin' else klass.learner
