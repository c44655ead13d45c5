"""A learner's page in class: what to do now, one big button, and everything else one thumb away.

It has few elements on purpose: a thousand of these pages are open at once.
"""

from collections.abc import Callable, Sequence
from html import escape

from nicegui import background_tasks

from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.checkpoint_kinds import is_ticked
from services.content.prose import is_ready, prepare
from services.core.errors import DomainError
from services.core.phrases import Phrase
from services.core.secrets import new_id
from services.enums import Verb
from services.live.board import help_views, view_builders
from services.live.board.public_stats import class_percent
from services.live.board.views import LearnerCheckpoint, Mark, OwnView
from services.live.room import Room
from ui.kit.handlers import gesture, tell_problem
from ui.kit.language import _, for_reader, language, say
from ui.kit.marker import Markable, Marker, MarkerPlace
from ui.kit.raw_element import Piece
from ui.live import own_html
from ui.live.help_request import Stuck
from ui.live.own_led import WayBack
from ui.live.own_material import DrawMaterial, OwnMaterial
from ui.live.own_question import OwnQuestion
from ui.live.own_signal import OwnSignal
from ui.live.projector_privacy import OwnShowing

DONE = {Mark.DONE, Mark.DONE_BEFORE}


class OwnClass:
    """Everything that moves on a learner's page."""

    def __init__(
        self,
        room: Room,
        actor: Actor,
        draw_material: DrawMaterial,
        *,
        below: Callable[[], object] = lambda: None,
        tells_time: Callable[[], object] = lambda: None,
        was_lost: bool = False,
    ) -> None:
        """`draw_material` draws the video or text of a checkpoint, `below` what stands below their list.

        `tells_time` is called when the page first says a time of day.
        `was_lost` says that the learner comes back, and a tap may have been lost with the connection.
        """
        self.room = room
        self.actor = actor
        self._shown: tuple[tuple[int, int], int | None] | None = None
        self._picked: int | None = None
        self._class_percent = class_percent(room.board)
        self._tells_time: Callable[[], object] | None = tells_time
        self._undo: tuple[LearnerCheckpoint, str] | None = None
        self._listed: tuple[Sequence[LearnerCheckpoint], list[dict[str, object]]] = (), []
        self._is_settling = False
        self._pause_told: Phrase | None = None
        self._says_back = False
        self._view = room.own_view(actor.user_id)
        with Piece('div', 'student') as self._root:
            self._question = OwnQuestion(room, actor, appeared=self._asked)
            self._now = Piece('div', 'student-now')
            self._material = OwnMaterial(draw_material, say=self.say, act=self._act, moved=self._opened)
            self._figures = Piece('div')
            OwnSignal(room, actor)
            with Piece('div', 'thumb') as thumb:
                self._back = WayBack(thumb, gesture(self._go_back))
                self._marker = MarkerPlace(thumb, on_tap=self._tap)
                self._said = Piece('p', 'saved-line')
                self._said.draw({'role': 'status', 'dir': 'auto'})
                self._undo_button = Piece('button')
                self._undo_button.on('click', gesture(self._take_back), args=[[]])
                self._stuck = Stuck(room, actor, thumb, say=self.say)
            self._checkpoints = Piece('q-option-group', 'step-picker')
            self._checkpoints.draw({'type': 'radio', 'keep-color': True, 'aria-label': _('All steps')})
            self._checkpoints.on('update:modelValue', gesture(self._pick))
            with Piece('div', 'own-showing'):
                self._showing = OwnShowing(room, actor)
            below()
        self.refresh()
        if was_lost:
            self._welcome_back()

    def refresh(self, *, fresh: bool = False) -> None:
        """Show the truth again, unless a tick is just being seen.

        `fresh` does so in any case, and also puts back marks that the browser shows but that never arrived.
        """
        self._question.refresh()
        wanted = self.room.own_version(self.actor.user_id), self._picked
        if (wanted == self._shown or self._is_settling) and not fresh:
            return
        self._is_settling = False
        self._shown = wanted
        self._view = self.room.own_view(self.actor.user_id)
        self._draw(fresh=fresh)

    def show_figure(self, percent: int | None) -> None:
        """Show how far the class is, beside how far the learner is."""
        self._class_percent = percent
        self._figures.draw_html(own_html.figures_html(self._view, percent))

    def say(self, sentence: str) -> None:
        """Say something next to the button."""
        self._says_back = False
        self._said.draw_html(escape(sentence))

    def _asked(self) -> None:
        self.say(_('The class is asked a question.'))

    def come_back(self) -> None:
        """Show the truth after a lost connection."""
        self._question.refresh(fresh=True)
        self.refresh(fresh=True)
        self._welcome_back()

    def _welcome_back(self) -> None:
        """Say what to do about a tap that may have been lost with the connection."""
        if self._marker.shown:
            self.say(_('You are back. If your last tap is missing, tap again.'))
            self._says_back = True

    async def _tap(self, marker: Marker) -> None:
        then = view_builders.next_after(self.room.board, self.actor.user_id, marker.checkpoint.checkpoint_id)
        saved, self._is_settling = False, True
        try:
            saved = await self._take(self._view, Verb.COMPLETED, marker.checkpoint, marker.tap_id, then)
        finally:
            self._is_settling = saved
        if saved:
            marker.show_saved()
            tapped = marker.tap_id
            self.room.settle(for_reader(lambda: self._go_on(marker, tapped)))

    def _go_on(self, marker: Marker, tapped: str) -> None:
        """After the tick was seen, show the next checkpoint; where something else is shown already, only what has
        moved.
        """
        self._is_settling = False
        if self._marker.shown is marker and marker.tap_id == tapped:
            self.say(_('Saved · step {number}', number=self._number(marker.checkpoint)))
            self._picked = None
            self._close_material()
            self.refresh(fresh=True)
        else:
            self.refresh()

    async def _take_back(self) -> None:
        if not self._undo:
            return
        checkpoint, tap_id = self._undo
        if await self._take(self._view, Verb.UNDONE, checkpoint, tap_id):
            self.say(_('Taken back · step {number}', number=checkpoint.number))
        self.refresh()

    def _act(self) -> None:
        self.room.act(self.actor.user_id)

    def _opened(self) -> None:
        """Stay at the checkpoint whose video or text is open, wherever the class goes."""
        self._picked = self._material.checkpoint_id
        self._draw()

    def _close_material(self) -> None:
        if self._material.checkpoint_id is not None:
            take_away = gesture(self._material.hide())
            background_tasks.create(take_away(), name='close material', context=self._root.client)

    async def _go_back(self) -> None:
        """Close what is open, and go to where the class is."""
        was_open = self._material.checkpoint_id is not None
        self._picked = None
        self._close_material()
        self._act()
        self._draw()
        if was_open:
            self._material.focus()

    async def _pick(self, event: object) -> None:
        checkpoint_id = getattr(event, 'args', None)
        checkpoint = next(
            (checkpoint for checkpoint in self._view.checkpoints if checkpoint.checkpoint_id == checkpoint_id), None
        )
        if checkpoint is None:
            return
        self.room.act(self.actor.user_id)
        self._picked = checkpoint.checkpoint_id
        self.refresh()
        if checkpoint.mark is Mark.NOT_YET and self._view.session_id and not self._view.pause:
            await self._take(self._view, Verb.STARTED, checkpoint, new_id())
            self.refresh()

    async def _take(
        self, view: OwnView, verb: Verb, checkpoint: Markable, tap_id: str, then: int | None = None
    ) -> bool:
        """Have a tap taken; if it is refused, the mark goes back and a sentence says why."""
        session = self.room.board.session
        self.room.act(self.actor.user_id)
        try:
            await taps.take(
                Tap(
                    actor=self.actor,
                    session_id=view.session_id or (session.session_id if session else 0),
                    verb=verb,
                    tap_id=tap_id,
                    checkpoint_id=checkpoint.checkpoint_id,
                    then=then,
                    on_its_way=True,
                )
            )
        except DomainError as refusal:
            self.say(say(refusal))
            tell_problem(say(refusal))
            self.refresh(fresh=True)
            return False
        return True

    def _draw(self, *, fresh: bool = False) -> None:
        view = self._view
        checkpoint = self._checkpoint()
        is_open = view.session_id is not None and checkpoint is not None and checkpoint.mark not in DONE
        self._class_percent = class_percent(self.room.board)
        if checkpoint and not is_ready(checkpoint.description):
            background_tasks.create(self._lay_out(checkpoint.description))
        if self._material.checkpoint_id is not None and not self._is_there(self._material.checkpoint_id):
            self._close_material()  # the checkpoint was deleted
        is_reading = self._material.checkpoint_id is not None
        self._look('student student-reading' if is_reading else 'student')
        self._now.draw_html(own_html.now_html(view, checkpoint, self.room.board.course_id, self.actor.zone))
        self._material.offer(checkpoint if view.session_id else None)
        self._back.show(view, checkpoint, is_reading=is_reading)
        self._figures.draw_html(own_html.figures_html(view, self._class_percent))
        self._marker.show(checkpoint if is_open and checkpoint and is_ticked(checkpoint.kind) else None, fresh=fresh)
        if self._marker.shown:
            self._marker.shown.hold(held=view.pause is not None)
        if self._tells_time and (view.until or help_views.own(self.room.board, self.actor.user_id)):
            tells_time, self._tells_time = self._tells_time, None
            with self._root:
                tells_time()
        self._tell_pause(view.pause)
        self._showing.refresh()
        self._draw_undo(checkpoint)
        self._stuck.show(checkpoint if is_open else None)
        self._checkpoints.draw(
            {'options': self._options(), 'model-value': checkpoint.checkpoint_id if checkpoint else None}
        )

    def _options(self) -> list[dict[str, object]]:
        """Return the list of checkpoints; what is listed of a checkpoint that has not moved stays."""
        read_in, checkpoints = language(), self._view.checkpoints
        known, before = self._listed
        if len(known) == len(checkpoints):
            listed = [
                option if was is now else own_html.option(now, read_in)
                for was, option, now in zip(known, before, checkpoints, strict=True)
            ]
        else:
            listed = [own_html.option(checkpoint, read_in) for checkpoint in checkpoints]
        self._listed = checkpoints, listed
        return listed

    def _look(self, classes: str) -> None:
        if ' '.join(self._root.classes) != classes:
            self._root.draw({}, classes=classes)

    async def _lay_out(self, description: str) -> None:
        """Lay out a long description beside the event loop; until then it is shown as it was written."""
        await prepare(description)
        checkpoint = self._checkpoint()
        if checkpoint and checkpoint.description == description and not self._is_settling and not self._now.is_deleted:
            self._now.draw_html(own_html.now_html(self._view, checkpoint, self.room.board.course_id, self.actor.zone))

    def _tell_pause(self, pause: Phrase | None) -> None:
        """Say that the class is paused, or that it goes on, to those who listen."""
        if pause != self._pause_told and self._view.session_id:
            self.say(say(pause) if pause else _('The class goes on.'))
        elif self._view.has_ended or (self._says_back and not self._marker.shown):
            self.say('')  # what was last saved in a class is no news after it
        self._pause_told = pause

    def _draw_undo(self, checkpoint: LearnerCheckpoint | None) -> None:
        """Offer to take back the checkpoint that is shown, or else the last one done in class before it."""
        if checkpoint and checkpoint.mark is Mark.DONE:
            candidate: LearnerCheckpoint | None = checkpoint
        else:
            before = (
                each for each in reversed(self._view.checkpoints) if not checkpoint or each.number < checkpoint.number
            )
            candidate = next((each for each in before if each.mark is Mark.DONE), None)
        if candidate is None or self._view.session_id is None or self._view.pause:
            self._undo = None
        elif self._undo is None or self._undo[0] != candidate:
            self._undo = candidate, new_id()
        undo = _('Undo {number}', number=self._undo[0].number) if self._undo else ''
        self._undo_button.offer(undo, 'button-quiet button-bare')

    def _is_there(self, checkpoint_id: int) -> bool:
        return any(each.checkpoint_id == checkpoint_id for each in self._view.checkpoints)

    def _number(self, checkpoint: Markable) -> int:
        """Return the number of a checkpoint as the list of checkpoints shows it."""
        found = (each.number for each in self._view.checkpoints if each.checkpoint_id == checkpoint.checkpoint_id)
        return next(found, 0)

    def _checkpoint(self) -> LearnerCheckpoint | None:
        """Return the checkpoint that is shown: the one that was picked, else the one to do now."""
        view = self._view
        picked = None
        if self._picked is not None:
            picked = next(
                (checkpoint for checkpoint in view.checkpoints if checkpoint.checkpoint_id == self._picked), None
            )
        if picked or view.current is None:
            return picked
        return view.checkpoints[view.current]
