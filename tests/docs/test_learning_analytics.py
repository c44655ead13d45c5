"""The table of LearningAnalytics has each field that a client is answered, and names each of the specification."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.learning_analytics_shapes import LearningAnalyticsAnswer

PAGE = (Path(__file__).parents[2] / 'docs' / 'learning-analytics.md').read_text()
SPECIFIED = [
    'id',
    'student_id',
    'course_id',
    'period_type',
    'start_date',
    'end_date',
    'total_time',
    'lesson_time',
    'quiz_time',
    'assignment_time',
    'resource_time',
    'idle_time',
    'time_by_day',
    'date',
    'minutes',
    'peak_hours',
    'quiz_average',
    'quiz_improvement',
    'assignment_average',
    'completion_rate',
    'mastery_level',
    'strengths',
    'weaknesses',
    'grade_distribution',
    'a_count',
    'f_count',
    'login_count',
    'session_count',
    'avg_session_length',
    'participation_score',
    'clicks_per_session',
    'pages_per_session',
    'videos_watched',
    'resources_downloaded',
    'questions_asked',
    'forum_posts',
    'engagement_trend',
    'risk_level',
    'preferred_content_type',
    'learning_pace',
    'optimal_session_length',
    'preferred_difficulty',
    'video_preference',
    'text_preference',
    'interactive_preference',
    'audio_preference',
    'consistent_schedule',
    'cramming_detected',
    'review_frequency',
    'vs_class_average',
    'vs_previous_period',
    'percentile_rank',
    'vs_personal_best',
    'ahead_of_peers',
    'similar_to_peers',
    'behind_peers',
    'estimated_completion_date',
    'success_probability',
    'at_risk_indicators',
    'recommended_interventions',
    'type',
    'urgency',
    'description',
    'next_milestone',
    'estimated_date',
    'preparation_needed',
    'total_earned',
    'recent_achievements',
    'next_achievement',
    'achievement_velocity',
]
"""Source: s2, LearningAnalytics"""


@pytest.mark.req('N3')
def test_each_field_has_a_row_and_each_specified_name_is_found() -> None:
    schema = LearningAnalyticsAnswer.model_json_schema(mode='serialization')
    documented = re.findall(r'^\| `([^`]+)`', PAGE, re.MULTILINE)

    assert len(documented) == len(set(documented))
    assert set(documented) == set(leaves(schema, schema['$defs']))
    names = {part for quoted in re.findall(r'`([^`]+)`', PAGE) for part in re.split(r'\.|\[\]\.?', quoted)}
    assert not set(SPECIFIED) - names


@pytest.mark.req('N3')
def test_the_tests_of_each_field_name_it() -> None:
    files = {
        number: (Path(__file__).parents[1] / name).read_text()
        for name, number in re.findall(r'`(\S+\.py)`\s\((\d)\)', PAGE)
    }
    rows = re.findall(r'^\| `([^`]+)` .*\| ([^|]+) \|$', PAGE, re.MULTILINE)
    named = {
        field: [number for number in tested.split(', ') if number in files and _is_named(field, files[number])]
        for field, tested in rows
        if tested != '–'
    }

    assert len(named) > 60
    assert [field for field, numbers in named.items() if not numbers] == []


def _is_named(field: str, test: str) -> bool:
    """Return whether a test names a field, or what it is a part of."""
    *before, name = field.replace('[]', '').split('.')
    return any(re.search(rf'\b{each}\b', test) for each in (name, *before[-1:]))


def leaves(schema: dict[str, Any], known: dict[str, Any], before: str = '') -> Iterator[str]:
    """Yield the paths of all values of a schema; what is in a list has [] behind its name."""
    for name, value in schema['properties'].items():
        options = [value, *value.get('anyOf', ())]
        inside = next((known[each['$ref'].rpartition('/')[2]] for each in options if '$ref' in each), {})
        items = next((each['items'] for each in options if '$ref' in each.get('items', {})), None)
        if items:
            yield from leaves(known[items['$ref'].rpartition('/')[2]], known, f'{before}{name}[].')
        elif 'properties' in inside:
            yield from leaves(inside, known, f'{before}{name}.')
        else:
            yield f'{before}{name}'
