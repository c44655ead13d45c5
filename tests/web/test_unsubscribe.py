"""Ending mails by the link in one: looking changes nothing, a post without a sign-in does it, nothing else can."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Channel, NoticeChoice, NoticeKind, User
from services.access import Actor
from services.core import database
from services.core.transaction import Transaction
from services.notices import unsubscribing
from services.notices.kinds import TRAITS, of_role
from tests.factories.people import a_student
from tests.support.running import Server
from tests.support.visitor import Visitor, words

pytestmark = pytest.mark.req('M2')

BOTH = (NoticeKind.GRADE, NoticeKind.DEADLINE)
EMAIL = 'unsubscribes@example.org'


async def test_only_a_post_ends_mails_and_it_can_be_turned_back(server: Server, visitor: Visitor) -> None:
    lena = await a_student(email=EMAIL)
    path = path_of(unsubscribing.address(lena.user_id, EMAIL, BOTH))

    async def mailed() -> set[NoticeKind]:
        return await database.read(_mailed, lena)

    usual = await mailed()
    assert usual > {*BOTH}
    shown = await visitor.opens(path)
    await visitor.http.head(path)
    assert 'A grade or feedback' in words(shown.text)
    assert 'Unsubscribe' in words(shown.text)
    assert await mailed() == usual, 'programs that check mails open every link'

    for nonsense in {}, {'List-Unsubscribe': 'no'}, {'x': 'y' * 9000}:
        await visitor.http.post(path, data=nonsense)
    assert await mailed() == usual

    done = await visitor.http.post(path, data={'List-Unsubscribe': 'One-Click'})
    again = await visitor.http.post(path, files={'List-Unsubscribe': (None, 'One-Click')})
    assert (done.status_code, again.status_code) == (200, 200)
    assert 'You get no more such mails' in words(done.text)
    assert 'Turn them on again' in words(done.text)
    assert await mailed() == usual - {*BOTH}

    back = await visitor.http.post(path, data={'again': 'yes'})
    assert 'End such mails?' in words(back.text)
    assert await mailed() >= {*BOTH}
    await visitor.http.post(path, files={'List-Unsubscribe': (None, 'One-Click')})
    assert await mailed() == usual - {*BOTH}, 'both kinds of forms'
    assert path.partition('=')[2] not in server.said()


async def test_a_link_is_good_for_one_person_with_one_address(server: Server, visitor: Visitor) -> None:
    lena = await a_student(email='moves@example.org')
    path = path_of(unsubscribing.address(lena.user_id, 'moves@example.org', BOTH))

    def move(tx: Transaction) -> None:
        tx.session.get_one(User, lena.user_id).email = 'moved@example.org'

    await database.write(move)
    for wrong in path, f'{path}x', '/unsubscribe', '/unsubscribe?token=' + 'x' * 5000:
        assert (await visitor.opens(wrong)).status_code == 404
        answer = await visitor.http.post(wrong, data={'List-Unsubscribe': 'One-Click'})
        assert (answer.status_code, answer.text) == (200, 'OK'), 'a program learns nothing from it'
    assert await database.read(_mailed, lena) >= {*BOTH}


def _mailed(tx: Transaction, learner: Actor) -> set[NoticeKind]:
    """Return of which kinds somebody gets mails."""
    mine = col(NoticeChoice.user_id) == learner.user_id, col(NoticeChoice.channel) == Channel.E_MAIL
    chosen = {row.kind: row.is_on for row in tx.session.scalars(select(NoticeChoice).where(*mine))}
    return {kind for kind in of_role(learner.role) if chosen.get(kind, Channel.E_MAIL in TRAITS[kind].usual)}


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f'{parts.path}?{parts.query}'
