"""The projector's picture: which of its parts are shown, moved by the room, and held still on a key."""

from collections.abc import Callable

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from services.access import Actor
from services.core.phrases import Phrase, phrase
from services.live import pacing
from services.live.board.views import Change, Names
from services.live.questions import views
from services.live.room import Room
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, for_reader
from ui.live import projector_layout as layout
from ui.live import question_html
from ui.live.join_strip import JoinStrip
from ui.live.projector_checkpoint import CheckpointPicture
from ui.live.projector_class import PublicClass
from ui.live.projector_head import Head
from ui.live.projector_html import checkpoints_html
from ui.live.projector_large import LargePicture
from ui.live.projector_layout import Density
from ui.live.projector_question import QuestionPicture
from ui.live.projector_wall import Wall
from ui.live.projector_wave import WavePicture

LINGER = 4.0
"""seconds for which the large way in stays after the first learner has joined, so that the room sees the name"""
NARROWEST = 120.0


class ProjectorPicture:
    """Everything that a class sees on its projector."""

    def __init__(self, room: Room, actor: Actor, address: str) -> None:
        self._room = room
        self._names = names_of(room)
        self._class = PublicClass(room.class_view(self._names))
        self._still: PublicClass | None = None
        """what is shown while the picture is frozen"""
        self._session_id = _session_id(room)
        self.chosen: Density | None = None
        self._width = layout.WIDE
        self.shows_way_in = False
        self._lingers = False
        self._show_pressed: Callable[..., None] = _nobody_shows
        with ui.element('div').classes('projector') as self.root:
            with ui.element('div').classes('projector-left'):
                self._head = Head(room)
                self._wall = Wall()
                self._wave = WavePicture(room, actor, self.draw)
                self._checkpoint = CheckpointPicture(actor)
                self._question = QuestionPicture()
            self._strip = JoinStrip(address)
            self._large = LargePicture(address)
            observer = ui.element('q-resize-observer').props('debounce=200')
            observer.on('resize', self._resized)
        self._client = ui.context.client
        self._stop_help = room.screens.watch_help(for_reader(self._help_moved))
        self._stop_question = room.screens.watch_question(for_reader(self._question_moved))
        self._reading = for_reader(self._moved)
        self._stop = room.screens.watch_grid(self._names, self._reading)
        self._client.on_delete(lambda: (self._stop(), self._stop_help(), self._stop_question()))
        self._client.on_connect(for_reader(self._back))
        self._has_connected = False
        self.draw()

    def on_drawn(self, show_pressed: Callable[..., None]) -> None:
        """Show on the buttons which of them are on, now and from now on."""
        self._show_pressed = show_pressed
        self._press_buttons()

    @property
    def is_frozen(self) -> bool:
        """Whether the picture stands still."""
        return self._still is not None

    @property
    def shows_checkpoint(self) -> bool:
        """Whether the current checkpoint is shown in place of the class."""
        return self._checkpoint.checkpoint_id is not None

    def choose(self, density: Density) -> None:
        """Show rows, tiles or the summary; choosing the same again lets the picture choose."""
        if self.is_frozen:
            return
        if not layout.fits(density, len(self._class.lines), self._width):
            tell(_('So many learners do not fit that way: rows take {rows}, tiles take {tiles}.', **self._limits()))
            return
        is_again = self.chosen is density and not self.shows_checkpoint and not self.shows_way_in
        self.chosen = None if is_again else density
        self.shows_way_in = False
        self._checkpoint.hide()
        self.draw()

    def show_way_in(self) -> None:
        """Show the way in over the whole screen, or at the side again."""
        if not self.is_frozen:
            self.shows_way_in = not self.shows_way_in
            self.draw()

    async def show_checkpoint(self) -> None:
        """Show what there is to see of the current checkpoint, or the class again."""
        if self.is_frozen:
            return
        if self.shows_checkpoint:
            self._checkpoint.hide()
        elif self._class.current is None:
            tell(_('Lead the class to a step first; then its text, picture or video can be shown.'))
        else:
            await self._open_checkpoint()
        self.draw()

    def turn(self, by: int) -> None:
        """Turn the page of a PDF."""
        self._checkpoint.turn(by)

    def freeze(self) -> None:
        """Let the picture stand still, or move again; what happened meanwhile is then there at once."""
        self._still = None if self._still else self._class.copy()
        said = _('This picture stands still · Z lets it move') if self.is_frozen else ''
        self._head.show_frozen(said)
        self._large.show_frozen(said)
        self._press_buttons()
        if not self.is_frozen:
            self.draw()

    def tick(self) -> None:
        """Show how much time is left."""
        if not self.is_frozen:
            self._head.tick()

    def announce(self) -> None:
        """Say where the class is, to those who listen."""
        if not self.is_frozen:
            self._head.announce(self._class)

    def draw(self) -> None:
        """Show what is to be shown now, unless the picture stands still."""
        if self.is_frozen:
            return
        board = self._room.board
        self._head.refresh(self._class)
        self._draw_strip(self._class)
        is_large = True
        if board.session and not board.is_running:
            self._large.show_end(board.title, self._class)
        elif self._lingers or self.shows_way_in or not self._class.lines:
            self._draw_way_in()
        else:
            is_large = False
            self._large.hide()
            self._draw_class(self._class)
        is_asked = not is_large and self._draw_question()
        self._strip.set_visibility(not is_large)
        self._head.set_visibility(not is_large and not is_asked)
        is_class = not is_large and not is_asked and not self.shows_checkpoint
        self._wall.set_visibility(is_class)
        if is_class and self.density is Density.SUMMARY:
            self._wave.draw(self._class)
        else:
            self._wave.hide()
        self._checkpoint.set_visibility(not is_asked)
        self._press_buttons()

    @property
    def density(self) -> Density:
        """How much of each learner is shown now."""
        return self._density_of(self._still or self._class)

    def _density_of(self, shown: PublicClass) -> Density:
        count = len(shown.lines)
        if self.chosen and layout.fits(self.chosen, count, self._width):
            return self.chosen
        return layout.density_for(count, self._width)

    def _press_buttons(self) -> None:
        shown = None if self.shows_checkpoint or self.shows_way_in else self.density
        self._show_pressed(
            r=shown is Density.ROWS,
            t=shown is Density.TILES,
            s=shown is Density.SUMMARY,
            i=self.shows_checkpoint,
            j=self.shows_way_in,
            z=self.is_frozen,
        )

    def _draw_way_in(self) -> None:
        board = self._room.board
        self._large.show_way_in(board.title, self._class, board.code, is_open=board.code_open, said=self._said())

    def _draw_class(self, shown: PublicClass) -> None:
        if self.shows_checkpoint:
            self._follow_checkpoint()
        else:
            self._wall.draw(shown, self.density, self._width)

    def _draw_question(self) -> bool:
        """Show the question that the class is asked, in place of the class; returns whether there is one."""
        counted = views.of_room(self._room.board, self._room.presences)
        if counted is None:
            self._question.hide()
            return False
        question_html.lay_out(counted.asked, self._question_moved)
        self._question.show(counted)
        return True

    def _draw_strip(self, shown: PublicClass) -> None:
        board = self._room.board
        is_listed = self.density is not Density.SUMMARY or self.shows_checkpoint
        listed = layout.checkpoints_list(shown.columns, shown.focus) if is_listed and shown.columns else None
        self._strip.show(
            board.code,
            is_open=board.code_open,
            checkpoints=checkpoints_html(shown, listed.span) if listed else '',
            lines=listed.lines if listed else 1,
        )

    def _follow_checkpoint(self) -> None:
        """Show the checkpoint to which everybody is led by now."""
        if self._class.current is None:
            self._checkpoint.hide()
            self._wall.draw(self._class, self.density, self._width)
        elif self._checkpoint.checkpoint_id != self._class.columns[self._class.current].checkpoint_id:
            with self._client:
                background_tasks.create(gesture(self._open_checkpoint)())

    async def _open_checkpoint(self) -> None:
        if self._class.current is not None:
            column = self._class.columns[self._class.current]
            await self._checkpoint.show(self._room.board.course_id, column.checkpoint_id)

    def _moved(self, change: Change | None) -> None:
        with self._client:
            was_empty = not self._class.lines
            if change is None:
                self._look_again()
            else:
                self._class.apply(change)
            if was_empty and self._class.lines and self._room.board.is_running:
                self._linger()
            self.draw()

    def _help_moved(self) -> None:
        if not self.is_frozen:
            self._head.refresh(self._class)

    def _question_moved(self) -> None:
        with self._client:
            self.draw()

    def _look_again(self) -> None:
        """Take the whole class anew. A learner who hides goes at once, also from a picture that is frozen."""
        if names_of(self._room) is not self._names:
            self._stop()
            self._names = names_of(self._room)
            self._stop = self._room.screens.watch_grid(self._names, self._reading)
        view = self._room.class_view(self._names)
        is_another = self._session_id != _session_id(self._room) or self._class.columns != view.columns
        self._session_id = _session_id(self._room)
        self._class.replace(view)
        self._wave.look_again()
        if self._still and is_another:
            self.freeze()
        elif self._still:
            self._still.keep_only(view)
            self._head.show_figures(self._still)
            self._draw_strip(self._still)
            if self._wall.is_visible:
                self._wall.draw(self._still, self.density, self._width)
            self._large.rename(self._still)

    def _linger(self) -> None:
        self._lingers = True
        with self.root:
            ui.timer(LINGER, self._linger_no_more, once=True)

    def _linger_no_more(self) -> None:
        self._lingers = False
        self.draw()

    def _resized(self, event: GenericEventArguments) -> None:
        size = event.args if isinstance(event.args, dict) else {}
        width, height = size.get('width'), size.get('height')
        if isinstance(width, int | float) and isinstance(height, int | float) and height > 0:
            wide = max(NARROWEST, round(width / max(height / layout.HEIGHT, 4.0)))
            if abs(wide - self._width) >= 1:
                self._width = wide
                self.draw()

    def _back(self) -> None:
        """After a lost connection show the truth; the first connection has it already."""
        if self._has_connected:
            self._look_again()
            self.draw()
        self._has_connected = True

    def _said(self) -> Phrase:
        if not self._room.board.is_running:
            return phrase('The class has not started yet')
        if pause := pacing.pause_of(self._room.board):
            return pause
        return phrase('The class is on') if self._class.lines else phrase('Nobody to show yet')

    def _limits(self) -> dict[str, int]:
        return {'rows': layout.most_rows(self._width), 'tiles': layout.most_tiles(self._width)}


def names_of(room: Room) -> Names:
    """Return by which names the room knows the learners."""
    session = room.board.session
    return Names(session.names.value) if session else Names.ALIAS


def _session_id(room: Room) -> int | None:
    return room.board.session.session_id if room.board.session else None


def _nobody_shows(**_pressed: bool) -> None:
    pass
