"""Completed modules and courses as columns of their own in a gradebook: each once, and only where it is wanted."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from models import LtiIdentity, LtiLink, LtiMilestone, LtiScore, Verb
from services.core import clock, database
from services.core.errors import NotFound, Refused
from services.core.transaction import Transaction
from services.courses import checkpoints, modules
from services.lms import milestones, results, scores, sent_grades, services, tokens
from services.lms.milestones import SentMilestone
from tests.factories.classes import ClassAtHand, a_class, a_course, tap
from tests.factories.people import an_admin
from tests.services.lms.test_grades_out import follow, send
from tests.support.lti_platform import FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3'), pytest.mark.both_databases]

FIRST, SECOND, COURSE = 'Water: completed', 'Air: completed', 'Soil: completed'


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    tokens._tokens.clear()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


async def a_linked_class(campus: FakePlatform, *, links_to_it: int = 1) -> ClassAtHand:
    """A class of two modules, whose one learner comes from the platform; its course is linked from one course there."""
    klass = await a_class(checkpoints=2)
    await database.write(modules.edit, klass.teacher, klass.module_id, title='Water')
    second = await database.write(modules.add, klass.teacher, klass.course_id, title='Air')
    more = await database.write(checkpoints.add, klass.teacher, second, lines='Step 3')

    def link(tx: Transaction) -> None:
        tx.session.add(
            LtiIdentity(issuer=campus.address, subject='lena-17', user_id=klass.learner.user_id, made_at=tx.now)
        )
        for number in range(1, links_to_it + 1):
            tx.session.add(
                LtiLink(
                    platform_id=1,
                    deployment_id='dep-1',
                    resource_link_id=f'link-{number}',
                    context_id='course-9',
                    course_id=klass.course_id,
                    line_items=f'{campus.address}/columns?type=1',
                    scopes=[services.LINE_ITEM, services.SCORE],
                    seen_at=tx.now,
                )
            )

    await database.write(link)
    return ClassAtHand(
        **{**{name: getattr(klass, name) for name in klass.__slots__}, 'checkpoints': (*klass.checkpoints, *more)}
    )


async def switch(klass: ClassAtHand, *, link_id: int = 1, is_on: bool = True) -> int:
    return await database.write(milestones.switch, klass.teacher, klass.course_id, link_id=link_id, is_on=is_on)


async def test_a_module_and_the_course_arrive_once_in_columns_of_their_own(campus: FakePlatform) -> None:
    klass = await a_linked_class(campus)
    assert await switch(klass) == 0, 'nobody has completed anything yet'
    await tap(klass, klass.checkpoints[0])
    await send()
    assert campus.labels == ['Soil'], 'the link alone: a module that is not complete makes no column'

    await tap(klass, klass.checkpoints[1])
    await send()
    ((water),) = campus.column(FIRST)
    assert (water['userId'], water['scoreGiven'], water['scoreMaximum']) == ('lena-17', 1, 1)
    assert (water['activityProgress'], water['gradingProgress']) == ('Completed', 'FullyGraded')
    assert water['comment'] == 'All steps of this module are completed.'
    (column,) = [each for each in campus.columns if each['label'] == FIRST]
    assert (column['scoreMaximum'], column['resourceId'], column['tag']) == (
        1, f'waymark-module-{klass.module_id}', 'milestone',
    )  # fmt: skip
    assert 'resourceLinkId' not in column

    await tap(klass, klass.checkpoints[2])
    await send()
    assert [len(campus.column(label)) for label in (FIRST, SECOND, COURSE)] == [1, 1, 1]
    assert campus.column(COURSE)[0]['comment'] == 'The course is completed.'
    ((sending),) = await database.read(milestones.of_course, klass.teacher, klass.course_id)
    assert sending.columns == tuple(
        SentMilestone(title=title, sent=1, waiting=0, problem='') for title in ('Water', 'Air', '')
    )


async def test_what_is_undone_and_done_again_or_compared_again_is_not_sent_twice(campus: FakePlatform) -> None:
    klass = await a_linked_class(campus)
    await switch(klass)
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    await send()
    before = [len(campus.column(label)) for label in (FIRST, SECOND, COURSE)]

    await tap(klass, klass.checkpoints[0], verb=Verb.UNDONE)
    await send()
    await tap(klass, klass.checkpoints[0])
    await send()
    assert await database.write(scores.touch_all, klass.teacher, klass.course_id) == 4, 'three of them are milestones'
    await send()
    assert [len(campus.column(label)) for label in (FIRST, SECOND, COURSE)] == before == [1, 1, 1]
    assert len(campus.columns) == 4


async def test_what_was_reached_before_it_was_wanted_is_sent_and_nothing_after_it_was_switched_off(
    campus: FakePlatform,
) -> None:
    klass = await a_linked_class(campus)
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint)
    await send()
    assert campus.labels == ['Soil'], 'it is off, unless a teacher switches it on'

    assert await switch(klass) == 1
    await send()
    assert len(campus.column(FIRST)) == 1
    await switch(klass, is_on=False)
    await tap(klass, klass.checkpoints[2])
    await send()
    assert campus.labels == ['Soil', FIRST]
    assert await switch(klass) == 3
    await send()
    assert [len(campus.column(label)) for label in (FIRST, SECOND, COURSE)] == [1, 1, 1]


async def test_links_of_one_course_there_share_its_columns(campus: FakePlatform) -> None:
    klass = await a_linked_class(campus, links_to_it=2)
    await switch(klass, link_id=1)
    assert await switch(klass, link_id=2) == 0, 'it is on already'
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    await send()
    assert [len(campus.column(label)) for label in (FIRST, SECOND, COURSE)] == [1, 1, 1]
    ((sending),) = await database.read(milestones.of_course, klass.teacher, klass.course_id)
    assert (sending.link_id, sending.is_on) == (1, True)
    await switch(klass, link_id=2, is_on=False)
    ((sending),) = await database.read(milestones.of_course, klass.teacher, klass.course_id)
    assert not sending.is_on


async def test_a_milestone_waits_while_the_platform_is_down_and_its_column_is_found_again(campus: FakePlatform) -> None:
    klass = await a_linked_class(campus)
    await switch(klass)
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint)
    campus.status = 503
    await send()
    ((sending),) = await database.read(milestones.of_course, klass.teacher, klass.course_id)
    ((water),) = sending.columns
    assert (water.sent, water.waiting) == (0, 1)
    assert (await database.read(sent_grades.of_school, await an_admin()))[0].count > 0

    campus.status = 200
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        await send()
    assert len(campus.column(FIRST)) == 1

    def lose(tx: Transaction) -> None:
        """What the platform has answered is lost on the way here."""
        tx.execute(update(LtiMilestone).values(line_item=''))
        tx.execute(update(LtiScore).values(sent=None))

    await database.write(lose)
    await database.write(scores.touch_all, klass.teacher, klass.course_id)
    campus.page = 1
    await send()
    assert len(campus.column(FIRST)) == 2
    assert campus.labels.count(FIRST) == 1, 'found on the second page, and not made again'


async def test_grades_and_what_differs_do_not_take_milestones_for_grades(campus: FakePlatform) -> None:
    klass = await a_linked_class(campus)
    await switch(klass)
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    await send()
    ((grade),) = await database.read(sent_grades.of_course, klass.teacher, klass.course_id, link_id=1)
    assert grade.score == 100

    def read_scopes(tx: Transaction) -> None:
        link = tx.session.get_one(LtiLink, 1)
        link.scopes = [*link.scopes, services.RESULT]

    await database.write(read_scopes)
    reading = await database.write(results.take, klass.teacher, klass.course_id, 1)
    found = await database.read(results.matched, reading, {'lena-17': services.Result(score=100)})
    assert await database.write(results.keep, reading, found) == 0, 'nothing differs'


async def test_only_those_who_teach_switch_it_and_only_where_columns_may_be_made(campus: FakePlatform) -> None:
    klass, other = await a_linked_class(campus), await a_course(title='Other')
    with pytest.raises(NotFound):
        await database.write(milestones.switch, klass.learner, klass.course_id, link_id=1, is_on=True)
    with pytest.raises(NotFound):
        await database.write(milestones.switch, other.teacher, other.course_id, link_id=1, is_on=True)

    def no_columns(tx: Transaction) -> None:
        tx.session.get_one(LtiLink, 1).scopes = [services.SCORE]

    await database.write(no_columns)
    with pytest.raises(Refused, match='does not let columns be made'):
        await switch(klass)
    assert await database.read(milestones.of_course, klass.teacher, klass.course_id) == ()


async def test_a_link_that_leads_elsewhere_sends_no_milestones_of_the_course_before(campus: FakePlatform) -> None:
    klass = await a_linked_class(campus)
    await switch(klass)
    for checkpoint in klass.checkpoints[:2]:
        await tap(klass, checkpoint)
    await follow()
    await database.write(lambda tx: milestones.forget(tx, tx.session.get_one(LtiLink, 1)))
    await send()
    assert campus.labels == ['Soil']
