"""Records of completion as files whose lines are chained, so that an alteration can be seen by anybody.

There are two chains. `facts_hash` covers what never changes: what the activity log says. It is the same in every file
about a course, so that somebody who noted it one evening can check all later files. `line_hash` covers the whole
line, with names and titles as they are now. `docs/completion-records.md` has the script that checks both.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from itertools import islice

from services.core.csv import safe_cell

FACTS = (
    'record',
    'day',
    'number',
    'course_id',
    'user_id',
    'subject',
    'subject_id',
    'mode',
    'started_at',
    'completed_at',
    'recorded_at',
    'local_date',
    'local_hour',
    'evidence',
    'score',
    'pass_mark',
    'assessor_id',
)
"""what never changes for a completion that is in the log"""
SAID = (
    'person_id',
    'person',
    'zone',
    'title',
    'kind',
    'content_version',
    'content_changed_at',
    'assessor',
    'state',
    'due_at',
)
"""what is said about it today"""
COLUMNS = (*FACTS, 'facts_hash', *SAID, 'line_hash')
LINES_AT_ONCE = 500

Line = Mapping[str, str]
"""what is known for a line, by column; others are empty"""


class Format(StrEnum):
    """What kind of file."""

    CSV = 'csv'
    JSONL = 'jsonl'

    @property
    def media_type(self) -> str:
        """Return what browsers and programs call it."""
        return 'text/csv; charset=utf-8' if self is Format.CSV else 'application/jsonl'


def pieces(lines: Iterable[Line], form: Format) -> Iterator[bytes]:
    """Yield the file, some lines at a time, while it is sent."""
    if form is Format.CSV:
        yield b'\xef\xbb\xbf' + _csv([COLUMNS]).encode()
    complete = chained(lines, form)
    while some := list(islice(complete, LINES_AT_ONCE)):
        yield _csv([tuple(line.values()) for line in some]).encode() if form is Format.CSV else _jsonl(some).encode()


def chained(lines: Iterable[Line], form: Format) -> Iterator[dict[str, str]]:
    """Yield complete lines, as they stand in a file of this kind, with the hashes of both chains."""
    facts_hash = line_hash = ''
    for line in lines:
        facts = {name: _cell(line.get(name, ''), form) for name in FACTS}
        facts_hash = link(facts_hash, facts)
        whole = facts | {'facts_hash': facts_hash} | {name: _cell(line.get(name, ''), form) for name in SAID}
        line_hash = link(line_hash, whole)
        yield whole | {'line_hash': line_hash}


def link(previous: str, cells: Mapping[str, str]) -> str:
    """Return the hash of a line that follows another: of the hash before it and the line as canonical JSON."""
    canonical = json.dumps(cells, ensure_ascii=False, separators=(',', ':'), sort_keys=True)
    return sha256((previous + canonical).encode()).hexdigest()


def _cell(value: str, form: Format) -> str:
    return str(safe_cell(value)) if form is Format.CSV else value


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _jsonl(lines: Iterable[Mapping[str, str]]) -> str:
    return ''.join(json.dumps(line, ensure_ascii=False) + '\n' for line in lines)
