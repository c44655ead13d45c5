"""What a learner has achieved: their streak, level and badges, and for what they earned points."""

from nicegui import ui

from services.enums import PointReason
from services.motivation import icons
from services.motivation.standing import OwnBadge, Reason, Standing
from services.motivation.streaks import Streak
from ui.goals.badge_words import of_criteria
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text, heading
from ui.kit.time_format import day, short_day


def achievements_section(stands: Standing, zone: str) -> None:
    """Draw what a learner has achieved: once there is something, and without a word on what was lost."""
    on = stands.parts
    has_begun = stands.points or stands.streak.longest or any(badge.earned_at for badge in stands.badges)
    if not has_begun:
        return
    with ui.element('section').classes('stack-tight') as section:
        section.props['aria-label'] = _('What you have achieved')
        heading(_('What you have achieved'))
        Text('p', _('Only you see this. What you have earned stays.')).classes('hint')
        with ui.element('div').classes('achieved'):
            if on.streaks:
                _regularity(stands, zone)
            if on.points:
                _level(stands)
        _badges(stands)
        _reasons(stands)


def _regularity(stands: Standing, zone: str) -> None:
    with ui.element('div').classes('achieved-part'):
        Text('h3', _('How regularly you learn')).classes('achieved-name')
        weeks, streak = stands.weeks, stands.streak
        if weeks.current:
            words = ngettext('{count} week in a row', '{count} weeks in a row', weeks.current)
            Text('p', words).classes('achieved-number')
            Text('p', _('with the goal of the week reached')).classes('hint')
        days = ngettext('{count} day of learning in a row', '{count} days of learning in a row', streak.current)
        Text('p', days).classes('hint' if weeks.current else 'achieved-number')
        for words in streak_words(streak):
            Text('p', words).classes('hint')
        if zone:
            Text('p', _('Your day ends at midnight: {zone}.', zone=zone)).classes('hint')


def streak_words(streak: Streak) -> list[str]:
    """Return what there is to know of a streak, beside its length."""
    said = [ngettext('The longest so far: {count} day', 'The longest so far: {count} days', streak.longest)]
    if streak.frozen:
        said.append(_('Not missed, thanks to a spare day: {days}', days=', '.join(map(short_day, streak.frozen[-3:]))))
    if streak.freezes:
        said.append(
            ngettext(
                '{count} spare day: a day that you miss does not count',
                '{count} spare days: days that you miss do not count',
                streak.freezes,
            )
        )
    said.append(_('Weekends and days off do not break it.'))
    return said


def _level(stands: Standing) -> None:
    with ui.element('div').classes('achieved-part'):
        Text('h3', _('Your level')).classes('achieved-name')
        Text('p', say(stands.level.name)).classes('achieved-number')
        Text('p', ngettext('{count} point', '{count} points', stands.points)).classes('hint')
        if stands.next_level:
            coming = stands.next_level
            span = coming.since - stands.level.since
            meter = Piece('progress')
            value = {'max': span, 'value': stands.points - stands.level.since, 'aria-hidden': 'true'}
            meter.draw(value, classes='achieved-meter')
            level = say(coming.name)
            words = ngettext('{count} point to {level}', '{count} points to {level}', stands.to_next, level=level)
            Text('p', words).classes('hint')


def _badges(stands: Standing) -> None:
    if not stands.badges:
        return
    Text('h3', _('Badges')).classes('achieved-name')
    with ui.element('ul').classes('badges'):
        for badge in stands.badges:
            _badge(badge)


def _badge(badge: OwnBadge) -> None:
    earned = badge.earned_at is not None
    with ui.element('li').classes('badge-line'):
        badge_picture(badge, earned=earned)
        with ui.element('div').classes('grow'):
            Text('p', say(badge.name)).classes('person-name').props('dir=auto')
            described = say(badge.description) or of_criteria(badge.criteria)
            Text('p', described).classes('hint').props('dir=auto')
            if badge.earned_at:
                Text('p', _('Earned on {day}', day=day(badge.earned_at))).classes('badge-earned')
            else:
                points = ngettext('Still open: {count} point', 'Still open: {count} points', badge.points)
                Text('p', points).classes('hint')


def badge_picture(badge: OwnBadge, *, earned: bool) -> None:
    """Draw the picture of a badge."""
    Piece('span').draw_html(icons.svg(badge.icon), classes='badge-picture' if earned else 'badge-picture badge-open')


def _reasons(stands: Standing) -> None:
    if not stands.latest:
        return
    with ui.element('details').classes('quiet-details'):
        Text('summary', _('What you earned points for'))
        with ui.element('ul').classes('goal-weeks'):
            for reason in stands.latest:
                Text('li', reason_words(reason)).classes('hint').props('dir=auto')


def reason_words(earned: Reason) -> str:
    """Return for what a learner earned points, and how many."""
    points = earned.points
    match earned.reason:
        case PointReason.STARTED:
            return _('+{points}: you started {step}', points=points, step=earned.step)
        case PointReason.COMPLETED:
            return _('+{points}: you completed {step}', points=points, step=earned.step)
        case PointReason.MASTERED:
            return _('+{points}: you mastered {step}', points=points, step=earned.step)
        case PointReason.PERFECT:
            return _('+{points}: full score in {step}', points=points, step=earned.step)
        case PointReason.WEEKLY_GOAL:
            return _('+{points}: weekly goal reached in {course}', points=points, course=earned.course)
        case PointReason.DAY:
            return _('+{points}: a day of learning', points=points)
        case PointReason.BADGE:
            return _('+{points}: badge {name}', points=points, name=say(earned.badge))
        case PointReason.AWARDED:
            return _('+{points}: {words} (awarded by {person})', points=points, words=earned.words, person=earned.by)
        case _:
            return _('+{points}', points=points)
