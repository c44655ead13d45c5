"""A walk over the dashboards: each figure that is there says what it means, and its file has it under the same name."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from nicegui import ui

from services.access import Actor
from services.activity.following import Running
from services.analytics import choices, daily_totals, definitions, school_releases
from services.core import clock, database
from services.core.phrases import ENGLISH
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.motivation import ledger
from services.people import joining
from tests.factories.classes import a_class, mark
from tests.factories.people import a_student, an_admin
from tests.factories.quizzes import a_quiz, take
from tests.factories.study import arrive, beat, leave
from tests.support.eventually import eventually
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('D1', 'D3', 'D4', 'N1', 'N2', 'N8')

ABOUT_WHAT = {
    *('Step', 'Number', 'Module', 'Due', 'Name', 'Group', 'Week from', 'Band', 'Tag', 'Subject', 'How it goes'),
    *('Hours', 'Day', 'Course', 'Month', 'What follows the record', 'Problem'),
}
"""heads of columns that say which row it is, or put a figure beside them into words"""
SENTENCES = {each.sentence.spoken(ENGLISH): each.name.spoken(ENGLISH) for each in definitions.everything()}


async def test_of_a_course_and_of_a_learner_in_it(enter: Enter) -> None:
    quiz = await a_quiz()
    klass, lena = quiz.klass, quiz.learner
    checkpoint = klass.checkpoints[0]
    await database.write(checkpoints.edit, quiz.teacher, checkpoint, Details(title='Feel the soil', tags=('soil',)))
    await study_for(40, klass.course_id, checkpoint, by=lena)
    for _ in range(3):
        await take(quiz)
    for number in range(6):
        other = await a_student(name=f'Other {number}', email=f'other-{number}@example.org')
        await database.write(joining.join, other, code=klass.code)
        await study_for(2, klass.course_id, checkpoint, by=other)
        await mark(checkpoint, by=other)
    await database.write(choices.choose, lena, klass.course_id, key=choices.COMPARE, chosen=True)
    await Running(daily_totals.FOLLOWER).catch_up()

    course = f'/courses/{klass.course_id}'
    ines, page = await enter(quiz.teacher), await enter(lena)
    of_course = {'Completion by step', 'Time by step', 'Activity by week', 'Distribution of scores'}
    await walk(ines, f'{course}/analytics', of_course)
    await walk(page, f'{course}/progress', {'Weeks', 'Time by step', 'Time of day'})


async def test_of_the_school_and_of_the_time_of_its_courses(enter: Enter) -> None:
    with time_machine.travel(clock.now() - timedelta(days=40), tick=False):
        olga, klass = await an_admin(), await a_class(learners=[f'Learner {number:02}' for number in range(12)])
        for learner in klass.learners:
            await study_for(2, klass.course_id, klass.checkpoints[0], by=learner)
    for each in (daily_totals.FOLLOWER, ledger.FOLLOWER):
        await Running(each).catch_up()
    await school_releases.release()

    admin = await enter(olga)
    by_week = {'Learning sessions by week', 'Notices by week', 'Streaks and badges by week'}
    await walk(admin, '/school/analytics', {'People by day', 'Courses', *by_week})
    await walk(admin, '/school/time', {'Time of all courses'})


async def walk(user: PatientUser, page: str, expected: set[str]) -> None:
    """Look at all figures, tables and files of a page, once those tables are there that it must have."""
    await user.open(page)
    await eventually(lambda: expected <= dict(tables(user)).keys())
    numbers = [each for each in elements(user) if 'figure' in each.classes]
    for each in numbers:
        (name,) = (child for child in each.descendants() if 'defined' in child.classes)
        assert name.props['aria-description'] in SENTENCES, 'a figure without its definition'
    shown = [check_heads(label, heads) for label, heads in tables(user)]
    assert all(shown), 'a table without a figure'
    for link in (each for each in elements(user) if isinstance(each, ui.link)):
        address = str(link.props['href'])
        if address.startswith(f'{page}/') and address.partition('?')[0].endswith('.csv'):
            await check_file(user, address)


def tables(user: PatientUser) -> Iterator[tuple[str, list[str]]]:
    for each in elements(user):
        if isinstance(each, ui.html) and 'roll-table' in each.content:
            yield str(each.props['aria-label']), re.findall(r'<th scope="col">(.*?)</th>', each.content)


def check_heads(label: str, heads: list[str]) -> int:
    """Each column says which row it is, or means something; returns how many figures there are."""
    number = 0
    for head in heads:
        said = re.search(r'class="defined".*aria-description="([^"]*)">([^<]*)<', head)
        if head.startswith('<span title='):
            continue  # a step, in whose column are marks
        if said:
            assert SENTENCES[unescape(said[1])] == unescape(said[2]), label
            number += 1
        else:
            assert unescape(head) in ABOUT_WHAT, f'“{head}” in “{label}” has no definition'
    return number


async def check_file(user: PatientUser, address: str) -> None:
    answer = await user.http_client.get(address)
    mark = ';' if 'commas=yes' in address else ','
    heads, *_ = csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline=''), delimiter=mark)
    steps = {head for head in heads if re.match(r'\d+ ', head)}
    unknown = set(heads) - ABOUT_WHAT - steps - set(SENTENCES.values())
    assert not unknown, f'{address} has columns that nothing defines'


def elements(user: PatientUser) -> list[ui.element]:
    assert user.client
    return list(user.client.elements.values())


async def study_for(minutes: int, course_id: int, checkpoint: int, *, by: Actor) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        await arrive(by, checkpoint)
        for _ in range(minutes):
            at.shift(60)
            await beat(by, checkpoint)
        await leave(by, course_id)
