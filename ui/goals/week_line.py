"""A learner's week in one course, in one line."""

from services.goals.closed_weeks import PastWeek
from services.goals.status import Outlook
from services.goals.weekly import Week
from services.progress.states import EnrollmentState
from ui.kit.enrollment_states import STATES
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text
from ui.kit.time_format import short_day


def outlook_words(outlook: Outlook) -> str:
    """Return the outlook of a goal in words."""
    words = {
        Outlook.ON_TRACK: _('on track'),
        Outlook.AT_RISK: _('at risk'),
        Outlook.ACHIEVED: _('achieved'),
        Outlook.MISSED: _('missed'),
    }
    return words[outlook]


def week_line(week: Week | None) -> None:
    """Draw "3 of 5 this week · on track"; only the state of a course that is not started, paused or completed."""
    if week is not None:
        Text('span', week_words(week)).classes('hint')


def week_words(week: Week) -> str:
    """Return the line as text. Where the learner is behind it says what is left, and gives no verdict."""
    if week.state is not EnrollmentState.IN_PROGRESS:
        return say(STATES[week.state])
    done = {'done': week.done, 'goal': week.goal}
    if week.outlook is Outlook.AT_RISK:
        return ngettext(
            '{done} of {goal} this week · {count} more until Sunday',
            '{done} of {goal} this week · {count} more until Sunday',
            week.goal - week.done,
            **done,
        )
    if not week.done:
        return _('{done} of {goal} this week', **done)
    return _('{done} of {goal} this week · {outlook}', **done, outlook=outlook_words(week.outlook))


def past_week_words(week: PastWeek) -> str:
    """Return a week that is over as text; a goal that was missed is a fact, and no verdict."""
    values = {'day': short_day(week.monday), 'done': week.done, 'goal': week.goal}
    if week.outlook is Outlook.ACHIEVED:
        return _('Week of {day}: {done} of {goal}, goal reached', **values)
    if not week.done:
        return _('Week of {day}: none of {goal}, a quiet week', **values)
    return _('Week of {day}: {done} of {goal}, a quieter week', **values)
