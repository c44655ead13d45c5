"""The inbox of one person: read, unread, all of them, searched and paged; nobody else's."""

from collections.abc import Sequence

import pytest
from sqlalchemy import insert

from models import Notice, NoticeKind, table
from services.access import Actor
from services.core import database, hub
from services.core.audience import of_person
from services.core.errors import Invalid, NotFound, NotSignedIn
from services.core.events import Event, NoticesChanged
from services.core.phrases import phrase, stored
from services.core.transaction import Transaction
from services.notices import inbox, writing
from services.notices.inbox import Inbox
from tests.factories.people import a_student, sign_out
from tests.support.query_plans import scans
from tests.support.work_time import work_of_at_most

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M2')]


@pytest.fixture
async def sami(db: object) -> Actor:
    return await a_student()


async def some(of: Actor, *titles: str, is_in_app: bool = True) -> list[int]:
    """Let somebody have some notices; returns their ids."""
    await database.write(put, of.user_id, titles, is_in_app)
    return sorted(each.notice_id for each in (await look(of, limit=500)).notices)[-len(titles) :]


def put(tx: Transaction, user_id: int, titles: Sequence[str], is_in_app: bool) -> None:
    rows = []
    for number, title in enumerate(titles):
        said = phrase('You have completed the module “{module}”.', module=title)
        rows.append(
            {
                'user_id': user_id,
                'kind': NoticeKind.MODULE_COMPLETED,
                'object_key': f'{title}:{number}:{tx.now.isoformat()}',
                'occurrence': '',
                'title': stored(said, most=1000),
                'body': '',
                'searched': writing.searched('', said),
                'address': '/goals',
                'happened_at': tx.now,
                'written_at': tx.now,
                'is_in_app': is_in_app,
            }
        )
    tx.execute(insert(table(Notice)), rows)


async def look(who: Actor | None, **wanted: object) -> Inbox:
    return await database.read(inbox.look, who, **wanted)


@pytest.mark.both_databases
async def test_notices_are_read_and_unread_again_on_all_devices(sami: Actor) -> None:
    first, second, third = await some(sami, 'Soil', 'Water', 'Air')
    heard: list[Event] = []
    stop = hub.watch(of_person(sami.user_id), heard.extend)

    assert await database.write(inbox.mark, sami, [first, second]) == 2
    assert await database.write(inbox.mark, sami, [first]) == 0
    assert await database.write(inbox.mark, sami, [second], is_read=False) == 1
    assert await database.write(inbox.open_notice, sami, third) == '/goals'
    stop()

    found = await look(sami)
    assert [(each.notice_id, each.read_at is None) for each in found.notices] == [
        (third, False),
        (second, True),
        (first, False),
    ]
    assert (found.unread, await database.read(inbox.unread, sami)) == (1, 1)
    assert heard == [NoticesChanged(user_id=sami.user_id)] * 3, 'what changes nothing is no news'


async def test_all_are_read_up_to_what_was_seen(sami: Actor) -> None:
    seen = await some(sami, 'Soil', 'Water')
    (late,) = await some(sami, 'Air')
    await database.write(inbox.mark_all, sami, until=max(seen))

    assert [each.notice_id for each in (await look(sami, unread_only=True)).notices] == [late]


@pytest.mark.both_databases
async def test_an_inbox_is_searched_and_paged(sami: Actor) -> None:
    ids = await some(sami, 'Soil 100%', 'Ünder_water', 'Straße')
    assert titles(await look(sami, typed='COMPLETED strasse')) == ['You have completed the module “Straße”.']
    assert titles(await look(sami, typed='100%')) == ['You have completed the module “Soil 100%”.']
    assert titles(await look(sami, typed='ünder_')) == ['You have completed the module “Ünder_water”.']
    assert titles(await look(sami, typed='%')) == titles(await look(sami, typed='100%'))
    assert titles(await look(sami, typed='no such word')) == []

    first = await look(sami, limit=2)
    assert ([each.notice_id for each in first.notices], first.has_more) == ([ids[2], ids[1]], True)
    rest = await look(sami, before=ids[1], limit=2)
    assert ([each.notice_id for each in rest.notices], rest.has_more) == ([ids[0]], False)


async def test_nobody_reads_or_marks_the_notices_of_another(sami: Actor) -> None:
    (mine,) = await some(sami, 'Soil')
    otto = await a_student(name='Otto', email='otto@example.org')
    with pytest.raises(NotFound, match='not one of yours'):
        await database.write(inbox.mark, otto, [mine])
    with pytest.raises(NotFound):
        await database.write(inbox.open_notice, otto, mine)
    assert await database.write(inbox.mark_all, otto, until=mine) == 0
    assert (await look(otto)).notices == ()
    assert (await look(sami)).unread == 1

    with pytest.raises(Invalid, match='at most 500'):
        await database.write(inbox.mark, sami, range(501))
    await sign_out(actor=otto)
    with pytest.raises(NotSignedIn):
        await look(otto)


async def test_what_is_only_sent_is_not_in_the_inbox(sami: Actor) -> None:
    (mine,) = await some(sami, 'Soil')
    await some(sami, 'Water', is_in_app=False)

    found = await look(sami)
    assert ([each.notice_id for each in found.notices], found.unread) == ([mine], 1)


@pytest.mark.both_databases
@pytest.mark.req('O8')
async def test_an_inbox_of_ten_thousand_is_found_by_its_index(sami: Actor) -> None:
    await database.write(put, sami.user_id, [f'Module {number}' for number in range(10_000)], True)

    assert await database.write(scans, lambda tx: inbox.look(tx, sami)) == []
    assert await database.write(scans, lambda tx: inbox.look(tx, sami, unread_only=True, before=5_000)) == []
    found = await look(sami)
    assert (len(found.notices), found.unread, found.has_more) == (inbox.PAGE, inbox.MOST_COUNTED, True)
    await database.read(look_quickly, sami)


def look_quickly(tx: Transaction, who: Actor) -> None:
    with work_of_at_most(0.015):
        inbox.look(tx, who)


def titles(found: Inbox) -> list[str]:
    return [str(each.title) for each in found.notices]
