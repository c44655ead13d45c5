"""How far a learner is in a course, in words."""

from collections.abc import Mapping

from services.progress.states import EnrollmentState
from ui.kit.language import Spoken, _

STATES: Mapping[EnrollmentState, str] = Spoken(
    {
        EnrollmentState.NOT_STARTED: lambda: _('not started'),
        EnrollmentState.IN_PROGRESS: lambda: _('in progress'),
        EnrollmentState.COMPLETED: lambda: _('completed'),
        EnrollmentState.PAUSED: lambda: _('paused'),
    }
)
