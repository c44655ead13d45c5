"""Exports of a school in OneRoster, written for tests: a table for each list of lines."""

import csv
import io
from collections.abc import Mapping, Sequence

HEADS: Mapping[str, str] = {
    'orgs': 'sourcedId,status,dateLastModified,name,type',
    'users': 'sourcedId,status,dateLastModified,enabledUser,role,givenName,familyName,email,identifier,password',
    'classes': 'sourcedId,status,dateLastModified,title,classCode,schoolSourcedId,termSourcedIds,subjects',
    'enrollments': 'sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role,primary',
}

Rows = Sequence[Sequence[str]]


def an_export(
    *, version: str = '1.1', mode: str = 'bulk', source: str = 'SIS', **tables: Rows
) -> list[tuple[str, bytes]]:
    """Return the files of an export that has these tables."""
    said = [['propertyName', 'value'], ['manifest.version', '1.0'], ['oneroster.version', version]]
    said += [['source.systemCode', source], *([f'file.{name}', mode] for name in tables)]
    files = [('manifest.csv', _csv(said))]
    return files + [(f'{name}.csv', _csv([HEADS[name].split(','), *rows])) for name, rows in tables.items()]


def user(
    id_: str, name: str, role: str = 'student', *, email: str = '', status: str = 'active', on: str = 'true'
) -> list[str]:
    """Return one line of users.csv."""
    given, _, family = name.partition(' ')
    return [id_, status, '', on, role, given, family, email, f'n-{id_}', 'Secret-password-1']


def a_class(id_: str, title: str, *, status: str = 'active') -> list[str]:
    """Return one line of classes.csv."""
    return [id_, status, '', title, '', 'school', 'term', 'Science, Physics']


def place(id_: str, class_id: str, user_id: str, role: str = 'student', *, status: str = 'active') -> list[str]:
    """Return one line of enrollments.csv."""
    return [id_, status, '', class_id, user_id, role, 'true' if role == 'teacher' else 'false']


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
