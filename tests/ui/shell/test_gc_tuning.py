"""The collector: what is garbage is freed, also where it was in use at a look; what stays is not looked at again."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ui.shell.gc_tuning import FEW_OBJECTS, Collector

pytestmark = pytest.mark.req('O1')


class Request:
    """Something that refers to itself, as requests do."""

    def __init__(self) -> None:
        self.me = self


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
