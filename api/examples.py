"""What the document shows for everything that is sent and answered: examples, made of one list of words."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

WORDS: dict[str, Any] = {
    'access_token': 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…',
    'attempt_id': 64,
    'checkpoint_id': 31,
    'checkpoints': 12,
    'code': 'K7M2PX',
    'course_id': 7,
    'course_title': 'Python, second term',
    'detail': 'There is no such course, or it is not one of yours.',
    'device': 'A script',
    'email': 'amina@example.org',
    'expires_in': 900,
    'goal_id': 3,
    'id': 42,
    'learners': 24,
    'milestone_id': 5,
    'module_id': 9,
    'name': 'Amina Diallo',
    'next': '42',
    'note_id': 17,
    'owner': 'Ines Moreau',
    'percent': 63,
    'question_id': 12,
    'refresh_token': 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…',
    'rejoin_code': 'F4T7WQHM',
    'request_id': 58,
    'session_id': 4,
    'sign_in_id': 81,
    'subject': 'Computer science',
    'title': 'Python, second term',
    'token': 'waymark-service-…',
    'token_type': 'Bearer',
    'user_id': 23,
}
"""An example for each name that means the same wherever it occurs; a field may bring another one of its own."""

_FORMATS = {'date-time': '2030-01-31T09:30:00Z', 'date': '2030-01-31', 'uuid': '6f1c2a9e-5b7d-4e60-9c3f-2a1b5d7e4f60'}
_TYPES = {'string': 'text', 'integer': 1, 'number': 1.0, 'boolean': False, 'null': None}
_PYTHON: dict[str, type | tuple[type, ...]] = {'string': str, 'integer': int, 'number': (int, float), 'boolean': bool}


class Examples:
    """Makes examples for the schemas of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Schema] = document.get('components', {}).get('schemas', {})

    def of(self, schema: Schema, name: str = '', *, sent: bool = False) -> Any:
        """Return an example for what is called `name`; in what is `sent`, optional parts are as by default."""
        if 'examples' in schema:
            return schema['examples'][0]
        if sent and 'default' in schema:
            return schema['default']
        if '$ref' in schema:
            return self.of(self._schemas[schema['$ref'].rpartition('/')[2]], name, sent=sent)
        if choices := schema.get('anyOf') or schema.get('oneOf') or schema.get('allOf'):
            return self.of(choices[0], name, sent=sent)
        if 'properties' in schema:
            return {key: self.of(part, key, sent=sent) for key, part in schema['properties'].items()}
        if schema.get('type') == 'array':
            one = self.of(schema.get('items', {}), name.removesuffix('s'), sent=sent)
            return [one] * max(1, schema.get('minItems', 0))
        if schema.get('type') == 'object':
            values = schema.get('additionalProperties')
            return {self._key(schema): self.of(values, name, sent=sent)} if isinstance(values, dict) else {}
        return self._value(schema, name)

    def _key(self, schema: Schema) -> str:
        """Return what a value is called in an object whose names are data: ids, or words of a closed list."""
        names = schema.get('propertyNames', {})
        return str(self.of(names, 'key', sent=False)) if '$ref' in names or 'enum' in names else '1'

    def _value(self, schema: Schema, name: str) -> Any:
        if 'const' in schema:
            return schema['const']
        if 'enum' in schema:
            return schema['enum'][0]
        if schema.get('format') in _FORMATS:
            return _FORMATS[schema['format']]
        kind = schema.get('type', 'null')
        if name in WORDS and isinstance(WORDS[name], _PYTHON.get(kind, ())):
            return WORDS[name]
        return max(_TYPES[kind], schema.get('minimum', 0)) if kind == 'integer' else _TYPES[kind]
