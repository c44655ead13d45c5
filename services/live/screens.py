"""The screens that show one class: each is told of what concerns it, and no more often than it has to be."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from services.core import watchers
from services.live import spreading
from services.live.board import public_stats, view_builders
from services.live.board.board import Board, Touched
from services.live.board.views import Change, Names
from services.live.presence import Presences
from services.live.spreading import Spreader

GridScreen = Callable[[Change | None], None]
"""Told what moved, or None: everything may have, look at `Room.class_view` again."""
OwnScreen = Callable[[], None]
"""Told to look at `Room.own_view` again."""
FigureScreen = Callable[[int | None], None]
"""Told how far the class is, in percent."""


class Screens:
    """Who watches one class, by what they are shown."""

    def __init__(self, board: Callable[[], Board], presences: Presences, left: Callable[[], None]) -> None:
        """`left` is called whenever a screen has gone."""
        self._board = board
        self._presences = presences
        self._left = left
        self._grids: defaultdict[tuple[Names, str], list[GridScreen]] = defaultdict(list)
        self._own: defaultdict[int, list[OwnScreen]] = defaultdict(list)
        self._figures: list[FigureScreen] = []
        self._help: list[OwnScreen] = []
        self._question: list[OwnScreen] = []
        self._loop = asyncio.get_running_loop()
        self._spreader = Spreader()
        self._figure_told: int | None = None
        self._figure_timer: asyncio.TimerHandle | None = None

    def watch_grid(self, names: Names, screen: GridScreen, group: str = '') -> Callable[[], None]:
        """Tell a grid, of everybody or of one group, what moves; returns the way to stop it."""
        return self._add(self._grids[names, group], screen)

    def watch_own(self, user_id: int, screen: OwnScreen, figure: FigureScreen) -> Callable[[], None]:
        """Tell a learner's page when to look again, and how far the class is; returns the way to stop it."""
        stops = self._add(self._own[user_id], screen), self._add(self._figures, figure)

        def stop() -> None:
            for each in stops:
                each()
            if not self._own[user_id]:
                del self._own[user_id]

        return stop

    def watch_help(self, screen: OwnScreen) -> Callable[[], None]:
        """Tell a screen to look at the help queue again; returns the way to stop it."""
        return self._add(self._help, screen)

    def watch_question(self, screen: OwnScreen) -> Callable[[], None]:
        """Tell a screen to look at the question in class again; returns the way to stop it."""
        return self._add(self._question, screen)

    def _add(self, screens_of_kind: list[Callable[..., None]], screen: Callable[..., None]) -> Callable[[], None]:
        leave = watchers.add(screens_of_kind, screen)

        def stop() -> None:
            leave()
            self._left()

        return stop

    @property
    def are_there(self) -> bool:
        """Whether any page shows the class."""
        return any(self._grids.values()) or self.are_of_learners or bool(self._help or self._question)

    @property
    def are_of_learners(self) -> bool:
        """Whether a learner's own page shows it."""
        return any(self._own.values())

    @property
    def are_of_teachers(self) -> bool:
        """Whether the grid of a teacher shows it; a projector that was left on is nobody."""
        return any(grids for (names, _), grids in self._grids.items() if names is Names.TEACHER)

    def tell(self, touched: Touched, came_or_went: set[int]) -> None:
        """Tell what moved to those whom it concerns."""
        for (names, group), grids in self._grids.items():
            if grids:
                change = view_builders.change(self._board(), names, touched, came_or_went, self._presences, group)
                watchers.tell(grids, change)
        for user_id in touched.learners | touched.own | touched.answered | {user_id for user_id, _ in touched.cells}:
            watchers.tell(self._own.get(user_id, ()))
        if touched.question or touched.answered or came_or_went:
            watchers.tell(self._question)
        if touched.question:
            self._spread(tuple(self._own))
        if touched.help:
            watchers.tell(self._help)
            self._spread(touched.helped)
        self._schedule_figure()

    def look_again(self) -> None:
        """Tell everybody that everything may have moved."""
        watchers.tell(self._help)
        watchers.tell(self._question)
        for grids in self._grids.values():
            watchers.tell(grids, None)
        self._spread(tuple(self._own))
        self._schedule_figure()

    def _spread(self, user_ids: Iterable[int]) -> None:
        self._spreader.hand_out([own for user_id in user_ids for own in self._own.get(user_id, ())])

    # the figure of the class, for everybody, now and then and spread over the time between

    def _schedule_figure(self) -> None:
        if self._figure_timer is None and self._figures and self._percent != self._figure_told:
            interval = spreading.figure_interval(len(self._figures))
            self._figure_timer = self._loop.call_later(interval, self._tell_figure)

    @property
    def _percent(self) -> int | None:
        return public_stats.class_percent(self._board())

    def _tell_figure(self) -> None:
        self._figure_timer = None
        percent = self._figure_told = self._percent
        self._spreader.hand_out_figure([partial(screen, percent) for screen in self._figures])
