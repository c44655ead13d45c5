"""What was missed is loaded anew: at once, then not too often, and what is of people alone as well."""

import itertools
from collections.abc import Callable

import pytest

from services.core import audience, catching_up, hub
from services.core.catching_up import LOAD_EVERY, LONGEST, CatchingUp
from services.core.events import CourseChanged, Event, NoticesChanged, ParentsChanged

pytestmark = [pytest.mark.req('O2')]

LENA, OTTO, SOIL, WATER = 1, 2, 7, 8


class Later:
    """A clock that moves only where a test says so, and the work that waits for it."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def put(self, seconds: float, work: Callable[[], None]) -> 'Later | None':
        if seconds <= 0:
            work()
            return None
        self.waiting.append((self.now + seconds, work))
        return self

    def cancel(self) -> None:
        self.waiting.clear()

    def pass_to(self, now: float) -> None:
        self.now = now
        due, self.waiting = [each for each in self.waiting if each[0] <= now], [e for e in self.waiting if e[0] > now]
        for _, work in due:
            work()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    clock = Later()
    monkeypatch.setattr(catching_up, '_later', clock.put)
    monkeypatch.setattr('time.monotonic', lambda: clock.now)
    return clock


@pytest.fixture
def loads(later: Later, monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, object]]:
    """When what was loaded anew; None for everything."""
    found: list[tuple[float, object]] = []

    def look_again(among: object = None) -> int:
        found.append((later.now - 1_000, among))
        return 0

    monkeypatch.setattr(hub, 'look_again', look_again)
    return found


def test_everything_is_loaded_at_once_and_then_now_and_then(later: Later, loads: list[tuple[float, object]]) -> None:
    here = CatchingUp()

    for _ in range(5):
        here.missed()
    later.pass_to(1_000 + LOAD_EVERY / 2)
    here.missed()
    assert loads == [(0.0, None)]
    later.pass_to(1_000 + LOAD_EVERY)

    assert loads == [(0.0, None), (LOAD_EVERY, None)]


def test_while_others_are_not_heard_everything_is_loaded_less_and_less_often_and_what_moved_each_time(
    later: Later, loads: list[tuple[float, object]]
) -> None:
    here = CatchingUp()

    for second in range(60):
        later.pass_to(1_000.0 + second)
        here.missed_alone({SOIL})
    everything = [at for at, among in loads if among is None]
    pauses = [after - before for before, after in itertools.pairwise(everything)]
    here.hear()
    here.missed()
    later.pass_to(1_061.0)

    assert [at for at, among in loads if among == {SOIL}] == list(range(60))
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST
    assert loads[-1][0] <= 61, 'at once when they are heard again'


def test_courses_and_people_who_are_watched_are_woken_and_nobody_else(later: Later) -> None:
    hub.forget_all()  # what clients of another test have left
    heard: dict[str, list[Event]] = {'class': [], 'inbox': [], 'learner': []}
    stops = [
        hub.watch(audience.of_staff(SOIL), heard['class'].extend),
        hub.watch(audience.of_person(LENA), heard['inbox'].extend),
        hub.watch(audience.of_learner(SOIL, OTTO), heard['learner'].extend),
    ]
    try:
        assert hub.look_again({WATER}) == 0, 'nobody looks at it'
        assert hub.people() == (LENA,), 'the other one looks at a course alone'
        CatchingUp().missed()
    finally:
        for stop in stops:
            stop()

    assert heard['class'] == heard['learner'] == [CourseChanged(course_id=SOIL)]
    assert heard['inbox'] == [NoticesChanged(user_id=LENA), ParentsChanged(people=(LENA,))]


def test_many_people_are_woken_some_at_a_time(later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(hub, 'people', lambda: tuple(range(120)))
    monkeypatch.setattr(hub, 'look_again_for', lambda people: woken.append(len(people)))

    CatchingUp().missed()
    assert woken == [50]
    later.pass_to(1_001.0)
    later.pass_to(1_002.0)

    assert woken == [50, 50, 20]
