"""The week of one child: one sentence first, then time, what is done, what needs attention, and what parents can do."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.analytics import child_definitions, definitions
from services.core import audience, database
from services.core.errors import NotFound
from services.core.events import Event, ParentsChanged, Recorded
from services.goals.status import Outlook
from services.parents import week
from services.parents.week import ChildWeek, CourseWeek, DoneCheckpoint
from services.progress.states import EnrollmentState
from ui.kit.language import _, ngettext, say
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, heading, hint, title
from ui.kit.theme import filled
from ui.kit.time_format import about

PAUSE = 2.0
"""seconds in which all that a child does is one look at the figures"""
MOST_DONE = 4
"""lines, so that what needs attention is near"""
MARKS = {Outlook.ACHIEVED: 'text-done', Outlook.AT_RISK: 'text-not-yet', Outlook.ON_TRACK: 'text-working'}


class ChildWeekView:
    """What a parent sees of one child, up to now; it follows what the child does."""

    def __init__(self, actor: Actor, seen: ChildWeek) -> None:
        self._actor, self._child_id = actor, seen.child_id
        self._refreshing = Refreshing(self._read, self._show)
        with ui.element('div').classes('stack child-week'):
            with ui.element('div').classes('spread'):
                title(seen.name).props('translate=no')
                hint(_('this week'))
            self._headline = Text('p').props('role=status')
            self._time = ui.element('div').classes('stack-tight')
            self._places = {
                part: ui.element('section').classes('stack-tight')
                for part in (self._done, self._attention, self._ideas, self._courses)
            }
            _meanings()
        self._show(seen)

    def follow(self) -> None:
        """Show what the child does while the page is open."""
        self._refreshing.follow(audience.of_person(self._child_id), _is_shown, pause=PAUSE)

    async def _read(self) -> ChildWeek | None:
        try:
            return await database.read(week.of_child, self._actor, child_id=self._child_id)
        except NotFound:  # the link has ended
            return None

    def _show(self, seen: ChildWeek | None) -> None:
        if seen is None:
            ui.navigate.to('/children')
            return
        self._headline.set_text(headline(seen))
        self._headline.classes(replace=f'goal-outlook child-headline {MARKS[seen.outlook] if seen.goal else ""}')
        self._draw_again(self._time, lambda: _time(seen))
        for draw, place in self._places.items():
            self._draw_again(place, partial(draw, seen))

    def _draw_again(self, place: ui.element, draw: Callable[[], None]) -> None:
        place.clear()
        with place:
            draw()
        place.set_visibility(bool(place.default_slot.children))

    def _done(self, seen: ChildWeek) -> None:
        if not (seen.done_steps or seen.certificates):
            return
        heading(_('Done'))
        with ui.element('ul').classes('child-list'):
            for course in seen.certificates:
                Text('li', _('Certificate: {course}', course=course)).classes('goal-outlook text-done child-line')
            for checkpoint in seen.done_steps[:MOST_DONE]:
                Text('li', done_words(checkpoint)).classes('goal-outlook text-done child-line')
        if more := len(seen.done_steps[MOST_DONE:]):
            hint(ngettext('and {count} more step', 'and {count} more steps', more))

    def _attention(self, seen: ChildWeek) -> None:
        if seen.attention:
            heading(_('Needs attention'))
            with ui.element('ul').classes('child-list'):
                for words in seen.attention:
                    Text('li', say(words)).classes('goal-outlook child-line child-attention')

    def _ideas(self, seen: ChildWeek) -> None:
        heading(_('You can'))
        with ui.element('ul').classes('child-list'):
            for words in seen.ideas:
                Text('li', say(words))

    def _courses(self, seen: ChildWeek) -> None:
        if not seen.courses:
            hint(_('{child} is in no course at the moment.', child=seen.name))
            return
        heading(_('Courses, and who to ask'))
        with ui.element('ul').classes('list'):
            for course in seen.courses:
                _course(course)


def headline(seen: ChildWeek) -> str:
    """Return how the week goes, in one sentence."""
    if not seen.goal:
        return _('No steps are planned for this week.')
    if seen.outlook is Outlook.ACHIEVED:
        return _('A good week: {done} of {goal} steps are done.', done=seen.done, goal=seen.goal)
    if not seen.done:
        return ngettext(
            'No step is done yet this week; {count} is planned.',
            'No step is done yet this week; {count} are planned.',
            seen.goal,
        )
    return _('{done} of {goal} steps of this week are done.', done=seen.done, goal=seen.goal)


def done_words(checkpoint: DoneCheckpoint) -> str:
    """Return what was done, where, and with which score, if the child sees one."""
    if checkpoint.score is None:
        return _('{step} ({course})', step=checkpoint.title, course=checkpoint.course)
    return _(
        '{step} ({course}): {score} of 100', step=checkpoint.title, course=checkpoint.course, score=checkpoint.score
    )


def _time(seen: ChildWeek) -> None:
    most = max(seen.seconds, seen.usual_seconds or 0, 1)
    is_active = bool(seen.seconds or seen.active_days)  # the time of a step that was just done is not counted yet
    time = _('{time} of learning', time=about(max(seen.seconds, 1)))
    parts = [time if is_active else _('no study time this week')]
    if seen.active_days:
        parts.append(ngettext('on {count} day', 'on {count} days', seen.active_days))
    if seen.usual_seconds is not None:
        parts.append(_('usually {usual} in a week', usual=about(seen.usual_seconds)))
    Text('p', ' · '.join(parts)).classes('hint')
    # below its words: right below the sentence on the steps it would seem to be theirs
    ui.element('div').classes(f'bar {filled(seen.seconds * 100 // most)}').props('aria-hidden=true')


def _meanings() -> None:
    with ui.element('details').classes('quiet-details'):
        Text('summary', _('What this means'))
        with ui.element('ul').classes('list'):
            for each in map(definitions.of, child_definitions.SHOWN):
                with ui.element('li'), ui.element('div'):
                    Text('b', say(each.name))
                    hint(say(each.sentence))


def _course(course: CourseWeek) -> None:
    with ui.element('li').classes('child-course'):
        with ui.element('div').classes('grow'):
            Text('span', course.title).classes('person-name')
            hint(_course_words(course))
            hint(_('Ask {people}', people=_joined(course.teachers)))
        Text('span', f'{course.percent} %').classes('number')
        bar = ui.element('div').classes(f'bar {filled(course.percent)}').props('role=img')
        bar.props['aria-label'] = _('{percent} percent done', percent=course.percent)


def _course_words(course: CourseWeek) -> str:
    if course.state is EnrollmentState.PAUSED:
        return _('paused')
    if course.state is EnrollmentState.COMPLETED:
        return _('completed')
    checkpoints = ngettext(
        '{done} of {count} step this week', '{done} of {count} steps this week', course.goal, done=course.done
    )
    return f'{checkpoints} · {about(course.seconds)}' if course.seconds else checkpoints


def _joined(names: Sequence[str]) -> str:
    return ', '.join(names)


def _is_shown(event: Event) -> bool:
    return isinstance(event, ParentsChanged) or (isinstance(event, Recorded) and event.course_id is not None)
