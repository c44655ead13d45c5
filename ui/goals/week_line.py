"""How the week of a learner goes in one course, in one line."""

from services.goals.status import Outlook
from services.goals.weekly import Week
from services.progress.states import EnrollmentState
from ui.kit.enrollment_states import STATES
from ui.kit.text import Text

OUTLOOKS = {
    Outlook.ON_TRACK: 'on track',
    Outlook.AT_RISK: 'at risk',
    Outlook.ACHIEVED: 'achieved',
    Outlook.MISSED: 'missed',
}


def week_line(week: Week | None) -> None:
    """Draw "3 of 5 this week · on track"; of a course that is paused or completed only that."""
    if week is not None:
        Text('span', week_words(week)).classes('hint')


def week_words(week: Week) -> str:
    """Return the line as text."""
    if week.state in {EnrollmentState.PAUSED, EnrollmentState.COMPLETED}:
        return STATES[week.state]
    words = f'{week.done} of {week.goal} this week · {OUTLOOKS[week.outlook]}'
    return f'{STATES[week.state]} · {words}' if week.state is EnrollmentState.NOT_STARTED else words
