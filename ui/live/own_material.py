"""The video or text of a checkpoint on a learner's page of a class: one button that opens it where it stands.

What draws it knows videos and documents, and is given to the page: the pages of a class do not know them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from nicegui import ui

from services.access import Actor
from services.live.board.views import LearnerCheckpoint
from ui.kit.checkpoint_words import WORDS
from ui.kit.handlers import gesture
from ui.kit.language import say
from ui.kit.raw_element import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is opened, and what the page does for it."""

    checkpoint_id: int
    say: Callable[[str], object]
    """shows a sentence beside the big button"""
    act: Callable[[], object]
    """notes that the learner is at work"""


class Opened(Protocol):
    """Content that is open."""

    async def close(self) -> None:
        """Save what it holds; the page takes it away afterwards."""


DrawMaterial = Callable[[Opening], Awaitable[Opened]]
"""Draws the content of a checkpoint where it is called."""
MakeDrawer = Callable[[Request, Actor, int], DrawMaterial]
"""Returns what draws the content of the checkpoints of a course for a learner."""


class OwnMaterial:
    """Offers the content of the checkpoint that is shown, and holds it while it is open."""

    def __init__(
        self,
        draw: DrawMaterial,
        *,
        say: Callable[[str], object],
        act: Callable[[], object],
        moved: Callable[[], object],
    ) -> None:
        """`moved` is called after the content was opened or could not be opened."""
        self.checkpoint_id: int | None = None
        """the checkpoint whose content is open"""
        self._draw, self._say, self._act, self._moved = draw, say, act, moved
        self._offered: LearnerCheckpoint | None = None
        self._opened: Opened | None = None
        self._content: ui.element | None = None
        self._button = Piece('button')
        self._button.on('click', gesture(self._open), args=[[]])
        self._place = Piece('section')
        self._place.draw({'tabindex': '-1'}, classes='hidden')

    def offer(self, checkpoint: LearnerCheckpoint | None) -> None:
        """Offer the content of a checkpoint, unless some is open."""
        opens = say(WORDS[checkpoint.kind].opens) if checkpoint and WORDS[checkpoint.kind].opens else ''
        self._offered = checkpoint if opens else None
        self._button.offer(opens if self.checkpoint_id is None else '', 'button-quiet own-open')

    def hide(self) -> Callable[[], Awaitable[None]]:
        """Take the content out of sight; returns what saves where the learner is in it, and takes it off the page."""
        self.checkpoint_id = None
        opened, self._opened = self._opened, None
        content, self._content = self._content, None
        self._place.draw({}, classes='hidden')

        async def take_away() -> None:
            if opened:
                await opened.close()
            if content and not content.is_deleted:
                content.delete()

        return take_away

    def focus(self) -> None:
        """Let the keyboard go on at the button that opens it."""
        self._button.run_method('focus')

    async def _open(self) -> None:
        checkpoint = self._offered
        if checkpoint is None or self.checkpoint_id is not None:
            return
        self.checkpoint_id = checkpoint.checkpoint_id
        self._act()
        self._place.draw({'aria-label': checkpoint.title}, classes='own-material')
        self._moved()
        opening = Opening(checkpoint_id=checkpoint.checkpoint_id, say=self._say, act=self._act)
        with self._place:
            content = self._content = ui.element('div').classes('own-material-content')
        try:
            with content:
                opened = await self._draw(opening)
        except BaseException:
            await self.hide()()
            self._moved()
            raise
        if content is self._content:
            self._opened = opened
            self._place.run_method('focus')
        else:  # closed again before it was there
            await opened.close()
