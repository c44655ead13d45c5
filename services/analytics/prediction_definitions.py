"""What predictions mean: to teachers, to the learner they are about, and to the school."""

from services.analytics.definition import Definition, Unit
from services.core.phrases import phrase

OF_LEARNER = (
    Definition(
        key='risk',
        name=phrase('Risk'),
        unit=Unit.WORD,
        sentence=phrase(
            'How likely it is that a learner does not complete the course, by what was due and what was done compared '
            'with the class on the same day: high from 70 of 100 on, low up to 25.'
        ),
        source='progress, activities, enrollments',
    ),
    Definition(
        key='chance_to_complete',
        name=phrase('Chance to complete'),
        unit=Unit.PERCENT,
        sentence=phrase(
            'Of a hundred learners of whom the same is known, how many complete the course; said only where finished '
            'courses of the school have shown it.'
        ),
        source='predictions',
    ),
    Definition(
        key='completion_span',
        name=phrase('Completes the course'),
        unit=Unit.DATE,
        sentence=phrase(
            'The days between which a learner at this pace completes the course in eight of ten cases; not said where '
            'they are too far apart to help.'
        ),
        source='progress, enrollments',
    ),
    Definition(
        key='next_milestone',
        name=phrase('Next step'),
        unit=Unit.DATE,
        sentence=phrase('The next step that the learner has not completed, and about when, at their pace so far.'),
        source='progress, enrollments',
    ),
)
OF_COURSE = (
    Definition(
        key='band_unfinished',
        name=phrase('Not completed'),
        unit=Unit.COUNT,
        sentence=phrase(
            'Of the learners in a band when half of the time was over, how many had not completed the course two weeks '
            'after its last due date.'
        ),
        source='predictions, enrollments',
    ),
)
ALL = (*OF_LEARNER, *OF_COURSE)
