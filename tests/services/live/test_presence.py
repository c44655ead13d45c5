"""Who is here: pages, taps and the time decide; a network that flickers is shown to nobody."""

import pytest

from services.core import database
from services.courses import checkpoints
from services.live import presence, room, rooms, sessions
from services.live.board.views import Change, Headcount, Names, Presence
from services.live.presence import GRACE, IDLE_AFTER, Presences
from services.live.room import Room
from tests.factories.classes import ClassAtHand, a_class, join_class, percent, tap
from tests.support.eventually import eventually
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('L6')

LENA, OTTO = 1, 2
FLICKER = GRACE - 1


class Watched:
    """A class at a clock that the test moves, with what a screen would be told."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.presences = Presences()
        self.presences.begin([], self.now)

    def opens(self, who: int) -> None:
        self.presences.arrive(who, self.now)
        self.presences.join(who, self.now)

    def loses(self, who: int) -> None:
        self.presences.lose(who, self.now)

    def regains(self, who: int) -> None:
        self.presences.regain(who, self.now)

    def taps(self, who: int) -> None:
        self.presences.act(who, self.now)

    def later(self, seconds: float) -> set[int]:
        """Let time pass, second by second; returns whose presence moved."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + 1)
            self.presences.pass_time(self.now)
        return self.presences.take_moved()

    def shows(self, who: int = LENA) -> Presence:
        shown = self.presences.shown(who)
        assert shown is self.presences.state_of(who, self.now)
        return shown


@pytest.fixture
def watched() -> Watched:
    """Lena has just opened her page."""
    watched = Watched()
    watched.opens(LENA)
    watched.presences.take_moved()
    return watched


def test_whoever_taps_works_and_whoever_does_not_is_idle(watched: Watched) -> None:
    assert watched.shows() is Presence.WORKING

    watched.later(IDLE_AFTER - 1)
    watched.taps(LENA)
    assert watched.later(IDLE_AFTER - 1) == set()
    assert watched.shows() is Presence.WORKING

    assert watched.later(1) == {LENA}
    assert watched.shows() is Presence.IDLE
    watched.taps(LENA)
    assert watched.shows() is Presence.WORKING
    assert watched.later(IDLE_AFTER) == {LENA}


def test_a_network_that_flickers_changes_nothing(watched: Watched) -> None:
    for _ in range(5):
        watched.loses(LENA)
        assert watched.later(FLICKER) == set()
        watched.regains(LENA)
        assert watched.later(FLICKER) == set()

    assert watched.shows() is Presence.WORKING


def test_flickering_does_not_make_the_idle_work(watched: Watched) -> None:
    watched.later(IDLE_AFTER)
    watched.loses(LENA)
    watched.later(FLICKER)
    watched.regains(LENA)

    assert watched.shows() is Presence.IDLE


def test_whoever_stays_away_is_lost_until_they_are_back(watched: Watched) -> None:
    watched.loses(LENA)
    assert watched.later(GRACE) == {LENA}
    assert watched.shows() is Presence.LOST
    assert watched.later(10 * IDLE_AFTER) == set()

    watched.regains(LENA)

    assert watched.presences.take_moved() == {LENA}
    assert watched.shows() is Presence.WORKING


def test_with_two_tabs_nobody_is_lost_before_both_are(watched: Watched) -> None:
    watched.opens(LENA)
    watched.loses(LENA)
    assert watched.later(2 * GRACE) == set()

    watched.loses(LENA)
    watched.later(FLICKER)
    assert watched.shows() is Presence.WORKING
    watched.later(1)
    assert watched.shows() is Presence.LOST


def test_a_page_that_is_closed_is_a_connection_that_is_gone(watched: Watched) -> None:
    watched.opens(LENA)

    assert not watched.presences.leave(LENA, watched.now)
    assert watched.later(2 * GRACE) == set()
    assert watched.presences.leave(LENA, watched.now)

    assert watched.later(GRACE) == {LENA}
    assert watched.shows() is Presence.LOST
    assert not watched.presences.is_anybody_here


def test_whoever_goes_before_the_class_begins_is_not_there_yet(watched: Watched) -> None:
    watched.presences.arrive(OTTO, watched.now)
    watched.presences.leave(OTTO, watched.now)

    watched.later(GRACE)

    assert watched.shows(OTTO) is Presence.NOT_YET
    assert watched.presences.counts(enrolled=5) == Headcount(here=1, not_yet=4)


def test_the_next_class_begins_without_those_who_are_gone(watched: Watched) -> None:
    watched.opens(OTTO)
    watched.loses(LENA)
    watched.later(GRACE)
    assert watched.presences.counts(enrolled=2) == Headcount(here=1, lost=1)

    watched.presences.begin([], watched.now)

    assert watched.presences.counts(enrolled=2) == Headcount(here=1, not_yet=1)


def test_who_has_no_connection_is_silent_since_it_was_lost(watched: Watched) -> None:
    ida = 7
    watched.opens(ida)
    watched.later(50)
    assert watched.presences.silent_for(ida, watched.now) == 0
    watched.loses(ida)
    watched.later(30.5)

    assert watched.presences.silent_for(ida, watched.now) == 30
    assert (watched.presences.is_here(ida), watched.presences.is_here(ida + 1)) == (True, False)
    watched.presences.leave(ida, watched.now)
    assert not watched.presences.is_here(ida)


def test_counts_are_those_of_everybody(watched: Watched) -> None:
    for who in range(10, 20):
        watched.opens(who)
    watched.later(IDLE_AFTER)
    for who in 10, 11, 12:
        watched.taps(who)
    for who in 12, 13:
        watched.loses(who)
    watched.later(GRACE)

    assert watched.presences.counts(enrolled=20) == Headcount(here=9, idle=7, lost=2, not_yet=9)


def test_after_a_restart_those_who_had_joined_are_lost_until_their_page_is_back() -> None:
    presences = Presences()
    presences.begin([LENA], 0.0)
    assert presences.shown(LENA) is Presence.LOST

    presences.arrive(LENA, 0.1)
    assert presences.shown(LENA) is Presence.WORKING


@pytest.mark.req('P1')
def test_a_second_of_a_large_class_is_found_without_a_walk() -> None:
    presences = Presences()
    for who in range(1000):
        presences.arrive(who, who * 0.1)
        presences.join(who, who * 0.1)
    presences.take_moved()

    with work_of_at_most(900 * 0.001):
        for second in range(100, 1000):
            presences.pass_time(float(second))
    assert presences.take_moved() == set(range(1000))


@pytest.mark.usefixtures('db')
class TestInARoom:
    """What the room makes of it."""

    async def test_a_lost_learner_reaches_every_grid(self, klass: ClassAtHand) -> None:
        front, grid = await in_front(klass)
        who = klass.learner.user_id
        front.arrive(who)
        await eventually(lambda: told(grid) == [Presence.WORKING])
        front.lose(who)
        front.regain(who)
        front.lose(who)

        await eventually(lambda: told(grid) == [Presence.WORKING, Presence.LOST])
        assert grid[-1]
        assert grid[-1].headcount == Headcount(here=0, lost=1, not_yet=1)

    async def test_an_idle_learner_who_taps_works_again(self, klass: ClassAtHand) -> None:
        _, grid = await in_front_of_an_idle_learner(klass)

        await tap(klass, klass.checkpoints[0])

        await eventually(lambda: told(grid)[2:3] == [Presence.WORKING])

    async def test_a_learner_who_completes_the_course_by_a_deletion_stays_idle(self, klass: ClassAtHand) -> None:
        for checkpoint in klass.checkpoints[:-1]:
            await tap(klass, checkpoint)
        front, _ = await in_front_of_an_idle_learner(klass)

        await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[-1])

        assert await percent(klass, klass.learner) == 100
        assert front.presences.state_of(klass.learner.user_id, front._loop.time()) is Presence.IDLE

    async def test_the_instructor_sees_who_has_never_joined(self, klass: ClassAtHand) -> None:
        front, _ = await in_front(klass)
        front.arrive(klass.learner.user_id)

        rows = front.class_view(Names.TEACHER).rows

        assert [row.presence for row in rows] == [Presence.WORKING, Presence.NOT_YET]
        assert [row.presence for row in front.class_view(Names.ALIAS).rows] == [Presence.WORKING]
        assert front.class_view(Names.ALIAS).headcount == Headcount(here=1, not_yet=1)

    async def test_once_the_class_is_over_nobody_is_missing(self, klass: ClassAtHand) -> None:
        front, _ = await in_front(klass)

        await database.write(sessions.end, klass.teacher, klass.course_id)

        view = front.class_view(Names.ALIAS)
        assert view.headcount == Headcount(here=0)
        assert [row.presence for row in view.rows] == [Presence.WORKING]
        await eventually(lambda: front._presence_timer is None)

    async def test_the_next_class_begins_anew_and_the_time_is_watched(self, klass: ClassAtHand) -> None:
        front, _ = await in_front(klass)
        await database.write(sessions.end, klass.teacher, klass.course_id)
        await eventually(lambda: front._presence_timer is None)

        await database.write(sessions.start, klass.teacher, klass.course_id)

        assert front.class_view(Names.TEACHER).headcount == Headcount(here=0, not_yet=2)
        assert front._presence_timer is not None

    @pytest.fixture
    async def klass(self, db: object, monkeypatch: pytest.MonkeyPatch) -> ClassAtHand:
        """A class that one of two has joined, in a room where time is short."""
        monkeypatch.setattr(room, 'PRESENCE_INTERVAL', 0.01)
        monkeypatch.setattr(presence, 'GRACE', 0.05)
        held = await a_class(learners=['Lena Low', 'Otto Old'])
        await join_class(held)
        return held


async def in_front(klass: ClassAtHand) -> tuple[Room, list[Change | None]]:
    front = await rooms.enter(klass.course_id)
    changes: list[Change | None] = []
    front.screens.watch_grid(Names.TEACHER, changes.append)
    return front, changes


async def in_front_of_an_idle_learner(klass: ClassAtHand) -> tuple[Room, list[Change | None]]:
    front, changes = await in_front(klass)
    front.arrive(klass.learner.user_id)
    await eventually(lambda: told(changes) == [Presence.WORKING])
    long_ago = (
        front._loop.time() - 10 * presence.IDLE_AFTER
    )  # not before the work was seen, however busy the machine is
    front.presences.act(klass.learner.user_id, long_ago)
    await eventually(lambda: told(changes) == [Presence.WORKING, Presence.IDLE])
    return front, changes


def told(changes: list[Change | None]) -> list[Presence]:
    return [state for change in changes if change for _, state in change.presence]
