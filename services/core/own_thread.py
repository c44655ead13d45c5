"""One thread with one kind of work, handed to it and back with less ado than an executor needs for many."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar('T')


class OwnThread:
    """Runs pieces of work one after the other, in the order in which they come."""

    def __init__(self, name: str) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        # a daemon, so that a piece of work that hangs does not keep the process from ending
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[], T]) -> T:
        """Run a piece of work in the thread and return what it returns; raises what it raises."""
        loop = asyncio.get_running_loop()
        task = _Task(work, loop, loop.create_future())
        self._tasks.put(task)
        result: T = await task.answer
        return result

    def close(self) -> None:
        """Finish what was handed over and end the thread."""
        self._tasks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while task := self._tasks.get():
            task.run()


class _Task:
    """One piece of work and who waits for it."""

    __slots__ = ('_error', '_loop', '_result', '_work', 'answer')

    def __init__(
        self, work: Callable[[], object], loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Any]
    ) -> None:
        self._work = work
        self._loop = loop
        self._result: object = None
        self._error: BaseException | None = None
        self.answer = answer

    def run(self) -> None:
        """Do the work, in the thread; what it raises belongs to the caller."""
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 - the thread must go on
            self._error = error
        with suppress(RuntimeError):  # the loop has ended, and with it those who waited
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        if self.answer.done():
            return
        if self._error is not None:
            self.answer.set_exception(self._error)
        else:
            self.answer.set_result(self._result)
