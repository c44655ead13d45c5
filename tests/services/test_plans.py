"""Nothing that happens a thousand times a minute, or to thousands at once, reads a big table from end to end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select, true
from sqlmodel import col

from models import ExportTable, Progress, Role, Verb
from services.accounts import tokens
from services.activity import taps
from services.activity.taps import Tap
from services.analytics import choices, course_queries, day_queries, educator, learner, school
from services.core import database
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import auto_complete, counters, enrollments, marking
from services.progress.marking import Mark
from services.reports import checkpoints, content, overview
from services.reports.exports import asking, months
from services.reports.exports.asking import Asked
from services.study import path, session_end, sessions, summary, times
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.factories.study import arrive
from tests.support.query_plans import read_alone, scans

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S2', 'S4', 'S12', 'O8'), pytest.mark.usefixtures('db')]

Work = Callable[[Transaction], object]


def a_tap(klass: ClassAtHand) -> Work:
    made = Tap(
        actor=klass.learner,
        session_id=klass.session_id,
        verb=Verb.COMPLETED,
        tap_id='x',
        checkpoint_id=klass.checkpoints[2],
    )
    return lambda tx: taps.take_all(tx, [made])


def a_mark(klass: ClassAtHand) -> Work:
    made = Tap(
        actor=klass.learner, session_id=None, verb=Verb.COMPLETED, tap_id='x', checkpoint_id=klass.checkpoints[2]
    )
    return lambda tx: taps.take_all(tx, [made])


def a_checkpoint_that_counts_no_longer(klass: ClassAtHand) -> Work:
    return partial(counters.cease_to_count, course_id=klass.course_id, checkpoint_ids=[klass.checkpoints[0]])


def a_module_that_is_back(klass: ClassAtHand) -> Work:
    return partial(counters.begin_to_count, course_id=klass.course_id, checkpoint_ids=klass.checkpoints)


def a_recount_of_some(klass: ClassAtHand) -> Work:
    everybody = [learner.user_id for learner in klass.learners]
    return partial(enrollments.recount, course_id=klass.course_id, user_ids=everybody)


def where_to_go_on(klass: ClassAtHand) -> Work:
    return partial(path.continue_at, actor=klass.learner, course_id=klass.course_id)


def how_far_one_is(klass: ClassAtHand) -> Work:
    return partial(summary.summary, actor=klass.learner, course_id=klass.course_id)


def why_one_is_there(klass: ClassAtHand) -> Work:
    return partial(summary.why, actor=klass.learner, course_id=klass.course_id)


def a_page_of_the_course(klass: ClassAtHand) -> Work:
    return partial(path.place, actor=klass.learner, course_id=klass.course_id, checkpoint_id=klass.checkpoints[1])


def completing_by_itself(klass: ClassAtHand) -> Work:
    where = {'user_id': klass.learner.user_id, 'course_id': klass.course_id, 'checkpoint_id': klass.checkpoints[1]}
    return partial(auto_complete.complete_by_itself, **where)


def a_sign_of_life(klass: ClassAtHand) -> Work:
    return partial(sessions.beat, actor=klass.learner, checkpoint_id=klass.checkpoints[1])


def leaving(klass: ClassAtHand) -> Work:
    return partial(sessions.leave, actor=klass.learner, course_id=klass.course_id)


def what_has_fallen_silent(_: ClassAtHand) -> Work:
    return session_end.close_silent


def how_long_one_studied(klass: ClassAtHand) -> Work:
    return partial(times.seconds_here, actor=klass.learner, course_id=klass.course_id)


def how_long_at_each_checkpoint(klass: ClassAtHand) -> Work:
    return partial(times.own, actor=klass.learner, course_id=klass.course_id)


def a_mark_of_a_program(klass: ClassAtHand) -> Work:
    def work(tx: Transaction) -> object:
        learner = klass.learner
        claim = tokens.read(tokens.enter(tx, learner.user_id, 'A script').access_token)
        made = Mark(claim=claim, verb=Verb.COMPLETED, checkpoint_id=klass.checkpoints[2], key=None)
        return marking.make_all(tx, [made])

    return work


def how_far_everybody_is(klass: ClassAtHand) -> Work:
    return partial(overview.of_course, actor=klass.teacher, course_id=klass.course_id, after=1, limit=50)


def how_far_one_is_with_each_checkpoint(klass: ClassAtHand) -> Work:
    who = {'actor': klass.teacher, 'user_id': klass.learner.user_id}
    return partial(checkpoints.in_course, **who, course_id=klass.course_id)


def how_far_one_is_with_a_checkpoint(klass: ClassAtHand) -> Work:
    who = {'actor': klass.teacher, 'user_id': klass.learner.user_id}
    return partial(content.at_checkpoint, **who, checkpoint_id=klass.checkpoints[0])


def the_figures_of_a_course(klass: ClassAtHand) -> Work:
    return partial(educator.of_course, actor=klass.teacher, course_id=klass.course_id, session_id=klass.session_id)


def the_figures_of_a_learner(klass: ClassAtHand) -> Work:
    def work(tx: Transaction) -> object:
        choices.choose(tx, klass.learner, klass.course_id, key=choices.COMPARE, chosen=True)
        return learner.own(tx, klass.learner, klass.course_id)

    return work


def the_figures_of_the_school(klass: ClassAtHand) -> Work:
    admin = replace(klass.teacher, role=Role.ADMIN)
    return partial(school.of_school, actor=admin)


def the_hours_of_a_course(klass: ClassAtHand) -> Work:
    def work(tx: Transaction) -> object:
        asked = Asked(what=ExportTable.MONTHS)
        return months.of_groups(tx, asking.scope(tx, klass.teacher, klass.course_id, asked))

    return work


@pytest.mark.parametrize(
    'work',
    [
        a_tap,
        a_mark,
        a_mark_of_a_program,
        how_far_everybody_is,
        how_far_one_is_with_each_checkpoint,
        how_far_one_is_with_a_checkpoint,
        a_checkpoint_that_counts_no_longer,
        a_module_that_is_back,
        a_recount_of_some,
        where_to_go_on,
        how_far_one_is,
        why_one_is_there,
        a_page_of_the_course,
        completing_by_itself,
        a_sign_of_life,
        leaving,
        what_has_fallen_silent,
        how_long_one_studied,
        how_long_at_each_checkpoint,
        the_figures_of_a_course,
        the_figures_of_a_learner,
        the_figures_of_the_school,
        the_hours_of_a_course,
    ],
)
async def test_it_is_found_by_an_index(work: Callable[[ClassAtHand], Work]) -> None:
    klass = await a_class(checkpoints=3, learners=['Lena', 'Otto'])
    await join_class(klass)
    await tap(klass, klass.checkpoints[0])
    await arrive(klass.learner, klass.checkpoints[0])

    assert await database.write(scans, work(klass)) == []


async def test_whoever_reads_everything_is_caught() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])

    found = await database.write(scans, lambda tx: tx.execute(select(col(Progress.id)).where(true())).all())

    assert len(found) == 1
    assert 'progress' in found[0]


@pytest.mark.parametrize(
    ('prepared', 'index'),
    [
        (course_queries._STANDINGS, 'ix_progress_course'),
        (course_queries._STUDIED, 'ix_study_times_course'),
        (day_queries._DAYS, 'ix_daily_totals_course'),
    ],
)
async def test_what_a_course_did_is_read_from_an_index_alone(prepared: Prepared, index: str) -> None:
    values = {'course': 1, 'people': [1], 'since': date(2026, 3, 1)}

    found = await database.write(read_alone, prepared, values)

    assert found
    assert found <= {index, 'daily_totals_pkey'}, 'the key holds all but the sums, and may be the shorter one'
