"""What the figures of the school mean."""

from services.analytics.definition import Definition, Unit
from services.core.phrases import phrase

ALL = (
    Definition(
        key='active_people',
        name=phrase('Active people'),
        unit=Unit.COUNT,
        sentence=phrase('About how many people did something on the day; fewer than 10 are not said.'),
        source='daily_totals',
    ),
    Definition(
        key='active_per_month',
        name=phrase('Active people in four weeks'),
        unit=Unit.COUNT,
        sentence=phrase(
            'About how many different people did something in the last four full weeks; fewer than 10 are not said.'
        ),
        source='daily_totals',
    ),
    Definition(
        key='active_month_before',
        name=phrase('Active people in the four weeks before'),
        unit=Unit.COUNT,
        sentence=phrase('The same of the four weeks before these.'),
        source='daily_totals',
    ),
    Definition(
        key='sessions',
        name=phrase('Learning sessions'),
        unit=Unit.COUNT,
        sentence=phrase(
            'About how many stretches of study on their own ended in the week, at most seven of each person;'
            ' hidden for fewer than 40 people.'
        ),
        source='daily_totals.sessions',
    ),
    Definition(
        key='mean_session_seconds',
        name=phrase('Average session'),
        unit=Unit.SECONDS,
        sentence=phrase('Study time divided by learning sessions, of both about as much as there was.'),
        source='daily_totals.seconds, daily_totals.sessions',
    ),
    Definition(
        key='notices',
        name=phrase('Notices in inboxes'),
        unit=Unit.COUNT,
        sentence=phrase(
            'About how many notices came into inboxes in the week, at most seven of each person; hidden for fewer than'
            ' 40 people.'
        ),
        source='notices.written_at',
    ),
    Definition(
        key='notices_read',
        name=phrase('Read in the same week'),
        unit=Unit.PERCENT,
        sentence=phrase(
            'About which share of these notices was opened or marked as read before the week was over; hidden where'
            ' that would show a few people.'
        ),
        source='notices.read_at',
    ),
    Definition(
        key='notices_mailed',
        name=phrase('Notices by mail'),
        unit=Unit.COUNT,
        sentence=phrase(
            'About how many notices went out in mails in the week, at most seven to each person; whether a mail was'
            ' opened is not known, because mails have no tracking pixels.'
        ),
        source='notices.mailed_at',
    ),
    Definition(
        key='streaks_kept',
        name=phrase('Streaks kept'),
        unit=Unit.PERCENT,
        sentence=phrase(
            'About which share of the people who learned in the week before learned in this week, too; hidden where'
            ' that would show a few people.'
        ),
        source='learning_days',
    ),
    Definition(
        key='badges',
        name=phrase('Badges earned'),
        unit=Unit.COUNT,
        sentence=phrase(
            'About how many badges were earned in the week, at most three of each person; hidden for fewer than 40'
            ' people.'
        ),
        source='achievements.reached_at',
    ),
    Definition(
        key='enrolled',
        name=phrase('Enrolled'),
        unit=Unit.COUNT,
        sentence=phrase('About how many people learn in the course, or have completed it; fewer than 10 are not said.'),
        source='enrollments',
    ),
    Definition(
        key='completion_rate',
        name=phrase('Completion rate'),
        unit=Unit.PERCENT,
        sentence=phrase(
            'About which share of those who were enrolled have completed the course; hidden for small groups.'
        ),
        source='enrollments.completed_at',
    ),
    Definition(
        key='days_to_completion',
        name=phrase('Days to completion'),
        unit=Unit.DAYS,
        sentence=phrase(
            'Half of those who completed a course took at most about this long from enrollment to completion;'
            ' hidden for fewer than 40 people.'
        ),
        source='enrollments.enrolled_at, enrollments.completed_at',
    ),
    Definition(
        key='stored_bytes',
        name=phrase('Stored files'),
        unit=Unit.BYTES,
        sentence=phrase('The size of all files of courses and of handed in work.'),
        source='uploads.size, submission_files.size',
    ),
    Definition(
        key='free_bytes',
        name=phrase('Free on the disk'),
        unit=Unit.BYTES,
        sentence=phrase('What is left on the disk with the data folder.'),
        source='the disk',
    ),
    Definition(
        key='jobs_due',
        name=phrase('Jobs that are due'),
        unit=Unit.COUNT,
        sentence=phrase('How much work by the clock should have begun by now.'),
        source='jobs.due_at',
    ),
    Definition(
        key='jobs_failed',
        name=phrase('Jobs that failed'),
        unit=Unit.COUNT,
        sentence=phrase('How much work by the clock failed the last time.'),
        source='jobs.problem',
    ),
    Definition(
        key='followers',
        name=phrase('Lag of the figures'),
        unit=Unit.COUNT,
        sentence=phrase('How many activities each follower of the log has not taken yet.'),
        source='followers.position, activities.id',
    ),
    Definition(
        key='recalculation_p50',
        name=phrase('Half of the recalculations'),
        unit=Unit.MILLISECONDS,
        sentence=phrase('Half of the latest 1,000 recounts of percentages since the server started took at most this.'),
        source='enrollments.done, timed on this server',
    ),
    Definition(
        key='recalculation_p95',
        name=phrase('95 of 100 recalculations'),
        unit=Unit.MILLISECONDS,
        sentence=phrase('Of the latest 1,000 recounts of percentages, 95 in a hundred took at most this.'),
        source='enrollments.done, timed on this server',
    ),
    Definition(
        key='recalculation_p99',
        name=phrase('99 of 100 recalculations'),
        unit=Unit.MILLISECONDS,
        sentence=phrase('Of the latest 1,000 recounts of percentages, 99 in a hundred took at most this.'),
        source='enrollments.done, timed on this server',
    ),
    Definition(
        key='month_learners',
        name=phrase('Learners'),
        unit=Unit.COUNT,
        sentence=phrase('How many learners studied on their own or came to a class in the month; hidden for too few.'),
        source='daily_totals, attendance',
    ),
    Definition(
        key='study_hours',
        name=phrase('On their own (hours)'),
        unit=Unit.HOURS,
        sentence=phrase('How long these learners studied on their own in the month, all together.'),
        source='daily_totals.seconds',
    ),
    Definition(
        key='class_hours',
        name=phrase('In class (hours)'),
        unit=Unit.HOURS,
        sentence=phrase('How long these learners were in classes in the month, all together.'),
        source='attendance.seconds',
    ),
    Definition(
        key='mean_hours',
        name=phrase('Hours of each learner, on average'),
        unit=Unit.HOURS,
        sentence=phrase('Their time on their own and in class in the month, divided by how many they are.'),
        source='daily_totals.seconds, attendance.seconds',
    ),
)
