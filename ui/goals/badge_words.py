"""What badges are given for, and their pictures, in words."""

from services.enums import BadgeIcon, PointReason
from services.motivation.criteria import Criteria, Span
from services.motivation.made_badges import COUNTED
from ui.kit.language import _


def counted_words() -> dict[PointReason, str]:
    """Return what a badge can be given for, in words."""
    words = {
        PointReason.COMPLETED: _('Steps completed'),
        PointReason.STARTED: _('Steps started'),
        PointReason.MASTERED: _('Quizzes mastered'),
        PointReason.PERFECT: _('Full scores'),
        PointReason.WEEKLY_GOAL: _('Weekly goals reached'),
        PointReason.DAY: _('Days of learning'),
        PointReason.HELPED: _('Classmates helped'),
    }
    return {reason: words[reason] for reason in COUNTED}


def span_words() -> dict[Span, str]:
    """Return in which time it has to happen, in words."""
    return {Span.DAY: _('on one day'), Span.WEEK: _('in one week'), Span.EVER: _('at any time')}


def icon_words() -> dict[BadgeIcon, str]:
    """Return the names of the pictures."""
    return {
        BadgeIcon.STAR: _('Star'),
        BadgeIcon.LEAF: _('Leaf'),
        BadgeIcon.BOLT: _('Bolt'),
        BadgeIcon.FLAME: _('Flame'),
        BadgeIcon.CROWN: _('Crown'),
        BadgeIcon.CALENDAR: _('Calendar'),
        BadgeIcon.LIFEBELT: _('Lifebelt'),
        BadgeIcon.COMPASS: _('Compass'),
    }


def deeds_words(reason: PointReason, within: Span, at_least: int) -> str:
    """Return what has to be done for a badge that was made for a course."""
    what, when = counted_words()[reason], span_words()[within]
    return _('{what}: at least {number}, {time}', what=what, number=at_least, time=when)


def of_criteria(criteria: Criteria) -> str:
    """Return what has to be done, where nobody has described it."""
    return deeds_words(criteria.when[0], criteria.within, criteria.at_least)
