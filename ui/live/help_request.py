"""Being stuck, on the page of a learner: one quiet button, and everything else only while a learner is stuck."""

from collections.abc import Awaitable, Callable, Sequence
from html import escape

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import DomainError
from services.core.secrets import new_id
from services.live.board import help_views
from services.live.board.help_views import Offer, OwnRequest
from services.live.board.views import LearnerCheckpoint
from services.live.help import queue
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.time_format import local

Action = tuple[str, Callable[[], Awaitable[None]]]
"""The words on a button, and what it does."""


class Stuck:
    """Asks for help, shows who comes, and offers to help others."""

    def __init__(self, room: Room, actor: Actor, place: ui.element, *, say: Callable[[str], None]) -> None:
        self._room = room
        self._actor = actor
        self._place = place
        self._say = say
        self._checkpoint: LearnerCheckpoint | None = None
        self._form: AskForm | None = None
        self._declined: set[int] = set()
        self._is_offered: bool | None = None
        self._own = Notice(place)
        self._classmate = Notice(place)
        with place:
            self._button = Piece('button')
            self._button.on('click', self._open_form, args=[[]])

    def show(self, checkpoint: LearnerCheckpoint | None) -> None:
        """Show how things stand; `checkpoint` is the open checkpoint on the page, if there is one."""
        board, user_id = self._room.board, self._actor.user_id
        self._checkpoint = checkpoint
        request = help_views.own(board, user_id)
        if self._form and (
            request or checkpoint is None or checkpoint.checkpoint_id != self._form.checkpoint.checkpoint_id
        ):
            self._close_form()
        self._draw_button(is_offered=checkpoint is not None and request is None and self._form is None)
        self._show_own(request)
        self._show_offer(help_views.offer(board, user_id, self._declined))

    def _draw_button(self, *, is_offered: bool) -> None:
        if is_offered == self._is_offered:
            return
        self._is_offered = is_offered
        if is_offered:
            self._button.draw_html(_('I’m stuck'), classes='button-quiet button-bare')
        else:
            self._button.draw({}, classes='hidden')

    def _open_form(self) -> None:
        if self._checkpoint and not self._form:
            self._form = AskForm(self._place, self._checkpoint, ask=self._ask, close=self._not_now)
            self._draw_button(is_offered=False)

    def _close_form(self) -> None:
        if self._form:
            self._form.delete()
            self._form = None

    async def _not_now(self) -> None:
        self._close_form()
        self.show(self._checkpoint)
        self._button.run_method('focus')

    async def _ask(self, form: 'AskForm') -> None:
        session = self._room.board.session
        await self._do(
            lambda: database.write(
                queue.ask,
                self._actor,
                session.session_id if session else 0,
                form.checkpoint.checkpoint_id,
                form.words,
                form.tap_id,
            )
        )
        self._close_form()
        self.show(self._checkpoint)
        self._own.focus()

    def _show_own(self, request: OwnRequest | None) -> None:
        if request is None:
            self._own.hide()
            return
        asked = f'{local(request.asked_at, self._actor.zone):%H:%M}'
        about = _('step {number} · asked at {time}', number=request.step.number, time=asked)
        actions: list[Action] = [(_('It works now'), lambda: self._settle(queue.resolve, request.request_id))]
        if request.helper:
            text = f'<b>{_("{name} is on the way", name=escape(request.helper))}</b> · {about}'
        else:
            text = f'<b>{_place(request.place)}</b> · {about}'
            actions.append((_('Never mind'), lambda: self._settle(queue.withdraw, request.request_id)))
        self._own.show(text, actions)

    def _show_offer(self, offer: Offer | None) -> None:
        if offer is None:
            self._classmate.hide()
            return
        values = {'name': escape(offer.name), 'number': offer.step.number}
        words = f'<br><q>{escape(offer.words)}</q>' if offer.words else ''
        if offer.is_mine:
            text = _('<b>You are helping {name}</b> with step {number}', **values) + words
            actions: list[Action] = [
                (_('Done'), lambda: self._settle(queue.resolve, offer.request_id)),
                (_('I can’t'), lambda: self._decline(offer)),
            ]
        else:
            text = _('<b>{name} is stuck</b> at step {number}', **values) + words
            actions = [
                (_('Help'), lambda: self._settle(queue.claim, offer.request_id)),
                (_('Not now'), lambda: self._decline(offer)),
            ]
        self._classmate.show(text, actions)

    async def _decline(self, offer: Offer) -> None:
        self._declined.add(offer.request_id)
        if offer.is_mine:
            await self._settle(queue.release, offer.request_id)
        self.show(self._checkpoint)

    async def _settle(self, verb: Callable[..., None], request_id: int) -> None:
        await self._do(lambda: database.write(verb, self._actor, request_id))
        self.show(self._checkpoint)

    async def _do(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do something; a refusal stays on the page."""
        try:
            await work()
        except DomainError as refusal:
            self._say(say(refusal))
            self.show(self._checkpoint)
            raise


class AskForm:
    """One line for what does not work, which may stay empty."""

    def __init__(
        self,
        place: ui.element,
        checkpoint: LearnerCheckpoint,
        *,
        ask: Callable[['AskForm'], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.checkpoint, self.tap_id = checkpoint, new_id()
        asking = gesture(lambda: ask(self))
        with place, ui.element('div').classes('stuck').props('role=group') as self._element:
            self._element.props['aria-label'] = _('Ask for help with step {number}', number=checkpoint.number)
            self._field = ui.input(_('What does not work?'), placeholder=_('You can leave this empty'))
            self._field.classes('stuck-words')
            self._field.props(f'outlined dense autofocus dir=auto maxlength={queue.LONGEST_WORDS}')
            self._field.on('keydown.enter', asking, args=[[]])
            self._field.on('keydown.esc', gesture(close), args=[[]])
            _button(_('Ask for help'), asking)
            _button(_('Not now'), gesture(close), look='button-bare')

    @property
    def words(self) -> str:
        """What was typed."""
        return self._field.value or ''

    def delete(self) -> None:
        """Take it off the page."""
        self._element.delete()


class Notice:
    """A sentence with a few buttons; on the page only while there is something to say."""

    def __init__(self, place: ui.element) -> None:
        self._place = place
        self._element: ui.element | None = None
        self._labels: tuple[str, ...] = ()
        self._actions: dict[str, Callable[[], Awaitable[None]]] = {}

    def show(self, html: str, actions: Sequence[Action]) -> None:
        """Say a sentence, made of HTML of ours, and offer what can be done."""
        self._actions = dict(actions)
        if self._element is None:
            with self._place, ui.element('div').classes('stuck') as self._element:
                self._text = Piece('p', 'stuck-text')
                self._text.draw({'role': 'status', 'dir': 'auto'})
                self._buttons = ui.element('div').classes('line')
        self._text.draw_html(html)
        if (labels := tuple(self._actions)) != self._labels:
            self._labels = labels
            self._buttons.clear()
            with self._buttons:
                self._drawn = [self._button(label, look='button-bare' * (n > 0)) for n, label in enumerate(labels)]

    def hide(self) -> None:
        """Take it off the page."""
        if self._element:
            self._element.delete()
            self._element, self._labels = None, ()

    def focus(self) -> None:
        """Let the keyboard go on with what can be done here."""
        if self._element:
            self._drawn[0].run_method('focus')

    def _button(self, label: str, *, look: str) -> Piece:
        async def act() -> None:
            if label in self._actions:
                await self._actions[label]()

        return _button(label, gesture(act), look=look)


def _button(label: str, act: Callable[[], Awaitable[None]], *, look: str = '') -> Piece:
    button = Piece('button')
    button.draw_html(label, classes=f'button-quiet {look}')
    button.on('click', act, args=[[]])
    return button


def _place(place: int) -> str:
    """Return a place in the queue, as people say it."""
    if place == 1:
        return _('You are next')
    if place in (2, 3):
        return _('You are 2nd in the queue') if place == 2 else _('You are 3rd in the queue')
    return ngettext('{count} learner is before you', '{count} learners are before you', place - 1)
