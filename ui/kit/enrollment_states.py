"""How it stands with a learner in a course, in words."""

from services.progress.states import EnrollmentState

STATES = {
    EnrollmentState.NOT_STARTED: 'not started',
    EnrollmentState.IN_PROGRESS: 'in progress',
    EnrollmentState.COMPLETED: 'completed',
    EnrollmentState.PAUSED: 'paused',
}
