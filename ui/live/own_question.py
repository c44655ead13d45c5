"""A question in class on a learner's phone: answered with one tap, with a receipt, and changed as long as it is open.

The choices are native fields, which the browser fills before the server answers; nothing of it is there while no
question is asked, because a thousand of these pages are open at once.
"""

from collections.abc import Callable
from html import escape
from itertools import count
from uuid import uuid4

from nicegui import ui

from services.access import Actor
from services.content.prose import prose_html
from services.core.errors import DomainError, Invalid
from services.core.phrases import Phrase, phrase
from services.enums import LiveQuestionState
from services.live.questions import answering, views
from services.live.questions.answering import LONGEST, Given
from services.live.questions.views import Own
from services.live.room import Room
from services.quizzes import numbers
from services.quizzes.answer import Answer
from services.quizzes.question import QuestionKind
from services.quizzes.review import Verdict
from ui.kit.handlers import gesture, tell_problem
from ui.kit.language import _, say
from ui.kit.raw_element import Piece
from ui.kit.text import named
from ui.live import question_html as html
from ui.live.question_countdown import QuestionCountdown

VERDICTS: dict[Verdict, Phrase] = {
    Verdict.RIGHT: phrase('Right'),
    Verdict.PARTLY: phrase('Partly right'),
    Verdict.WRONG: phrase('Not right'),
    Verdict.EMPTY: phrase('You did not answer.'),
}


class OwnQuestion:
    """The question, where there is one; `asked` is called when another one appears."""

    def __init__(self, room: Room, actor: Actor, *, appeared: Callable[[], object]) -> None:
        self._room = room
        self._actor = actor
        self._appeared = appeared
        self._shown: tuple[int, LiveQuestionState] | None = None
        self._answer: Answer | None = None
        """what the page shows as answered, saved or on its way"""
        self._told: Answer | None = None
        """what the board had at the last look"""
        self._on_its_way = 0
        self._copies = count()
        self._labels: dict[int, Piece] = {}
        self._field: ui.input | None = None
        self._said: Piece | None = None
        self._shares: Piece | None = None
        """what the others answer, where the room sees that while the question is open"""
        self._section = Piece('section', 'hidden')

    def refresh(self, *, fresh: bool = False) -> None:
        """Show the question as it is now; `fresh` also puts back what the browser shows but never arrived."""
        own = views.of_learner(self._room.board, self._actor.user_id)
        if own is None:
            self._hide()
            return
        before, now = self._shown, (own.asked.live_question_id, own.asked.state)
        is_new = own.answer not in (self._told, self._answer)
        self._told = own.answer
        is_elsewhere = is_new and not self._on_its_way  # answered on another device
        is_typing = now == before and self._field is not None and not is_elsewhere
        if now != before or is_elsewhere or (fresh and not is_typing):
            self._shown = now
            self._draw(own)
            html.lay_out(own.asked, self._draw_again)
        self._show_shares(own)
        if before is None or before[0] != now[0]:
            self._appeared()

    def _hide(self) -> None:
        if self._shown is not None:
            self._shown = None
            self._clear()
            self._section.draw({}, classes='hidden')

    def _clear(self) -> None:
        self._labels, self._field, self._said, self._shares, self._answer = {}, None, None, None, None
        self._section.clear()

    def _draw_again(self) -> None:
        if self._shown is not None and not self._section.is_deleted:
            self.refresh(fresh=True)

    def _draw(self, own: Own) -> None:
        self._clear()
        self._answer = own.answer
        asked = own.asked
        label = _('Question {number}', number=asked.number)
        self._section.draw({'aria-label': label}, classes='own-question')
        with self._section:
            head = f'<p class="step-place">{escape(label)} · {escape(html.state_words(asked.state))}</p>'
            Piece('div').draw_html(f'{head}{html.text_html(asked)}')
            if asked.state is LiveQuestionState.OPEN:
                if asked.closes_at:
                    QuestionCountdown(asked.closes_at, is_coarse=True)
                self._draw_fields(own)
                self._shares = Piece('div')
            else:
                Piece('div').draw({'innerHTML': _after_html(own)}, classes='asked-after')

    def _show_shares(self, own: Own) -> None:
        if self._shares is not None:
            chosen = own.answer.chosen if own.answer else ()
            self._shares.offer(html.shares_html(own.asked, chosen), 'asked-after')

    def _draw_fields(self, own: Own) -> None:
        if own.asked.options:
            self._draw_choices(own)
        else:
            self._draw_typed(own)
        self._said = Piece('p')
        self._said.draw({'role': 'status', 'dir': 'auto'}, classes='saved-line')
        self._say(_('Saved') if own.answer else '')

    def _draw_choices(self, own: Own) -> None:
        asked = own.asked
        is_single = asked.kind is not QuestionKind.MULTIPLE_CHOICE
        if hint := html.rule_html(asked):
            Piece('div').draw_html(hint)
        with Piece('div') as group:
            group.draw({'role': 'radiogroup' if is_single else 'group', 'aria-label': _('Your answer')})
            group.classes('own-choices')
            for index, (place, text) in enumerate(html.option_texts(asked)):
                self._draw_choice(index, place, text, is_single=is_single)
        self._mark_saved(own.answer)

    def _draw_choice(self, index: int, place: int, text: str, *, is_single: bool) -> None:
        chosen = self._answer is not None and place in self._answer.chosen
        label = self._labels[place] = Piece('label')
        with label:
            field = Piece('input')
            field.draw(
                {
                    'key': f'{place}-{next(self._copies)}',  # has the browser make the field anew
                    'type': 'radio' if is_single else 'checkbox',
                    'name': 'live-question',
                    'value': place,
                    'checked': chosen,
                }
            )
            field.on('change', gesture(lambda: self._pick(place, is_single=is_single)), args=[[]])
            words = f'<b translate="no">{html.letter(index)}</b><div class="prose" dir="auto">{prose_html(text)}</div>'
            Piece('span').draw({'innerHTML': words}, classes='own-choice-text')
        label.draw({'data-saving': _('Saving …'), 'data-saved': _('Saved')}, classes='own-choice')

    def _draw_typed(self, own: Own) -> None:
        label = _('Your answer')
        self._field = ui.input(label, value=own.answer.text if own.answer else '')
        self._field.props(f'outlined dir=auto maxlength={LONGEST} autocomplete=off autocapitalize=off spellcheck=false')
        if own.asked.kind is QuestionKind.NUMERIC:
            self._field.props('inputmode=decimal')
        named(self._field, label)
        send = gesture(lambda: self._send(own.asked.kind))
        self._field.on('keydown.enter', send, args=[[]])
        ui.button(_('Answer'), on_click=send).props('flat no-caps').classes('button-primary')

    async def _pick(self, place: int, *, is_single: bool) -> None:
        before = set(self._answer.chosen) if self._answer else set()
        chosen = {place} if is_single else before ^ {place}
        await self._save(Answer(chosen=tuple(sorted(chosen))))

    async def _send(self, kind: QuestionKind) -> None:
        text = ((self._field.value if self._field else '') or '').strip()
        read = ''
        if kind is QuestionKind.NUMERIC and text:
            try:
                read = numbers.shown(numbers.read(text))
            except Invalid as refusal:
                self._say(say(refusal))
                return
        await self._save(Answer(text=text), read=read)

    async def _save(self, answer: Answer, *, read: str = '') -> None:
        """Have an answer saved; if it is refused, the page shows again what was saved before, and says why."""
        if self._shown is None:
            return
        live_question_id, _state = self._shown
        kept = None if answer.is_empty else answer
        self._answer = kept
        self._mark_saved(None)
        self._say(_('Saving …'))
        self._room.act(self._actor.user_id)
        self._on_its_way += 1
        try:
            await answering.save(
                Given(actor=self._actor, live_question_id=live_question_id, tap_id=uuid4().hex, answer=kept)
            )
        except DomainError as refusal:
            tell_problem(say(refusal))
            self._on_its_way -= 1
            self._shown = None
            self.refresh()
            self._say(say(refusal))
            return
        self._on_its_way -= 1
        if self._answer == kept and not self._section.is_deleted:
            self._mark_saved(kept)
            saved = _('Saved. Read as {number}', number=read) if read else _('Saved')
            self._say(saved if kept else _('Taken back'))

    def _mark_saved(self, answer: Answer | None) -> None:
        for place, label in self._labels.items():
            is_saved = answer is not None and place in answer.chosen
            classes = 'own-choice own-choice-saved' if is_saved else 'own-choice'
            if ' '.join(label.classes) != classes:
                label.draw({}, classes=classes)

    def _say(self, sentence: str) -> None:
        if self._said is not None and not self._said.is_deleted:
            self._said.draw_html(escape(sentence))


def _after_html(own: Own) -> str:
    """Return what a learner sees once answers are not taken any more."""
    asked = own.asked
    chosen = own.answer.chosen if own.answer else ()
    typed = own.answer.text if own.answer else ''
    mine = f'<p dir="auto">{escape(_("Your answer: {answer}", answer=typed))}</p>' if typed else ''
    if asked.distribution is None:
        wait = _('Answers are closed. Look at the projector.') if own.answer else _('Answers are closed.')
        return f'{html.options_html(asked, chosen)}{mine}<p class="hint">{escape(wait)}</p>'
    verdict = ''
    if own.verdict in VERDICTS:
        verdict = f'<p class="own-verdict own-{own.verdict.value}">{escape(say(VERDICTS[own.verdict]))}</p>'
    said = ''.join(f'<div class="prose" dir="auto">{prose_html(text)}</div>' for text in own.feedback)
    return f'{verdict}{mine}{html.shares_html(asked, chosen)}{said}'
