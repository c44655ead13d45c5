"""The drift report of one link: where the grade there is not the one here, and what to do about each."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.grades.overrides import LONGEST_REASON
from services.lms import drift, reading_back, sending
from services.lms.connection import NotReached
from services.lms.drift import Drift, LinkReport, Why
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint, named
from ui.kit.time_format import exact, short


class DriftList:
    """What reading the grades of a link has shown, with a button for each thing that can be done about it."""

    def __init__(self, actor: Actor, course_id: int, report: LinkReport) -> None:
        self._actor, self._course_id = actor, course_id
        self._link_id = report.link_id
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw(report)

    def _draw(self, report: LinkReport) -> None:
        self._report = report
        self._place.clear()
        with self._place:
            Text('h3', _('Grades that differ')).classes('heading')
            if not report.may_read:
                hint(_('{platform} does not let its grades be read. Its admin can switch that on.', **self._who()))
                return
            self._draw_reading()
            shown = [each for each in report.drifts if not each.is_ignored]
            ignored = [each for each in report.drifts if each.is_ignored]
            self._draw_list(shown)
            if report.read_at and not report.drifts:
                Text('p', _('The grades there are those that were sent.')).classes('body')
            if shown and report.is_course:
                hint(_('A total cannot be taken over: set the grades of which it is made.'))
            if ignored:
                words = ngettext('{count} difference is ignored', '{count} differences are ignored', len(ignored))
                with ui.element('details').classes('quiet-details'):
                    Text('summary', words)
                    self._draw_list(ignored)

    def _draw_reading(self) -> None:
        """Say when the grades were read, and why that does not work now."""
        report = self._report
        if report.problem:
            said = say(report.problem)
            since = exact(report.failed_since) if report.failed_since else ''
            Text('p', _('The grades cannot be read since {when}: {problem}', when=since, problem=said)).classes(
                'field-problem'
            )
        with ui.element('div').classes('line'):
            when = _('Read on {when}', when=exact(report.read_at)) if report.read_at else _('Not read yet')
            hint(when)
            _button(_('Read them now'), self._read)

    def _draw_list(self, drifts: Sequence[Drift]) -> None:
        if not drifts:
            return
        with ui.element('ul').classes('list'):
            for each in drifts:
                with ui.element('li'), ui.element('div').classes('grow stack-tight'):
                    with ui.element('div').classes('line'):
                        Text('span', each.name).classes('name').props('translate=no')
                        Text('span', _in_short(each.why)).classes('chip')
                    Text('p', self._sentence(each)).classes('body')
                    if each.problem:
                        Text('p', say(each.problem)).classes('field-problem')
                    if each.comment:
                        hint(_('{platform} says: {comment}', **self._who(), comment=each.comment))
                    self._draw_choices(each)

    def _draw_choices(self, each: Drift) -> None:
        with ui.element('div').classes('line'):
            if each.takes is not None:
                score = each.takes
                button = _button(_('Take {score}', score=score), partial(self._take, each))
                named(button, _('Take {score} for {name}', score=score, name=each.name))
            if each.why is not Why.ON_ITS_WAY:
                words = _again(each)
                named(_button(words, partial(self._keep, each)), f'{words}: {each.name}')
            words = _('Look again') if each.is_ignored else _('Ignore')
            named(_button(words, partial(self._ignore, each)), f'{words}: {each.name}')

    def _sentence(self, each: Drift) -> str:
        """Return what differs since when and why, as one sentence or two."""
        said = {**self._who(), 'there': f'{each.there or 0:g}', 'here': f'{each.here or 0:g}'}
        when = short(each.since)
        match each.why:
            case Why.CHANGED_THERE:
                return _(
                    '{platform} says {there}, we say {here}, since {when}: it was changed there.', **said, when=when
                )
            case Why.CAPPED_THERE:
                return _(
                    '{platform} says {there}, we say {here}, since {when}: it keeps no extra credit above its maximum. '
                    'Ignore it, or have its admin allow that and send {here} again.',
                    **said,
                    when=when,
                )
            case Why.REMOVED_THERE:
                return _(
                    '{platform} has no grade, we say {here}, since {when}: it was removed there.', **said, when=when
                )
            case Why.ONLY_THERE:
                return _('{platform} says {there}, we have sent nothing, since {when}.', **said, when=when)
            case Why.SENT_SINCE:
                return _('Ours was sent after {platform} was read. Read again to see if it was taken.', **said)
        if each.there is None:
            return _('{platform} has no grade. Ours waits to be sent.', **said)
        return _('{platform} says {there}. Ours waits to be sent.', **said)

    async def _read(self) -> None:
        """Ask the platform; why it did not answer is shown with the report."""
        with suppress(NotReached):
            await reading_back.read_now(self._actor, self._course_id, link_id=self._link_id)
        await self._refresh()

    async def _take(self, each: Drift) -> None:
        reason = _('As in {platform}', **self._who())
        if each.comment:
            reason = _('As in {platform}: {comment}', **self._who(), comment=each.comment)
        await self._write(drift.take_theirs, each, reason=reason[:LONGEST_REASON])
        sending.hurry()
        tell(_('The grade is taken over. The learner sees where it comes from.'))
        await self._refresh()

    async def _keep(self, each: Drift) -> None:
        await self._write(drift.keep_ours, each)
        sending.hurry()
        tell(_('It is sent again.'))
        await self._refresh()

    async def _ignore(self, each: Drift) -> None:
        await self._write(drift.ignore, each, is_ignored=not each.is_ignored)
        await self._refresh()

    async def _write(self, verb: Callable[..., object], each: Drift, **more: object) -> None:
        about = {'link_id': self._link_id, 'user_id': each.user_id, 'shown': each.there}
        await database.write(verb, self._actor, self._course_id, **about, **more)

    async def _refresh(self) -> None:
        reports = await database.read(drift.of_course, self._actor, self._course_id, again=True)
        found = [report for report in reports if report.link_id == self._link_id]
        if found:
            self._draw(found[0])

    def _who(self) -> dict[str, str]:
        return {'platform': self._report.platform}


def _again(each: Drift) -> str:
    """Return what sending ours again means: what cannot be kept there now is not said to be."""
    if each.here is None:
        return _('Clear it there')
    score = f'{each.here:g}'
    return _('Send {score} again', score=score) if each.why is Why.CAPPED_THERE else _('Keep {score}', score=score)


def _in_short(why: Why) -> str:
    """Return the state in two words; it is never said by colour alone."""
    return {
        Why.CHANGED_THERE: _('changed there'),
        Why.CAPPED_THERE: _('at its maximum'),
        Why.REMOVED_THERE: _('removed there'),
        Why.ONLY_THERE: _('only there'),
        Why.ON_ITS_WAY: _('on its way'),
        Why.SENT_SINCE: _('sent since'),
    }[why]


def _button(words: str, do: Callable[[], Awaitable[None]]) -> ui.button:
    return ui.button(words, on_click=gesture(do)).props('flat no-caps').classes('button-quiet')
