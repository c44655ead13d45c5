"""What the figures of a child's week mean that parents see."""

from services.analytics.definition import Definition, Unit
from services.core.phrases import phrase

ALL = (
    Definition(
        key='child_done',
        name=phrase('Steps done'),
        unit=Unit.COUNT,
        sentence=phrase('The steps that your child has completed since Monday, in the courses that ask for some.'),
        source='progress, weekly goals',
    ),
    Definition(
        key='child_goal',
        name=phrase('Steps planned'),
        unit=Unit.COUNT,
        sentence=phrase('The weekly goals of all courses of your child together; your child can change them.'),
        source='weekly goals',
    ),
    Definition(
        key='child_seconds',
        name=phrase('Time this week'),
        unit=Unit.SECONDS,
        sentence=phrase('The time of study on their own and in class since Monday; a page left open does not count.'),
        source='daily_totals.seconds, attendance.seconds',
    ),
    Definition(
        key='child_active_days',
        name=phrase('Days this week'),
        unit=Unit.COUNT,
        sentence=phrase('The days since Monday on which your child did something in a course.'),
        source='daily_totals',
    ),
)
SHOWN = (*(each.key for each in ALL), 'usual_week_seconds', 'percent')
"""what a parent reads of a child, in the order of the page"""
