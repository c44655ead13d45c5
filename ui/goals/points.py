"""A learner's points, their level, and for what they earned them."""

from nicegui import ui

from services.enums import PointReason
from services.motivation.standing import Reason, Standing
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading


def points_section(stands: Standing) -> None:
    """Draw where a learner stands: once they have points, and without a word on what they do not have."""
    if not stands.points:
        return
    with ui.element('section').classes('stack-tight') as section:
        section.props['aria-label'] = _('Your points')
        heading(_('Your points'))
        level = stands.level.name
        Text('p', ngettext('{count} point: {level}', '{count} points: {level}', stands.points, level=level))
        if stands.next_level:
            coming = stands.next_level.name
            words = ngettext('{count} point to {level}', '{count} points to {level}', stands.to_next, level=coming)
            Text('p', words).classes('hint')
        Text('p', _('Only you see them. What you have earned stays.')).classes('hint')
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('What you earned points for'))
            with ui.element('ul').classes('goal-weeks'):
                for reason in stands.latest:
                    Text('li', reason_words(reason)).classes('hint')


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
        case _:
            return _('+{points}', points=points)
