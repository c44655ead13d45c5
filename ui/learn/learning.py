"""The page of a self-paced learner: the checkpoint, their progress, and the links to other checkpoints."""

import asyncio
from collections.abc import Sequence
from html import escape
from uuid import uuid4

from nicegui import background_tasks, ui

from services.activity import taps
from services.activity.taps import Tap
from services.certificates.lookup import Own
from services.checkpoint_kinds import is_ticked
from services.core import database
from services.core.errors import DomainError
from services.core.events import ClassChanged, CourseChanged, Event, Recorded
from services.enums import TRAITS, Verb
from services.study import path
from services.study.path import Place
from ui.content.lesson import draw_lesson
from ui.content.lesson_context import Lesson
from ui.kit import time_format
from ui.kit.checkpoint_words import WORDS
from ui.kit.handlers import gesture, tell_problem
from ui.kit.language import _, say
from ui.kit.legend import legend
from ui.kit.marker import Marker, MarkerPlace
from ui.kit.raw_element import Piece
from ui.learn.completion_banner import Joy
from ui.learn.figures import LearnFigures
from ui.learn.module_intro import ModuleIntro
from ui.learn.path import LearnPath, address_of
from ui.learn.pause_switch import PauseSwitch
from ui.learn.resume_elsewhere import Elsewhere
from ui.learn.study_clock import StudyClock
from ui.notes.notes_panel import NotesPanel

SEEN_FOR = 0.6
"""Seconds for which the tick is shown before the link to the next checkpoint replaces it."""
SOON = 0.3
"""Seconds until the page shows what has happened. A learner who moves the mouse or a finger here for the first time
starts the step, and may be about to tap: the tick does not wait until all steps are drawn anew."""


class Learning:
    """All parts of a learner's page that change while it is open."""

    def __init__(self, lesson: Lesson, certificate: Own | None) -> None:
        self.lesson = lesson
        self._seen = lesson.place.here.seen
        self._is_settling = False
        self._is_looking = False
        self._undo_id = uuid4().hex
        self._was_done = lesson.place.here.done_alone
        with ui.element('div').classes('learn'):
            with ui.element('article').classes('learn-lesson'):
                Joy(lesson.actor, lesson.course_id, certificate)
                self._notices = Piece('div', 'stack-tight')
                ModuleIntro(lesson.place)
                self._head = Piece('div', 'student-now')
                Elsewhere(lesson)
                draw_lesson(lesson)
                if lesson.place.learns:
                    NotesPanel(lesson)
                self._figures = LearnFigures(lesson)
                with ui.element('div').classes('line learn-more'):
                    StudyClock(lesson)
                    self._pause = PauseSwitch(lesson)
                legend()
            with ui.element('div').classes('thumb learn-thumb') as thumb:
                self._marker = MarkerPlace(thumb, on_tap=self._tap)
                self._way = Piece('div', 'learn-way')
                self._way.draw({'tabindex': -1})
                self._said = Piece('p', 'saved-line')
                self._said.draw({'role': 'status', 'dir': 'auto'})
                self._undo = Piece('button')
                self._undo.on('click', gesture(self._take_back), args=[[]])
            self._path = LearnPath()  # after the button: the keyboard does not pass all steps on the way to it
        lesson.say, lesson.show_seen, lesson.completed = self.say, self.show_seen, self.look_again
        self._draw()

    def say(self, sentence: str) -> None:
        """Show a sentence next to the button."""
        self._said.draw_html(escape(sentence))

    def show_seen(self, percent: int) -> None:
        """Show how much of the content was seen."""
        self._seen = percent
        self._path.refresh(self.lesson.place, percent)

    def follow(self, events: Sequence[Event]) -> None:
        """Read the page again after any event that changes what it shows; a tap does so by itself."""
        if not self._is_looking and not self._is_settling and any(map(_is_shown, events)):
            self._is_looking = True
            again = gesture(self._look_soon)()  # in the language of this page, though no gesture began it
            background_tasks.create(again, name='learning', context=self._path.client)

    async def _look_soon(self) -> None:
        await asyncio.sleep(SOON)
        if self._is_settling or self._path.client.is_deleted:  # it looks again by itself, or nobody does
            self._is_looking = False
        else:
            await self.look_again()

    async def look_again(self, *, fresh: bool = False) -> None:
        """Read and show the current state; `fresh` also resets marks that the browser shows but that never arrived."""
        self._is_looking = False
        place = self.lesson.place
        try:
            place = await database.read(path.place, self.lesson.actor, place.course_id, place.checkpoint.checkpoint_id)
        except DomainError as refusal:
            self.say(say(refusal))
            self._marker.show(None)
            return
        self.lesson.place = place
        if self._path.client.is_deleted:
            return
        if not self._is_settling or fresh:
            self._is_settling = False
            self._draw(fresh=fresh)

    def _draw(self, *, fresh: bool = False) -> None:
        place = self.lesson.place
        is_to_do = self.lesson.is_counted and not place.here.done
        is_open = is_to_do and is_ticked(place.here.kind)
        self._notices.draw_html(_notices_html(place))
        self._head.draw_html(_head_html(place))
        self._path.refresh(place, self._seen)
        self._figures.refresh()
        self._pause.refresh()
        self._marker.show(place.checkpoint if is_open else None, fresh=fresh)
        self._way.draw_html(_way_html(place, is_open=is_to_do))
        self._was_done = self._was_done and place.here.done_alone
        can_undo = (
            is_ticked(place.here.kind) and self.lesson.is_counted and place.here.done_alone and not self._was_done
        )
        self._undo.draw({'innerHTML': _('Undo')}, classes='button-quiet button-bare' if can_undo else 'hidden')

    async def _tap(self, marker: Marker) -> None:
        self.lesson.touch()
        self._is_settling = True
        if not await self._take(Verb.COMPLETED, marker.tap_id):
            self._is_settling = False
            await self.look_again(fresh=True)
            return
        marker.show_saved()
        self.say(_('Saved · step {number}', number=self.lesson.place.here.number))
        ui.timer(SEEN_FOR, gesture(self._go_on), once=True)

    async def _go_on(self) -> None:
        by_keyboard = self._marker.shown is not None and self._marker.shown.by_keyboard
        self._is_settling = False
        await self.look_again()
        if by_keyboard and self._marker.shown is None:  # the button is gone, and the keyboard must not be lost with it
            self._way.run_method('focus')

    async def _take_back(self) -> None:
        self.lesson.touch()
        if await self._take(Verb.UNDONE, self._undo_id):
            self._undo_id = uuid4().hex
            self.say(_('Taken back · step {number}', number=self.lesson.place.here.number))
        await self.look_again()

    async def _take(self, verb: Verb, tap_id: str) -> bool:
        """Record a tap and return whether it was accepted; a refusal is shown to the learner."""
        checkpoint = self.lesson.checkpoint
        try:
            await taps.take(
                Tap(
                    actor=self.lesson.actor,
                    session_id=None,
                    verb=verb,
                    tap_id=tap_id,
                    checkpoint_id=checkpoint.checkpoint_id,
                )
            )
        except DomainError as refusal:
            self.say(say(refusal))
            tell_problem(say(refusal))
            return False
        return True


def _is_shown(event: Event) -> bool:
    if isinstance(event, Recorded):
        traits = TRAITS[event.verb]
        return traits.moves_progress or traits.moves_enrollment
    return isinstance(event, CourseChanged | ClassChanged)


def _notices_html(place: Place) -> str:
    notices = []
    if place.is_running and place.learns:
        way = f'<a href="/class/{place.course_id}">{_("Go to the class")}</a>'
        notices.append(f'{_("A class is on now.")} {way}')
    if place.is_archived:
        notices.append(_('Your instructor has archived this course. You can still read everything.'))
    if place.paused_at and not place.completed_at:
        notices.append(_('You have paused this course. It goes on as soon as you mark a step.'))
    if not place.learns:
        way = (
            f'<a href="/courses/{place.course_id}?step={place.checkpoint.checkpoint_id}">{_("Back to the course")}</a>'
        )
        notices.append(f'{_("You see what learners see. Nothing that you do here is counted.")} {way}')
    return ''.join(f'<p class="notice"><span>{notice}</span></p>' for notice in notices)


def _head_html(place: Place) -> str:
    checkpoint, here = place.checkpoint, place.here
    counted = sum(bool(each.number) for each in place.checkpoints)
    place_of_all = _('Step {number} of {count}', number=here.number, count=counted)
    number = place_of_all if here.number else _('A preview: never marked or counted')
    minutes = _('about {minutes} min', minutes=checkpoint.minutes) if checkpoint.minutes else ''
    due = _('due {moment}', moment=time_format.short(checkpoint.due_at)) if checkpoint.due_at else ''
    facts = ' · '.join(part for part in (number, say(WORDS[checkpoint.kind].word), minutes, due) if part)
    word = '' if not here.done else _('Done') if here.done_alone else _('Done in class')
    mark = f'<span class="text-done learn-done">{word}</span>' if word else ''
    title = f'<h1 class="step-title" dir="auto">{escape(checkpoint.title)}</h1>'
    return f'<p class="step-place">{escape(facts)}</p>{title}{mark}'


def _way_html(place: Place, *, is_open: bool) -> str:
    """Return the links to the checkpoints before and after.

    The next one is the thing to do once this one is done, unless all are: then the certificate is.
    """
    before, after = place.beside(-1), place.beside(1)
    is_all_done = all(checkpoint.done for checkpoint in place.checkpoints if checkpoint.number)
    links = ''
    if before:
        address = address_of(place.course_id, before)
        links += f'<a class="button-quiet" rel="prev" href="{address}">{_("Previous")}</a>'
    links += f'<a class="button-quiet button-bare learn-all" href="#steps">{_("All steps")}</a>'
    if after:
        classes = 'button-quiet' if is_open or is_all_done else 'button-primary'
        name = _('Next: {step}', step=after.title)
        shown = f'<span class="learn-next" dir="auto">{escape(name)}</span>'
        if is_open or is_all_done:
            shown = _('Next')
        address = address_of(place.course_id, after)
        links += f'<a class="{classes}" rel="next" href="{address}" aria-label="{escape(name)}">{shown}</a>'
    elif open_ := next(
        (each for each in place.checkpoints if each.number and not each.done and each != place.here), None
    ):
        name = _('Go on with step {number}', number=open_.number)
        links += f'<a class="button-primary" href="{address_of(place.course_id, open_)}">{name}</a>'
    return links
