"""What the figures of a course mean that its teachers see."""

from services.analytics.definition import Definition, Unit
from services.core.phrases import phrase

CHECKPOINT_FIGURES = (
    Definition(
        key='done',
        name=phrase('Done'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners have completed the step, in class or on their own.'),
        source='progress',
    ),
    Definition(
        key='started',
        name=phrase('Started'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners have started the step and not completed it yet.'),
        source='progress',
    ),
    Definition(
        key='not_started',
        name=phrase('Not started'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners have not started the step.'),
        source='enrollments, progress',
    ),
    Definition(
        key='done_percent',
        name=phrase('Completion'),
        unit=Unit.PERCENT,
        sentence=phrase('The share of the learners who have completed the step, rounded down.'),
        source='enrollments, progress',
    ),
    Definition(
        key='median_seconds',
        name=phrase('Usual time'),
        unit=Unit.SECONDS,
        sentence=phrase(
            'Half of those who completed the step took at most this long: study on their own, and in class from '
            'start to completion.'
        ),
        source='study_times, progress.duration_seconds',
    ),
    Definition(
        key='planned_seconds',
        name=phrase('Planned time'),
        unit=Unit.SECONDS,
        sentence=phrase('The time that the course plans for the step.'),
        source='checkpoints.estimated_minutes',
    ),
    Definition(
        key='time_ratio',
        name=phrase('Time against plan'),
        unit=Unit.RATIO,
        sentence=phrase('The usual time divided by the planned time; 2 means twice as long as planned.'),
        source='study_times, progress.duration_seconds, checkpoints.estimated_minutes',
    ),
    Definition(
        key='helped',
        name=phrase('Asked for help'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners have asked for help with the step.'),
        source='help_requests',
    ),
    Definition(
        key='stopped',
        name=phrase('Stopped here'),
        unit=Unit.COUNT,
        sentence=phrase(
            'How many learners have done nothing in the course for 14 days, and have this step as the first one that '
            'is not done.'
        ),
        source='progress, daily_totals',
    ),
    Definition(
        key='mean_attempts',
        name=phrase('Attempts'),
        unit=Unit.COUNT,
        sentence=phrase('How many graded attempts those who have one have made, on average.'),
        source='mastery.scores',
    ),
    Definition(
        key='mean_score',
        name=phrase('Mean score'),
        unit=Unit.SCORE,
        sentence=phrase('The mean of the best scores of those who have one, from 0 to 100.'),
        source='mastery.best_score, submissions.grade',
    ),
    Definition(
        key='difficulty',
        name=phrase('Difficulty'),
        unit=Unit.SCORE,
        sentence=phrase(
            'From 0 (easy) to 100 (hard): the weighted mean of time against plan, questions for help, learners who '
            'stopped, and scores, as far as they are known; from 3 learners on.'
        ),
        source='the other figures of the step',
    ),
    Definition(
        key='engagement',
        name=phrase('Engagement'),
        unit=Unit.SCORE,
        sentence=phrase(
            'From 0 to 100: the mean of how many of those who began the step completed it, and of how far they stayed: '
            'the share of a video or document that they saw, or of the planned time that they spent.'
        ),
        source='progress, content_positions, study_times',
    ),
)

COURSE_FIGURES = (
    Definition(
        key='learners',
        name=phrase('Learners'),
        unit=Unit.COUNT,
        sentence=phrase('How many people learn in the course, or in the chosen group or class.'),
        source='enrollments',
    ),
    Definition(
        key='mean_percent',
        name=phrase('Average progress'),
        unit=Unit.PERCENT,
        sentence=phrase('The mean of the percentages of all learners, rounded down.'),
        source='enrollments.percent',
    ),
    Definition(
        key='finished',
        name=phrase('Finished'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners have completed the course.'),
        source='enrollments.completed_at',
    ),
    Definition(
        key='active_this_week',
        name=phrase('Active this week'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners have done something in the course since Monday.'),
        source='daily_totals',
    ),
)

WEEK_FIGURES = (
    Definition(
        key='study_seconds',
        name=phrase('Study time'),
        unit=Unit.SECONDS,
        sentence=phrase('How long was studied outside of class; idle time is not study time.'),
        source='daily_totals.seconds',
    ),
    Definition(
        key='class_seconds',
        name=phrase('Time in class'),
        unit=Unit.SECONDS,
        sentence=phrase('How long learners were there in classes that began in the week.'),
        source='attendance.seconds',
    ),
    Definition(
        key='active_learners',
        name=phrase('Active learners'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners did something in the course in the week.'),
        source='daily_totals',
    ),
    Definition(
        key='active_days',
        name=phrase('Active days'),
        unit=Unit.COUNT,
        sentence=phrase('The days of the week on which a learner did something, added up over all learners.'),
        source='daily_totals',
    ),
    Definition(
        key='steps_completed',
        name=phrase('Steps completed'),
        unit=Unit.COUNT,
        sentence=phrase('How many steps became complete; the same one in class and alone is one.'),
        source='daily_totals.completed',
    ),
)

SCORE_FIGURES = (
    Definition(
        key='score_mean',
        name=phrase('Mean of the learners'),
        unit=Unit.SCORE,
        sentence=phrase('The mean over all learners with a score, each with the mean of their best scores.'),
        source='mastery.best_score, submissions.grade',
    ),
    Definition(
        key='score_bands',
        name=phrase('Distribution of scores'),
        unit=Unit.COUNT,
        sentence=phrase(
            'How many best scores lie in each band: A from 90, B from 80, C from 70, D from 60, F below 60.'
        ),
        source='mastery.best_score, submissions.grade',
    ),
)

LEARNER_IN_COURSE = (
    Definition(
        key='percent',
        name=phrase('Progress'),
        unit=Unit.PERCENT,
        sentence=phrase('The share of the steps that count that the learner has completed, rounded down.'),
        source='enrollments.percent',
    ),
    Definition(
        key='state',
        name=phrase('State'),
        unit=Unit.WORD,
        sentence=phrase('How the learner stands at the step: done, started or not started.'),
        source='progress',
    ),
    Definition(
        key='overdue',
        name=phrase('Overdue'),
        unit=Unit.COUNT,
        sentence=phrase(
            'How many steps are past the day on which they were due for the learner, and not done. What was due before '
            'they joined is not asked of them.'
        ),
        source='checkpoints.due_at, enrollments.extra_percent, progress',
    ),
    Definition(
        key='inactive_days',
        name=phrase('Days without activity'),
        unit=Unit.DAYS,
        sentence=phrase('How many days ago the learner last did something in the course.'),
        source='daily_totals',
    ),
)

ALL = (*CHECKPOINT_FIGURES, *COURSE_FIGURES, *WEEK_FIGURES, *SCORE_FIGURES, *LEARNER_IN_COURSE)
