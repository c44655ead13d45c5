"""Predictions: `/courses/{course_id}/predictions` for those who teach, `/courses/{course_id}/outlook` for a learner,
and `/school/predictions` for the admin, each with a switch that turns them off."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.analytics import prediction, prediction_definitions
from services.analytics.prediction import CoursePredictions, CourseQuality, band_quality, nightly, switches
from services.core import audience, database
from services.core.events import Event, Recorded
from services.core.transaction import Transaction
from services.enums import Verb
from services.live import course_head
from ui.analytics.prediction_list import RiskList
from ui.analytics.prediction_own import OwnOutlook
from ui.analytics.prediction_words import draw_meanings, of_band
from ui.kit.handlers import gesture, tell
from ui.kit.language import _
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import exact
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/predictions', title='Predictions')
    async def predictions(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(_look, actor, course_id)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.ANALYTICS, title=_('Predictions')):
            way_back(_('Analytics'), f'/courses/{course_id}/analytics')
            CoursePage(actor, course_id, found)
        return None

    @page('/courses/{course_id:id}/outlook', title='How you are getting on')
    async def outlook(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(prediction.of_learner, actor, course_id, actor.user_id)
        is_on = await database.read(switches.is_on_of_me, actor)
        with frame(visit):
            way_back(_('Back to the course'), f'/courses/{course_id}/learn')
            title(_('How you are getting on'))
            OwnOutlook(actor, course_id, found, is_on=is_on)
        return None

    @page('/school/predictions', title='Predictions')
    async def school(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        judged = await database.read(prediction.quality, actor)
        is_on = await database.read(switches.is_on_in_school, actor)
        title_page(_('Predictions'))
        with frame(visit):
            way_back(_('Your school'), '/school')
            title(_('Predictions'))
            draw_what_they_are()
            draw_meanings(prediction_definitions.ALL)
            draw_switch(_('Make predictions in this school'), is_on, lambda on: _switch_school(actor, on))
            draw_quality(judged)
            hint(_('Courses with few learners are told of together, or not at all.'))
            for course in judged:
                heading(course.title or _('Courses with few learners'))
                _draw_bands(course.bands)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the page of a course shows."""

    predictions: CoursePredictions
    judged: Sequence[CourseQuality]


def _look(tx: Transaction, actor: Actor, course_id: int) -> Found:
    return Found(
        predictions=prediction.of_course(tx, actor, course_id), judged=prediction.quality(tx, actor, course_id)
    )


class CoursePage:
    """The predictions of a course, by band, and how good they were."""

    def __init__(self, actor: Actor, course_id: int, found: Found) -> None:
        self._actor, self._course_id = actor, course_id
        self._refreshing = Refreshing(self._read, self._show)
        with ui.element('div').classes('stack risks'):
            with ui.element('div').classes('spread'):
                title(_('Predictions'))
                self._now = ui.button(_('Make them now'), on_click=gesture(self._make)).props('flat no-caps')
                self._now.classes('button-quiet')
            draw_what_they_are()
            draw_meanings(prediction_definitions.ALL)
            self._made = hint('')
            self._list = RiskList(actor, course_id, self._refreshing.look_again)
            self._judged = ui.element('section').classes('stack-tight')
            draw_switch(_('Make predictions in this course'), found.predictions.is_on, self._switch)
        self._show(found)
        self._refreshing.follow(audience.of_staff(course_id), _is_shown)

    async def _read(self) -> Found:
        return await database.read(_look, self._actor, self._course_id)

    async def _make(self) -> None:
        await nightly.make_now(self._actor, self._course_id)
        await self._refreshing.look_again()
        tell(_('The predictions are made anew.'))

    async def _switch(self, on: bool) -> None:
        await database.write(switches.switch_course, self._actor, self._course_id, on=on)
        await self._refreshing.look_again()

    def _show(self, found: Found) -> None:
        self._now.set_visibility(found.predictions.is_on)
        self._made.set_text(_when(found.predictions))
        self._list.show(found.predictions)
        self._judged.clear()
        with self._judged:
            draw_quality(found.judged)


def draw_what_they_are() -> None:
    """Draw one sentence on what predictions are, and what they are not."""
    words = _(
        'Made at night from what was due and what was done, compared with the class. They decide nothing: they say '
        'whom to ask first.'
    )
    Text('p', words).classes('body')


def draw_switch(name: str, is_on: bool, switch: Callable[[bool], Awaitable[None]]) -> None:
    """Draw what turns predictions on or off."""

    async def changed() -> None:
        await switch(bool(box.value))

    box = ui.checkbox(name, value=is_on, on_change=gesture(changed)).props('dense')


def draw_quality(judged: Sequence[CourseQuality]) -> None:
    """Draw how often predictions were right."""
    heading(_('How good they were'))
    if not judged:
        hint(_('A course is judged two weeks after its last due date. Until then nobody knows how good they are.'))
        return
    hint(_('By the band of each learner when half of the time was over.'))
    _draw_bands(band_quality.together(judged))


def _draw_bands(bands: Sequence[prediction.BandQuality]) -> None:
    with ui.element('ul').classes('list'):
        for band in bands:
            if band.learners:
                Text('li', of_band(band))


async def _switch_school(actor: Actor, on: bool) -> None:
    await database.write(switches.switch_school, actor, on=on)


def _when(found: CoursePredictions) -> str:
    if not found.is_on:
        return _('Predictions are switched off here.')
    if found.made_at is None:
        return _('There are none yet; they are made at night.')
    return _('Made {when}', when=exact(found.made_at))


def _is_shown(event: Event) -> bool:
    return isinstance(event, Recorded) and event.verb in {Verb.RISK_CONTESTED, Verb.RISK_DISMISSED}
