"""Those who want to be called when something happens: one that is broken does not keep the news from the others."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.core import server_log

W = TypeVar('W')


def add(watchers: list[W], watcher: W) -> Callable[[], None]:
    """Add a watcher; returns the way to stop it, which may be called twice."""
    watchers.append(watcher)

    def stop() -> None:
        if watcher in watchers:
            watchers.remove(watcher)

    return stop


def tell(watchers: Iterable[Callable[..., None]], *news: object, who: str = 'screen') -> None:
    """Call every watcher with the news; what goes wrong with one is written to the server log as “`who` failed”."""
    for watcher in tuple(watchers):
        try:
            watcher(*news)
        except Exception as error:  # noqa: BLE001 - one broken watcher must not stop the others
            server_log.write_problem(f'{who} failed', error)
