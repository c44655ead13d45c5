"""What staff write for reports: never overwritten unseen, never in the log, and only text, whatever it is."""

import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from models import ActionPriority, Activity, Verb
from services.core import database
from services.core.errors import DomainError, Invalid, NotFound, Refused
from services.courses import catalog
from services.reports.performance import remarks
from services.reports.performance.remarks import Remark
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import a_guest, an_instructor

pytestmark = [pytest.mark.req('R1'), pytest.mark.usefixtures('db')]


def about(klass: ClassAtHand) -> tuple[int, int]:
    return klass.course_id, klass.learner.user_id


@pytest.mark.both_databases
async def test_two_teachers_write_and_neither_loses_what_the_other_wrote() -> None:
    klass = await a_class()
    helper = await an_instructor(email='helper@example.org', name='Hal Helper')
    await database.write(catalog.add_co_instructor, klass.teacher, klass.course_id, email='helper@example.org')
    assert (await database.read(remarks.of_learner, helper, *about(klass))).at is None

    at = await database.write(remarks.write, helper, *about(klass), remark=Remark(comment='Curious.'), seen=None)
    with pytest.raises(Refused, match='Hal Helper wrote something here meanwhile'):
        await database.write(remarks.write, klass.teacher, *about(klass), remark=Remark(comment='Loud.'), seen=None)
    more = Remark(comment='Curious, and loud.', behavior=0, effort=100, credit_hours=2.5, for_parents='Listen')
    await database.write(remarks.write, klass.teacher, *about(klass), remark=more, seen=at)

    found = await database.read(remarks.of_learner, helper, *about(klass))
    assert (found.remark, found.by) == (more, 'Ines Instructor')
    rows = await database.read(
        lambda tx: tx.execute(
            select(col(Activity.about_id), col(Activity.words), col(Activity.details)).where(
                col(Activity.verb) == Verb.REPORT_REMARKED
            )
        ).all()
    )
    assert [tuple(row) for row in rows] == [(klass.learner.user_id, '', '{"what":"remark"}')] * 2, (
        'the log has no words'
    )


@pytest.mark.parametrize(
    'wrong',
    [
        Remark(behavior=101),
        Remark(effort=-1),
        Remark(behavior=True),
        Remark(credit_hours=float('nan')),
        Remark(credit_hours=1_001),
        Remark(comment='x' * 10_001),
        Remark(support='x' * 2_001),
    ],
)
async def test_what_cannot_be_said_is_refused(wrong: Remark) -> None:
    klass = await a_class()

    with pytest.raises(Invalid):
        await database.write(remarks.write, klass.teacher, *about(klass), remark=wrong, seen=None)


async def test_a_comment_may_be_anything_that_is_text() -> None:
    klass = await a_class()
    every_block = ''.join(map(chr, range(0x21, sys.maxunicode, 0x77)))[:9_980]
    comment = f'=HYPERLINK("x") #panic("x") {every_block}'[:10_000]

    await database.write(remarks.write, klass.teacher, *about(klass), remark=Remark(comment=comment), seen=None)

    kept = (await database.read(remarks.of_learner, klass.teacher, *about(klass))).remark.comment
    assert kept.startswith('=HYPERLINK("x") #panic("x")')
    assert set(comment) - set(kept) == {letter for letter in comment if 0xD800 <= ord(letter) <= 0xDFFF}


async def test_what_is_to_be_done_comes_in_order_and_is_done() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])
    other = await a_guest(code=(await a_class(by=klass.teacher)).code, name='Else')
    ids = {}
    for priority in ActionPriority.LOW, ActionPriority.HIGH:
        ids[priority] = await database.write(
            remarks.add_action, klass.teacher, *about(klass), description=f'A {priority} thing', priority=priority
        )
    for_teacher = await database.write(
        remarks.add_action, klass.teacher, *about(klass), description='Lend a book', assigned_to='teacher'
    )

    await database.write(remarks.finish_action, klass.learner, ids[ActionPriority.HIGH])
    for who, action in (
        (klass.learner, for_teacher),
        (klass.learners[1], ids[ActionPriority.LOW]),
        (other, for_teacher),
    ):
        with pytest.raises(NotFound):
            await database.write(remarks.finish_action, who, action)
    with pytest.raises(NotFound):
        await database.write(remarks.delete_action, klass.learner, ids[ActionPriority.LOW])
    wrong: list[dict[str, object]] = [{'description': ' '}, {'description': 'x', 'priority': 'now'}]
    wrong += [{'description': 'x', 'assigned_to': 'administrator'}, {'description': 'x' * 501}]
    for each in wrong:
        with pytest.raises(DomainError):
            await database.write(remarks.add_action, klass.teacher, *about(klass), **each)

    def shown(since: timedelta) -> object:
        return database.read(lambda tx: [
            (each.description, each.is_done)
            for each in remarks.actions(tx, *about(klass), since=tx.now - since)
        ])  # fmt: skip

    assert await shown(timedelta(days=1)) == [  # type: ignore[misc]
        ('Lend a book', False),
        ('A low thing', False),
        ('A high thing', True),
    ]
    with time_machine.travel(timedelta(hours=1), tick=False):
        assert await shown(timedelta(minutes=1)) == [('Lend a book', False), ('A low thing', False)]  # type: ignore[misc]
