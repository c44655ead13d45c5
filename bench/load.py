"""The load: many students tapping on a timetable, and what came of it."""

import asyncio
import gc
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bench.figures import percentile
from bench.student import Tap, Tapper

Person = TypeVar('Person')


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What happened in one stretch of load; times in seconds, `generator_cpu` in cores."""

    taps: list[Tap] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    skipped: int = 0
    generator_cpu: float = 0.0

    @property
    def receipts(self) -> list[float]:
        """How long each answered tap waited for its receipt."""
        return [tap.answered - tap.sent for tap in self.taps if tap.answered is not None]

    @property
    def unanswered(self) -> int:
        """Taps that never got a receipt."""
        return sum(tap.answered is None for tap in self.taps)

    @property
    def last_receipt(self) -> float:
        """From the first tap to the last receipt."""
        answered = [tap.answered for tap in self.taps if tap.answered is not None]
        return max(answered, default=0.0) - min((tap.sent for tap in self.taps), default=0.0)

    def grid_delays(self, arrived: Mapping[tuple[str, str], float]) -> list[float]:
        """How long each tap took to reach a watcher who noted arrivals by student and checkpoint."""
        return [arrived[key] - tap.sent for tap in self.taps if (key := (tap.student, tap.checkpoint)) in arrived]

    def __str__(self) -> str:
        """What was sent, and how hard the load generator itself had to work."""
        return (
            f'{len(self.taps)} taps, {self.skipped} skipped, {self.unanswered} unanswered; '
            f'generator {100 * self.generator_cpu:.0f} % of a core, '
            f'sent late by {1000 * percentile(self.late, 99):.1f} ms (p99)'
        )


async def all_at_most(concurrency: int, people: Iterable[Person], act: Callable[[Person], Awaitable[object]]) -> None:
    """Let everybody do something, so many at a time, as a class arrives."""
    waiting = iter(people)

    async def worker() -> None:
        for person in waiting:
            await act(person)

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(worker())


async def steady(students: Sequence[Tapper], *, per_second: float, seconds: float) -> Outcome:
    """Tap at a constant rate, student after student, whether or not the server keeps up."""
    count = int(per_second * seconds)
    return await _tap(itertools.cycle(students), [number / per_second for number in range(count)], patience=10)


async def burst(students: Sequence[Tapper], *, within: float, patience: float = 30) -> Outcome:
    """Let every student tap once within so many seconds, evenly, and wait so long for the receipts."""
    timetable = [within * number / len(students) for number in range(len(students))]
    return await _tap(iter(students), timetable, patience=patience)


async def _tap(students: Iterator[Tapper], timetable: Sequence[float], *, patience: float) -> Outcome:
    outcome = Outcome()
    with quiet_collector():
        start, cpu = time.perf_counter(), time.process_time()
        for due in timetable:
            wait = start + due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            student = next(students)
            if not student.ready:
                outcome.skipped += 1
                continue
            outcome.late.append(time.perf_counter() - start - due)
            outcome.taps.append(await student.tap())
        deadline = time.perf_counter() + patience
        while outcome.unanswered and time.perf_counter() < deadline:  # noqa: ASYNC110 - receipts have no event
            await asyncio.sleep(0.05)
        outcome.generator_cpu = (time.process_time() - cpu) / (time.perf_counter() - start)
    await asyncio.sleep(0.5)  # the last tick still has to reach the grid
    return outcome


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Keep our own garbage collector out of the measurement."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
