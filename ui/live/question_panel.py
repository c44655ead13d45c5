"""The question in class on the instructor's page: how many have answered, and what comes next."""

from collections.abc import Awaitable, Callable
from html import escape

from nicegui import ui
from nicegui.events import KeyEventArguments, ValueChangeEventArguments

from services.access import Actor
from services.enums import LiveQuestionState
from services.live.questions import views
from services.live.questions.views import Asked, Counted
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text, heading
from ui.live import question_html as html
from ui.live.ask_dialog import AskDialog
from ui.live.question_countdown import QuestionCountdown
from ui.live.question_steps import WORDS, QuestionSteps
from ui.live.steering import TYPED_INTO


def key_rows() -> list[tuple[str, str]]:
    """Return the keys of a question in class, for the sheet of keys."""
    return [('Q', _('Ask the class a question')), ('A', _('Close the question, show the answers, show what is right'))]


class QuestionPanel:
    """Follows the class by itself."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._steps = QuestionSteps(room, actor)
        self._dialog = AskDialog(room, actor)
        self._shown: Asked | None = None
        with ui.element('section').classes('stack-tight asked-panel') as self._section:
            self._section.props['aria-label'] = _('Question to the class')
            heading(_('Question to the class'))
            self._text = Piece('div')
            self._countdown = QuestionCountdown()
            self._count = Text('p').classes('number asked-count').props('role=status')
            self._shares = Piece('div')
            self._live = ui.switch(_('Show the answers while it is open'), on_change=gesture(self._show_live))
            self._next = self._button('', self._steps.go_on, 'button-primary')
            with ui.element('div').classes('line') as self._others:
                self._solve = self._button(_('Show what is right'), self._steps.solve, 'button-quiet')
                self._again = self._button(_('Open it again'), self._steps.open_again, 'button-quiet')
                self._away = self._button(_('Take it from the screens'), self._steps.put_away, 'button-quiet')
            self._ask = self._button(_('Ask a question'), self._dialog.open, 'button-quiet')
        client = ui.context.client

        def changed() -> None:
            with client:
                self.refresh()

        client.on_delete(room.screens.watch_question(for_reader(changed)))
        ui.keyboard(on_key=self._typed, repeating=False).props['ignore'] = TYPED_INTO
        self.refresh()

    def refresh(self) -> None:
        """Show the question as it is now."""
        counted = views.of_staff(self._room.board, self._room.presences)
        self._count.set_text(html.counted_text(counted) if counted else '')
        now = counted.asked if counted else None
        if now != self._shown or now is None:
            self._shown = now
            self._draw(counted)

    def _draw(self, counted: Counted | None) -> None:
        asked = counted.asked if counted else None
        state = asked.state if asked else None
        if asked:
            html.lay_out(asked, self._draw_again)
        place = f'<p class="hint">{escape(html.state_words(asked.state))}</p>' if asked else ''
        self._text.offer(f'{place}{html.text_html(asked)}' if asked else '', 'asked-in-panel')
        is_open = state is LiveQuestionState.OPEN
        shares = (html.shares_html(asked) if asked.distribution else html.options_html(asked)) if asked else ''
        self._shares.offer(shares, 'asked-shares')
        self._section.classes(**{'add' if asked else 'remove': 'asked-on'})
        self._countdown.follow(asked.closes_at if asked else None)
        self._live.set_visibility(is_open)
        self._live.set_value(asked is not None and asked.shows_live)
        self._count.set_visibility(asked is not None)
        self._next.set_visibility(asked is not None)
        if state:
            self._next.set_text(say(WORDS[state]))
        self._others.set_visibility(asked is not None and state is not LiveQuestionState.SOLUTION)
        self._solve.set_visibility(state is LiveQuestionState.CLOSED)
        self._again.set_visibility(state is LiveQuestionState.CLOSED)
        self._away.set_visibility(state is not LiveQuestionState.OPEN)
        self._ask.set_visibility(not is_open)

    async def _show_live(self, event: ValueChangeEventArguments[bool | None]) -> None:
        shown = self._shown
        if shown is not None and shown.shows_live is not bool(event.value):
            await self._steps.show_live(shows=bool(event.value))

    def _draw_again(self) -> None:
        if not self._text.is_deleted:
            self._draw(views.of_staff(self._room.board, self._room.presences))

    def _button(self, words: str, pressed: Callable[[], Awaitable[None]], look: str) -> ui.button:
        return ui.button(words, on_click=gesture(pressed)).props('flat no-caps').classes(look)

    async def _typed(self, event: KeyEventArguments) -> None:
        if not event.action.keydown or event.modifiers or self._dialog.is_open:
            return
        if event.key == 'q':
            await gesture(self._dialog.open)()
        elif event.key == 'a':
            await gesture(self._steps.go_on)()
