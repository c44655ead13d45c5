"""Reasons and next steps as sentences; the numbers in them are kept with the prediction."""

from collections.abc import Mapping
from typing import Any

from services.analytics.prediction.outlook import StepKind
from services.core.phrases import Phrase, phrase, plural

Kept = Mapping[str, Any]
"""a reason or a checkpoint as the table keeps it: what it is, and its numbers"""


def reason(kept: Kept, title: str) -> Phrase:
    """Return the sentence of a reason; `title` is that of its checkpoint, if it has one."""
    fact = kept['fact']
    if fact == 'missed':
        return plural(
            '1 of {due} due steps is missing.',
            '{count} of {due} due steps are missing.',
            kept['missed'],
            due=kept['due'],
        )
    if fact == 'last_missed':
        return phrase('The step that was due last is missing: “{title}”.', title=title)
    if fact == 'nothing':
        return phrase('Nothing is done yet; {count} of {learners} learners have begun.', **_numbers(kept))
    if fact == 'few':
        return phrase(
            '{count} steps with a due date are done; the average of the class is {average}.', **_numbers(kept)
        )
    if fact == 'low_score':
        return phrase('The average score is {score}; that of the class is {average}.', **_numbers(kept))
    if fact == 'low_last_score':
        return phrase('The last score was {score}; the average of the class is {average}.', **_numbers(kept))
    if fact == 'late':
        return phrase('{late} of {handed} steps were done late.', **_numbers(kept))
    if fact == 'tardy':
        return phrase('Steps are done closer to their due dates than by most of the class.')
    return phrase('An earlier run of this course was not completed.')


def step(kept: Kept, title: str) -> Phrase:
    """Return the sentence of a next step; `title` is that of its checkpoint."""
    kind = StepKind(kept['kind'])
    if kind is StepKind.CATCH_UP:
        return phrase('Finish “{title}”, which is overdue.', title=title)
    if kind is StepKind.GO_ON:
        return phrase('Finish “{title}” in time.', title=title)
    return phrase('Go through “{title}” again: it brought the lowest score.', title=title)


def _numbers(kept: Kept) -> dict[str, object]:
    return {name: value for name, value in kept.items() if name not in {'fact', 'weight', 'checkpoint', 'of'}}
