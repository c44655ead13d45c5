"""What the figures of a learner mean."""

from services.analytics.definition import Definition, Unit
from services.core.phrases import phrase

ALL = (
    Definition(
        key='steps_done',
        name=phrase('Steps done'),
        unit=Unit.COUNT,
        sentence=phrase('How many of the steps that count the learner has completed, in class or on their own.'),
        source='enrollments.done',
    ),
    Definition(
        key='steps_counted',
        name=phrase('Steps that count'),
        unit=Unit.COUNT,
        sentence=phrase('How many steps of the course count; previews do not.'),
        source='courses.counted',
    ),
    Definition(
        key='seconds',
        name=phrase('Time'),
        unit=Unit.SECONDS,
        sentence=phrase(
            'How long the learner was at the step: study on their own, and in class from start to completion.'
        ),
        source='study_times, progress.duration_seconds',
    ),
    Definition(
        key='is_done',
        name=phrase('Completed'),
        unit=Unit.YES_NO,
        sentence=phrase('Whether the learner has completed the step.'),
        source='progress',
    ),
    Definition(
        key='is_slowest',
        name=phrase('Slowest'),
        unit=Unit.YES_NO,
        sentence=phrase('Whether it is one of the three steps at which the learner was longest.'),
        source='study_times, progress.duration_seconds',
    ),
    Definition(
        key='velocity',
        name=phrase('Pace'),
        unit=Unit.PER_WEEK,
        sentence=phrase('How many steps a week the learner has completed in the last four weeks.'),
        source='daily_totals.completed',
    ),
    Definition(
        key='velocity_trend',
        name=phrase('Trend of the pace'),
        unit=Unit.WORD,
        sentence=phrase(
            'Whether the pace of the last four weeks is more than a fifth above or below that of the four before.'
        ),
        source='daily_totals.completed',
    ),
    Definition(
        key='usual_week_seconds',
        name=phrase('Usual time in a week'),
        unit=Unit.SECONDS,
        sentence=phrase('The median time of the last four whole weeks: study on their own, and time in class.'),
        source='daily_totals.seconds, attendance.seconds',
    ),
    Definition(
        key='time_of_day',
        name=phrase('Time of day'),
        unit=Unit.SECONDS,
        sentence=phrase('How long the learner studied at night, in the morning, in the afternoon and in the evening.'),
        source='daily_totals.part',
    ),
    Definition(
        key='total_seconds',
        name=phrase('Total time'),
        unit=Unit.SECONDS,
        sentence=phrase('Study on their own and time in class together, in the span; idle time is left out.'),
        source='daily_totals.seconds, attendance.seconds',
    ),
    Definition(
        key='tag_mean',
        name=phrase('Mean by tag'),
        unit=Unit.SCORE,
        sentence=phrase('The mean of the best scores at the steps with a tag; from 2 scored steps on.'),
        source='mastery.best_score, submissions.grade',
    ),
    Definition(
        key='subject_mean',
        name=phrase('Mean by subject'),
        unit=Unit.SCORE,
        sentence=phrase('The mean of the best scores in all courses of a subject; from 2 scored steps on.'),
        source='mastery.best_score, submissions.grade, courses.subject',
    ),
    Definition(
        key='scored',
        name=phrase('Scored steps'),
        unit=Unit.COUNT,
        sentence=phrase('At how many steps there is a score.'),
        source='mastery.best_score, submissions.grade',
    ),
    Definition(
        key='own_percent',
        name=phrase('Own progress'),
        unit=Unit.PERCENT,
        sentence=phrase('The percentage of the learner as it was at the end of yesterday.'),
        source='daily_totals.completed',
    ),
    Definition(
        key='others_percent',
        name=phrase('Average of the others'),
        unit=Unit.PERCENT,
        sentence=phrase(
            'The mean percentage of the other learners at the end of yesterday; only where they are at least 5.'
        ),
        source='daily_totals.completed',
    ),
    Definition(
        key='own_week_steps',
        name=phrase('Own steps in a week'),
        unit=Unit.COUNT,
        sentence=phrase('How many steps the learner has completed in the seven days up to yesterday.'),
        source='daily_totals.completed',
    ),
    Definition(
        key='others_week_steps',
        name=phrase('Steps of the others in a week'),
        unit=Unit.COUNT,
        sentence=phrase(
            'How many steps the others have completed in the seven days up to yesterday, on average; only where they '
            'are at least 5.'
        ),
        source='daily_totals.completed',
    ),
    Definition(
        key='ahead_of',
        name=phrase('Ahead of'),
        unit=Unit.PERCENT,
        sentence=phrase('The share of the others who are more than 10 points below; hidden where it shows a person.'),
        source='daily_totals.completed',
    ),
    Definition(
        key='similar_to',
        name=phrase('Similar to'),
        unit=Unit.PERCENT,
        sentence=phrase('The share of the others who are within 10 points; hidden where it shows a person.'),
        source='daily_totals.completed',
    ),
    Definition(
        key='behind',
        name=phrase('Behind'),
        unit=Unit.PERCENT,
        sentence=phrase('The share of the others who are more than 10 points above; hidden where it shows a person.'),
        source='daily_totals.completed',
    ),
)
