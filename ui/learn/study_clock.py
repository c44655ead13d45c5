"""Study time on a learner's page: records their input as activity, and shows how long they have studied.

The browser reports each kind of input at most once per interval, and nothing while there is no input.
"""

from nicegui import background_tasks, ui

from services.core import database
from services.study import times
from services.study.open_pages import SAVE_EVERY, StudyPage
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.time_format import span

INPUTS = ('click', 'pointermove', 'keydown')
"""Events of the whole page from a mouse, a finger or a keyboard, and from screen readers, which only click."""


class StudyClock:
    """Measures the study time of the learner on this page, where it counts."""

    def __init__(self, lesson: Lesson, *, within: ui.element | None = None) -> None:
        """`within` is the part of an open page that is for study, such as a video in class; it says no times."""
        self._lesson = lesson
        self._page = StudyPage(lesson.actor, lesson.course_id, lesson.checkpoint.checkpoint_id)
        self._line = ui.link(_('Your study time'), f'/courses/{lesson.course_id}/time').classes('study-line')
        self._line.visible = lesson.place.learns and within is None
        if self._line.visible:
            ui.link(_('Your progress'), f'/courses/{lesson.course_id}/progress').classes('study-line')
        self._client = ui.context.client
        if lesson.is_counted:
            self._listen(within or self._client.layout)
            if within:
                ui.timer(0, gesture(self._connected), once=True)

    def _listen(self, place: ui.element) -> None:
        every = SAVE_EVERY.total_seconds()
        for name in INPUTS:
            place.on(name, gesture(self._use), args=[[]], throttle=every, trailing_events=False)
        scrolling = ui.element('q-scroll-observer').props('debounce=250')
        scrolling.on('scroll', gesture(self._use), args=[[]], throttle=every, trailing_events=False)
        self._lesson.at_touch(lambda: background_tasks.create(self._touched()))
        self._lesson.at_leaving(self._page.leave, signing_out=self._page.close)
        self._client.on_connect(gesture(self._connected))
        self._client.on_disconnect(gesture(self._page.save))
        ui.timer(every, gesture(self._tick), immediate=False)

    async def _connected(self) -> None:
        await self._page.open()
        seconds = await database.read(times.seconds_here, self._lesson.actor, self._lesson.course_id)
        if seconds >= 60:
            self._line.set_text(_('You have studied {time} here', time=span(seconds)))

    async def _use(self) -> None:
        await self._page.use(plays=self._lesson.is_playing)

    async def _touched(self) -> None:
        if self._lesson.is_playing:
            await self._use()
        else:
            await self._page.go_on()

    async def _tick(self) -> None:
        if self._lesson.is_playing and self._client.has_socket_connection:
            await self._use()
        else:
            await self._page.save()
