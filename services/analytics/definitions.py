"""What each figure means, in one registry.

Pages show the sentence on hover, the API and the docs list it, and tables have the name as their header. A figure
without a definition fails a test.
"""

from services.analytics import (
    child_definitions,
    educator_definitions,
    learner_definitions,
    prediction_definitions,
    school_definitions,
)
from services.analytics.definition import Definition

REGISTRY: dict[str, Definition] = {
    each.key: each
    for subject in (
        educator_definitions,
        learner_definitions,
        school_definitions,
        prediction_definitions,
        child_definitions,
    )
    for each in subject.ALL
}


def of(key: str) -> Definition:
    """Return what a figure means, by the name of its field."""
    return REGISTRY[key]


def everything() -> tuple[Definition, ...]:
    """Return all definitions, by key."""
    return tuple(REGISTRY[key] for key in sorted(REGISTRY))
