"""The term of the demo school: lived through the verbs of the product, with its stories in it, the same each time."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from demo import history, history_course, history_people, school
from models import Activity, Checkpoint, LiveSession, ParentLink, Progress, ReleasedFigure, SchoolFigure, User, Verb
from services import verify
from services.analytics import school_releases
from services.analytics.school_counts import Counted
from services.core import clock, database, zones
from services.core.database import Database
from services.core.transaction import Transaction

pytestmark = pytest.mark.req('O4')

LIVED = 'Sam Rivera', 'Aisha Rahman', 'Clara Nilsson', 'Dimitri Volkov', 'Greta Olsen', 'Mei Tanaka'
HARD = 'Measure the pH of three samples'


@pytest.fixture
async def term(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six of the thirty learners, whose stories are told below, live through the term."""
    monkeypatch.setattr(history, 'LEARNERS', [each for each in history_people.LEARNERS if each.name in LIVED])
    now = clock.now()
    begins = history_course.first_day(now)
    ada, sam = await school.first_people(begins - timedelta(days=1))
    await school.make_family(sam, begins - timedelta(days=1))
    await history.live_term(instructor=ada, sam=sam, password=school.PASSWORD, begins=begins, now=now)


async def test_the_term_is_what_the_log_says_and_has_its_stories_in_it(term: None) -> None:
    assert await database.read(verify.differences) == []
    assert await database.read(_backwards) == 0, 'the order of the log is the order in which it happened'
    lived = await database.read(_days_and_hours)

    assert {name: days[-1] < 44 for name, (days, _) in lived.items()} == {
        name: name in {'Aisha Rahman', 'Greta Olsen'} for name in LIVED
    }, 'two are gone'
    assert not {day for day in lived['Clara Nilsson'][0] if 18 <= day <= 44}, 'she was away and came back'
    assert sum(hour >= 22 or hour < 3 for hour in lived['Dimitri Volkov'][1]) > 20, 'he studies at night'
    assert await database.read(_unfinished) >= {HARD}
    done = {'Aisha Rahman': 8, 'Clara Nilsson': 11, 'Dimitri Volkov': 11, 'Mei Tanaka': 11, 'Sam Rivera': 10}
    assert await database.read(_done) == done, 'the same each time'
    assert await database.read(_families) == [('Maria Rivera', 'Sam Rivera')]


async def test_what_a_job_drew_while_the_term_was_written_is_drawn_anew(term: None) -> None:
    yesterday = zones.local_date(zones.school(), clock.now()) - timedelta(days=1)
    nobody = Counted(figure=SchoolFigure.ACTIVE_PEOPLE, day=yesterday - timedelta(days=3), value=0)
    await database.write(school_releases.draw, [nobody])

    await school._first_night(await database.read(_course))

    drawn = await database.read(_people_by_day)
    assert len(drawn) == 28
    assert None in drawn.values(), 'fewer than ten, and not nobody'


def _course(tx: Transaction) -> int:
    return tx.execute(select(func.min(col(Checkpoint.course_id)))).scalar_one()


def _people_by_day(tx: Transaction) -> dict[date, int | None]:
    rows = select(col(ReleasedFigure.day), col(ReleasedFigure.value))
    return dict(tx.execute(rows.where(col(ReleasedFigure.figure) == SchoolFigure.ACTIVE_PEOPLE)).all())


def _backwards(tx: Transaction) -> int:
    moments = tx.session.scalars(select(col(Activity.at)).order_by(col(Activity.id))).all()
    return sum(after < before for before, after in pairwise(moments))


def _days_and_hours(tx: Transaction) -> dict[str, tuple[list[int], list[int]]]:
    """Return on which days of the term, and in which hours, each did something themselves."""
    rows = tx.execute(
        select(col(User.name), col(Activity.happened_at), col(Activity.local_hour))
        .join(User, col(User.id) == col(Activity.user_id))
        .where(col(User.name).in_(LIVED), col(Activity.verb) != Verb.RETURNED)
        .order_by(col(Activity.id))
    ).all()
    begins = history_course.first_day(tx.now)
    return {
        name: (
            [(at - begins).days for who, at, _ in rows if who == name],
            [hour for who, _, hour in rows if who == name],
        )
        for name in LIVED
    }


def _unfinished(tx: Transaction) -> set[str]:
    begun = select(col(Checkpoint.title)).join(Progress, col(Progress.checkpoint_id) == col(Checkpoint.id))
    return set(tx.execute(begun.where(col(Progress.completed_at).is_(None))).scalars())


def _done(tx: Transaction) -> dict[str, int]:
    """Return how many checkpoints each had done a week ago."""
    then = history_course.first_day(tx.now) + timedelta(days=60)
    checkpoints = func.count(func.distinct(col(Progress.checkpoint_id)))
    rows = select(col(User.name), checkpoints).join(User, col(User.id) == col(Progress.user_id))
    return dict(tx.execute(rows.where(col(Progress.completed_at) < then).group_by(col(User.name))).all())


def _families(tx: Transaction) -> list[tuple[str, str]]:
    parent, child = aliased(User), aliased(User)
    pairs = (
        select(col(parent.name), col(child.name))
        .select_from(ParentLink)
        .join(parent, col(parent.id) == col(ParentLink.parent_id))
        .join(child, col(child.id) == col(ParentLink.child_id))
    )
    return [(one, other) for one, other in tx.execute(pairs)]


async def test_no_class_is_held_on_a_weekend(term: None) -> None:
    assert await database.read(_class_days) <= {0, 1, 2, 3, 4}


def test_everybody_has_an_address_that_can_be_typed() -> None:
    addresses = {history_people.address_of(each.name) for each in history_people.LEARNERS}

    assert {'adam.novotny@example.org', 'paula.jimenez@example.org', 'liam.obrien@example.org'} <= addresses
    assert len(addresses) == len(history_people.LEARNERS)
    assert all(address.isascii() for address in addresses)


@pytest.mark.parametrize('begun_on', range(7))
def test_a_class_day_on_a_weekend_becomes_the_friday_before(begun_on: int) -> None:
    begins = datetime(2026, 9, 21 + begun_on, tzinfo=UTC)
    made = history_course.Made(course_id=1, code='', begins=begins, ids={})

    weekday = (begins + timedelta(days=history_course.CLASS_DAY - made.days_into_weekend)).weekday()

    assert weekday == min((begun_on + history_course.CLASS_DAY) % 7, history_course.FRIDAY)


def _class_days(tx: Transaction) -> set[int]:
    begun = tx.execute(select(col(LiveSession.started_at))).scalars().all()
    return {zones.local_date(zones.school(), each).weekday() for each in begun}
