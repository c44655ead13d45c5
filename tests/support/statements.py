"""The rules of xAPI 1.0.3 for statements: what makes one invalid, so that a store of statements refuses it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

STATEMENT = {
    'id', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'stored', 'authority', 'version', 'attachments',
}  # fmt: skip
NAMES = {'mbox', 'mbox_sha1sum', 'openid', 'account'}
DURATION = re.compile(r'P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)')
LANGUAGE = re.compile(r'[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*')


class Twice(ValueError):
    """A name was there twice in one object."""


def read(text: str | bytes) -> Any:
    """Return JSON in which no object has a name twice, and no value is null."""
    return json.loads(text, object_pairs_hook=_once)


def faults(said: Any) -> list[str]:
    """Return what is wrong with a statement; nothing if it is valid."""
    return list(_statement(said, STATEMENT, inner=False))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Twice(str([name for name, _ in pairs]))
    return dict(pairs)


def _statement(said: Any, names: set[str], *, inner: bool) -> Iterator[str]:
    if not isinstance(said, dict):
        yield 'not an object'
        return
    yield from (f'{name} is not known' for name in said.keys() - names)
    yield from (f'{name} is missing' for name in ('actor', 'verb', 'object') if name not in said)
    if 'id' in said and not _is_uuid(said['id']):
        yield 'id is not a UUID'
    yield from _agent(said.get('actor'))
    yield from _verb(said.get('verb'))
    yield from _object(said.get('object'), inner=inner)
    yield from _result(said.get('result', {}))
    yield from _context(said.get('context', {}), said.get('object'))
    for name in 'timestamp', 'stored':
        if name in said and not _is_moment(said[name]):
            yield f'{name} is not a moment'


def _agent(said: Any) -> Iterator[str]:
    if not isinstance(said, dict) or said.get('objectType', 'Agent') not in {'Agent', 'Group'}:
        yield 'not an agent'
        return
    ways = said.keys() & NAMES
    anonymous = said.get('objectType') == 'Group' and 'member' in said
    if len(ways) > 1 or (not ways and not anonymous):
        yield f'an agent is known by one name, not by {len(ways)}'
    if 'mbox' in said and not str(said['mbox']).startswith('mailto:'):
        yield 'mbox is not a mailto address'
    if 'account' in said:
        account = said['account']
        if set(account) != {'homePage', 'name'} or not _is_iri(account['homePage']) or not account['name']:
            yield 'account has no home page, or no name'


def _verb(said: Any) -> Iterator[str]:
    if not isinstance(said, dict) or not _is_iri(said.get('id')):
        yield 'the verb has no IRI'
    elif not _is_language_map(said.get('display', {})):
        yield 'the display of the verb is not a language map'


def _object(said: Any, *, inner: bool) -> Iterator[str]:
    if not isinstance(said, dict):
        yield 'the object is missing'
        return
    match said.get('objectType', 'Activity'):
        case 'Activity':
            yield from _activity(said)
        case 'Agent' | 'Group':
            yield from _agent(said)
        case 'StatementRef':
            if not _is_uuid(said.get('id')):
                yield 'a reference has no id'
        case 'SubStatement' if not inner:
            rest = {name: value for name, value in said.items() if name != 'objectType'}
            yield from _statement(rest, STATEMENT - {'id', 'stored', 'version', 'authority'}, inner=True)
        case other:
            yield f'{other} is no object'


def _activity(said: Any) -> Iterator[str]:
    if not _is_iri(said.get('id')):
        yield 'an activity has no IRI'
    described = said.get('definition', {})
    if 'type' in described and not _is_iri(described['type']):
        yield 'the type of an activity is no IRI'
    for name in 'name', 'description':
        if not _is_language_map(described.get(name, {})):
            yield f'the {name} of an activity is not a language map'
    if str(described.get('type', '')).endswith('/cmi.interaction') and 'interactionType' not in described:
        yield 'an interaction has no type'


def _result(said: Any) -> Iterator[str]:
    yield from (f'{name} is not a boolean' for name in ('success', 'completion') if not _is_bool(said.get(name, True)))
    if 'duration' in said and not DURATION.fullmatch(said['duration']):
        yield 'duration is not ISO 8601'
    score = said.get('score', {})
    if not -1 <= score.get('scaled', 0) <= 1:
        yield 'scaled is not between -1 and 1'
    if 'raw' in score and not score.get('min', score['raw']) <= score['raw'] <= score.get('max', score['raw']):
        yield 'raw is not between min and max'


def _context(said: Any, about: Any) -> Iterator[str]:
    kind = about.get('objectType', 'Activity') if isinstance(about, dict) else ''
    if kind != 'Activity' and said.keys() & {'platform', 'revision'}:
        yield 'only what is done to an activity has a platform'
    around = said.get('contextActivities', {})
    yield from (f'{name} is no context' for name in around.keys() - {'parent', 'grouping', 'category', 'other'})
    for each in (each for several in around.values() for each in several):
        yield from _activity(each)
    yield from (f'{name} is no IRI' for name in said.get('extensions', {}) if not _is_iri(name))


def _is_iri(said: Any) -> bool:
    return isinstance(said, str) and bool(urlsplit(said).scheme) and ' ' not in said


def _is_bool(said: Any) -> bool:
    return isinstance(said, bool)


def _is_language_map(said: Any) -> bool:
    return isinstance(said, dict) and all(
        LANGUAGE.fullmatch(name) and isinstance(text, str) for name, text in said.items()
    )


def _is_uuid(said: Any) -> bool:
    try:
        return str(UUID(said)) == str(said).lower()
    except (TypeError, ValueError, AttributeError):
        return False


def _is_moment(said: Any) -> bool:
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except (TypeError, ValueError):
        return False
