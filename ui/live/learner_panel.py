"""One learner beside the grid: what they did when, marks that are set for them, and what else concerns them."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.core.secrets import spell_code
from services.core.transaction import Transaction
from services.live import learner_marks
from services.live.learner_marks import LONGEST_NOTE, LearnerFacts
from services.live.room import Room
from services.people import groups, participants, seats
from services.quizzes import skills
from services.quizzes.skills import SkillShown
from ui.kit import confirm
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, for_reader
from ui.kit.presences import SENTENCES
from ui.kit.skill_list import draw_skills
from ui.kit.text import heading, hint
from ui.live.learner_steps import LearnerSteps


class LearnerPanel:
    """Open for one learner at a time; while it is open it stands in the place of `instead`."""

    def __init__(self, room: Room, actor: Actor, *, instead: ui.element) -> None:
        self._room = room
        self._actor = actor
        self._instead = instead
        self._user_id = 0
        self._facts: LearnerFacts | None = None
        self._known: Sequence[SkillShown] = ()
        self._stop: Callable[[], None] = lambda: None
        self._back: Callable[[], object] = lambda: None
        self._place = ui.element('section').classes('stack-tight learner-panel')
        self._place.props['aria-label'] = _('One learner')
        self._place.set_visibility(False)
        self._place.on('keydown.escape', self.close, args=[[]])
        ui.context.client.on_delete(lambda: self._stop())

    async def open(self, user_id: int, *, back: Callable[[], object] = lambda: None) -> None:
        """Show a learner; `back` is called when the panel is closed, and brings the focus back to where it was."""
        if user_id not in self._room.board.learners:
            return
        self._stop()
        self._user_id, self._back = user_id, back
        self._stop = self._room.screens.watch_own(user_id, for_reader(self._moved), lambda _percent: None)
        await self._load()
        if self._facts is not None:
            self._title.run_method('focus')

    async def open_row(self, key: str, *, back: Callable[[], object] = lambda: None) -> None:
        """Show the learner of a row of the grid."""
        found = (learner.user_id for learner in self._room.board.learners.values() if learner.key == key)
        await self.open(next(found, 0), back=back)

    async def open_named(self, words: str, *, back: Callable[[], object] = lambda: None) -> None:
        """Show the first learner whose name has these words in it."""
        wanted = words.casefold().strip()
        names = sorted((learner.name, learner.user_id) for learner in self._room.board.learners.values())
        found = (user_id for name, user_id in names if wanted and wanted in name.casefold())
        await self.open(next(found, 0), back=back)

    def close(self) -> None:
        """Make room for what the panel stood in place of."""
        if not self._user_id:
            return
        self._stop()
        self._user_id, self._facts, self._stop = 0, None, lambda: None
        self._place.set_visibility(False)
        self._place.clear()  # of nobody, nothing can be pressed
        self._instead.set_visibility(True)
        self._back()

    async def _load(self) -> None:
        user_id = self._user_id
        facts, known = await database.read(partial(self._look, user_id=user_id))
        if user_id != self._user_id:
            return
        if user_id not in self._room.board.learners:
            self.close()
            return
        self._facts, self._known = facts, known
        self._draw(facts)

    def _look(self, tx: Transaction, *, user_id: int) -> tuple[LearnerFacts, Sequence[SkillShown]]:
        """Read all that the panel shows at once: an instructor waits for it with the class in front of them."""
        course_id = self._room.board.course_id
        facts = learner_marks.of_learner(tx, self._actor, course_id, user_id=user_id)
        return facts, skills.of_learner(tx, self._actor, course_id, user_id)

    def _moved(self) -> None:
        """Follow the board: marks and presence as they are now; the times come with the next look."""
        with self._place:
            if self._user_id not in self._room.board.learners:
                self.close()
            elif self._facts is not None:
                self._refresh(self._facts)

    def _draw(self, facts: LearnerFacts) -> None:
        learner = self._room.board.learners[self._user_id]
        self._instead.set_visibility(False)
        self._place.set_visibility(True)
        self._place.clear()
        with self._place:
            with ui.element('div').classes('spread'):
                self._title = heading(learner.name).props('tabindex=-1 translate=no')
                ui.button(_('Close'), on_click=self.close).props('flat no-caps').classes('button-quiet')
            self._standing = hint('')
            if facts.rejoin_code:
                code = f'<b class="number" translate="no">{spell_code(facts.rejoin_code)}</b>'
                ui.html(_('Code to come back with: {code}', code=code), sanitize=False, tag='p').classes('hint')
            self._steps = LearnerSteps(self._room, self._user_id, self._mark)
            draw_skills(self._known, for_staff=True)
            self._draw_more(facts)
        self._refresh(facts)

    def _refresh(self, facts: LearnerFacts) -> None:
        """Show what moves while the panel is open; what is being typed below it stays."""
        learner = self._room.board.learners[self._user_id]
        presence = SENTENCES[self._room.presences.shown(self._user_id)]
        share = _('{percent} % done', percent=self._room.board.percent_of(learner))
        self._standing.set_text(f'{share} · {presence}')
        self._steps.show(facts)

    async def _mark(self, checkpoint_id: int, done: bool) -> None:
        course_id, user_id = self._room.board.course_id, self._user_id
        ids = {'user_id': user_id, 'checkpoint_id': checkpoint_id}
        await database.write(learner_marks.set_mark, self._actor, course_id, **ids, done=done)
        facts = await database.read(learner_marks.of_learner, self._actor, course_id, user_id=user_id, again=True)
        if self._user_id == user_id:
            self._facts = facts
            self._moved()

    def _draw_more(self, facts: LearnerFacts) -> None:
        learner = self._room.board.learners[self._user_id]
        extra = ui.input(_('Extra time, percent'), value=str(facts.extra_percent)).props('outlined dense')
        extra.props('inputmode=numeric')
        extra.on('change', gesture(lambda: self._give_time(extra.value or '0')), args=[[]])
        group = ui.input(_('Group'), value=facts.group).props('outlined dense dir=auto')
        group.on('change', gesture(lambda: self._put(group.value or '')), args=[[]])
        seat = ui.input(_('Seat, such as B4'), value=learner.seat).props('outlined dense maxlength=8')
        seat.on('change', gesture(lambda: self._seat(seat.value or '')), args=[[]])
        note = ui.textarea(_('Note, for those who teach'), value=facts.note)
        note.props(f'outlined dense autogrow dir=auto maxlength={LONGEST_NOTE}')
        note.on('change', gesture(lambda: self._note(note.value or '')), args=[[]])
        ui.switch(
            _('Show on the projector'),
            value=not learner.is_hidden,
            on_change=gesture(lambda event: self._show(shown=event.value)),
        )
        out = ui.button(_('Take out of the course'), on_click=self._ask_to_remove).props('flat no-caps')
        out.classes('button-quiet button-bare')

    async def _give_time(self, typed: str) -> None:
        digits = typed.strip().removesuffix('%').strip() or '0'
        if not digits.isdecimal() or len(digits) > 4:
            raise Invalid('Type a number of percent, like 25.')
        course_id, percent = self._room.board.course_id, int(digits)
        await database.write(groups.give_extra_time, self._actor, course_id, user_id=self._user_id, percent=percent)
        tell(_('Saved'))

    async def _put(self, name: str) -> None:
        await database.write(groups.put, self._actor, self._room.board.course_id, user_id=self._user_id, name=name)
        tell(_('Saved'))

    async def _seat(self, seat: str) -> None:
        await database.write(seats.put, self._actor, self._room.board.course_id, user_id=self._user_id, seat=seat)
        tell(_('Saved'))

    async def _note(self, text: str) -> None:
        course_id = self._room.board.course_id
        await database.write(learner_marks.note, self._actor, course_id, user_id=self._user_id, text=text)
        tell(_('Saved'))

    async def _show(self, *, shown: bool) -> None:
        course_id = self._room.board.course_id
        await database.write(learner_marks.hide, self._actor, course_id, user_id=self._user_id, hidden=not shown)

    def _ask_to_remove(self) -> None:
        learner = self._room.board.learners[self._user_id]
        kept = _('What they did is kept. You can bring them back on the page “People”.')
        confirm.ask(_('Take {name} out of the course?', name=learner.name), kept, yes=_('Take out'), then=self._remove)

    async def _remove(self) -> None:
        await database.write(participants.remove, self._actor, self._room.board.course_id, user_id=self._user_id)
        self.close()
