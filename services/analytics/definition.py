"""What one figure means: its name, its unit, one sentence, and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum

from services.core.phrases import Phrase


class Unit(StrEnum):
    """In what a figure is counted."""

    COUNT = 'count'
    PERCENT = 'percent'
    SECONDS = 'seconds'
    MINUTES = 'minutes'
    HOURS = 'hours'
    SCORE = 'score'
    """0 to 100"""
    RATIO = 'ratio'
    DAYS = 'days'
    PER_WEEK = 'per_week'
    BYTES = 'bytes'
    MILLISECONDS = 'milliseconds'
    DATE = 'date'
    MOMENT = 'moment'
    WORD = 'word'
    YES_NO = 'yes_no'
    LIST = 'list'


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What one figure means."""

    key: str
    """the name of the field that has it, in services and in the API"""
    name: Phrase
    unit: Unit
    sentence: Phrase
    source: str
    """what it is counted from, in the words of the tables"""
