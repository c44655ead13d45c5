"""The collector: what is garbage is freed, also where it was in use at a look; what stays is not looked at again."""

import gc
import weakref
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from nicegui import Client

from ui.kit.nicegui_patches import deleted_elements
from ui.shell import gc_tuning
from ui.shell.gc_tuning import FEW_OBJECTS, FULL_AT_MOST_EVERY, MANY_GONE, OF_A_PAGE, Collector

pytestmark = pytest.mark.req('O1')


class Request:
    """Something that refers to itself, as requests do."""

    def __init__(self) -> None:
        self.me = self
        self.elements: list[Request] = []


@pytest.fixture(autouse=True)
def _only_we_collect() -> Iterator[None]:
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


def test_a_request_that_ends_between_two_looks_is_freed() -> None:
    collector, request = Collector(), Request()
    ended, others = weakref.ref(request), [Request() for _ in range(FEW_OBJECTS)]
    collector.look()
    in_between = Request()
    also_ended = weakref.ref(in_between)
    gc.collect(0)  # as Python does whenever there is much that is new: it is not young any more

    del request, in_between, others
    collector.look()

    assert also_ended() is None
    assert ended() is not None, 'it was under way at a look; it is freed when pages have gone'


def test_what_stays_is_frozen() -> None:
    collector, kept = Collector(), [Request() for _ in range(FEW_OBJECTS)]
    before = gc.get_freeze_count()
    collector.look()

    assert gc.get_freeze_count() >= before + len(kept)
    assert not gc.get_objects(generation=2)


def test_a_look_at_idle_pages_walks_through_nothing() -> None:
    collector = Collector()
    gc.collect()
    collector.look()
    before, kept = gc.get_freeze_count(), [Request() for _ in range(10)]

    collector.look()

    assert gc.get_freeze_count() == before
    assert any(each is kept[0] for each in gc.get_objects(generation=0))


def test_pages_that_nobody_watches_are_freed_however_many_come_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that loads pages without end, and never opens their sockets, leaves no more than a minute of them."""
    now = 0.0
    monkeypatch.setattr(gc_tuning.time, 'monotonic', lambda: now)
    pages: dict[str, SimpleNamespace] = {}
    monkeypatch.setattr(Client, 'instances', pages)
    pages['a class'] = SimpleNamespace(has_socket_connection=True)
    collector, left = Collector(), list[weakref.ref[Request]]()
    for minute in range(3):
        for number in range(MANY_GONE):
            garbage = Request()
            left.append(weakref.ref(garbage))
            garbage.elements = elements = [Request() for _ in range(OF_A_PAGE)]
            pages[f'{minute} {number}'] = SimpleNamespace(has_socket_connection=False, holds=garbage)
        del garbage, elements
        collector.look()
        for id_ in [id_ for id_ in pages if id_.startswith(f'{minute - 1} ')]:
            deleted_elements.extend(map(weakref.ref, pages.pop(id_).holds.elements))  # type: ignore[arg-type]
        collector.look()
        now += FULL_AT_MOST_EVERY
        collector.look()

    assert sum(each() is not None for each in left) == MANY_GONE, 'those that are open'


def test_pages_that_leave_nothing_stop_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a client loads without end is freed as it goes; everything is walked through for twenty times as many."""
    monkeypatch.setattr(Client, 'instances', {})
    collector, kept = Collector(), Request()
    watched, ended = SimpleNamespace(has_socket_connection=True), weakref.ref(kept)
    gc.collect()
    gc.freeze()
    del kept  # only a full collection would free it now

    def pages_come_and_go(number: int) -> None:
        Client.instances.update({f'{each}': watched for each in range(number)})
        collector.look()
        Client.instances.clear()
        Client.instances['a class'] = watched
        collector.look()

    pages_come_and_go(2 * MANY_GONE)
    assert ended() is not None
    pages_come_and_go(OF_A_PAGE * MANY_GONE)
    assert ended() is None
