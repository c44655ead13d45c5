"""Grades as the system of the school reads them: its own ids, and no score that a learner may not see yet."""

import csv
import io
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import CheckpointKind, RosterClass
from services.access import Actor
from services.assignments import rules
from services.assignments.rules import Rules
from services.core import database
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.grades import overrides
from services.people import participants
from services.people.oneroster import bringing_in, plan, results
from services.people.oneroster.reading import roster_of
from tests.factories.people import a_guest, an_admin, an_instructor
from tests.support.oneroster import a_class, an_export, place, user

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]


async def a_school(admin: Actor) -> int:
    """Bring two learners in, one of whom is excused; returns the course, which has one assignment."""
    roster = roster_of(
        an_export(
            users=[user('s1', 'Lena Brandt'), user('s2', 'Omar Said'), user('s3', 'Mia Roth')],
            classes=[a_class('c1', 'Physics'), a_class('c2', 'Empty')],
            enrollments=[place('e1', 'c1', 's1'), place('e2', 'c1', 's2'), place('e3', 'c1', 's3')],
        )
    )
    shown = await database.read(plan.plan, admin, roster)
    await bringing_in.bring_in(admin, roster, mark=shown.mark)

    def course(tx: Transaction) -> int:
        return tx.execute(select(col(RosterClass.course_id)).where(col(RosterClass.sourced_id) == 'c1')).scalar_one()

    return await database.read(course)


def tables(content: bytes) -> dict[str, list[dict[str, str]]]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: list(csv.DictReader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()}


async def test_results_carry_the_ids_of_the_other_system() -> None:
    admin = await an_admin()
    course_id = await a_school(admin)
    found = await database.read(participants.of_course, admin, course_id)
    await a_guest(code=found.code, name='Gus Guest')
    details = Details(title='=Report', kind=CheckpointKind.ASSIGNMENT)
    checkpoint = await database.write(checkpoints.add_one, admin, course_id, details=details)
    await database.write(rules.set_rules, admin, checkpoint, Rules())
    who = {person.name: person.user_id for person in found.learners}
    await database.write(overrides.set_score, admin, checkpoint, user_id=who['Lena Brandt'], score=0)
    await database.write(overrides.excuse, admin, checkpoint, user_id=who['Omar Said'])
    await database.write(overrides.set_score, admin, checkpoint, user_id=who['Mia Roth'], score=120)

    assert [each.name for each in await database.read(results.of_school, admin)] == ['SIS']
    read = tables(await results.export(admin, 'SIS'))
    said = {row['propertyName']: row['value'] for row in read['manifest.csv']}
    assert said['oneroster.version'] == '1.2'
    assert {name for name, value in said.items() if value == 'bulk'} == {
        'file.categories',
        'file.lineItems',
        'file.results',
    }
    (item,) = read['lineItems.csv']
    assert (item['title'], item['classSourcedId'], item['schoolSourcedId']) == ("'=Report", 'c1', 'school')
    assert item['gradingPeriodSourcedId'] == 'term'
    assert item['categorySourcedId'] == read['categories.csv'][0]['sourcedId']
    assert item['resultValueMax'] == '100'
    lines = {row['studentSourcedId']: (row['scoreStatus'], row['score'], row['comment']) for row in read['results.csv']}
    assert lines == {
        's1': ('fully graded', '0', ''),
        's2': ('exempt', '', ''),
        's3': ('fully graded', '100', '120 / 100'),
    }
    assert {row['lineItemSourcedId'] for row in read['results.csv']} == {item['sourcedId']}


async def test_results_are_for_admins_and_of_known_systems() -> None:
    admin = await an_admin()
    await a_school(admin)
    with pytest.raises(NotFound):
        await results.export(await an_instructor(), 'SIS')
    with pytest.raises(NotFound):
        await results.export(admin, 'Another')
