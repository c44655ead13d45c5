"""An id that somebody has seen is never that of another row: on SQLite, the last ones would be given again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Integer, Table

import migrations
from models import metadata

pytestmark = pytest.mark.req('O1', 'O2')

SHOWN_LATELY = {
    'course_groups', 'goal_milestones', 'goals', 'grade_categories', 'jobs', 'kept_reports', 'legal_holds', 'mails',
    'notes', 'parent_codes', 'report_actions', 'report_bundles', 'report_links', 'submission_files', 'uploads',
}  # fmt: skip
STAYING = {
    'activities', 'attempts', 'certificates', 'checkpoints', 'courses', 'enrollments', 'invitations',
    'learning_sessions', 'live_questions', 'live_sessions', 'lti_links', 'lti_places', 'lti_platforms', 'made_badges',
    'modules', 'prediction_models', 'question_pictures', 'question_versions', 'questions', 'record_stores',
    'roster_classes', 'school_settings', 'skills', 'submissions', 'users',
}  # fmt: skip
"""tables of which no row is ever deleted"""
UNSEEN = {
    'assignment_extensions', 'band_changes', 'column_maps', 'federated_identities', 'idempotent_requests',
    'lti_identities', 'lti_logins', 'lti_members', 'lti_milestones', 'lti_results', 'lti_scores', 'parent_looks',
    'password_resets', 'progress', 'quiz_parts', 'recovery_codes', 'report_openings', 'risk_answers', 'roster_people',
    'roster_places',
}  # fmt: skip
"""tables whose ids are in no address, on no page, in no name of a file, and in no line of the log"""


def test_each_table_gives_no_id_twice_or_there_is_a_reason() -> None:
    once = {table.name for table in counting() if table.dialect_options['sqlite']['autoincrement']}

    assert {table.name for table in counting()} - once == STAYING | UNSEEN
    assert once >= SHOWN_LATELY


def test_tables_from_before_count_on_and_keep_all_that_they_have(tmp_path: Path) -> None:
    url = f'sqlite:///{tmp_path / "waymark.db"}'
    (path,) = (Path(migrations.__file__).parent / 'versions').glob('*_no_id_is_given_twice.py')
    its, before_it = path.name[:4], f'{path.name[:4]}-1'
    command.upgrade(migrations.config(url), before_it)
    with closing(sqlite3.connect(tmp_path / 'waymark.db', isolation_level=None)) as connection:
        fill(connection, 'jobs')
        assert next_id(connection, 'jobs') == 1, 'as it was'
        connection.execute('DELETE FROM jobs')
        for name in sorted(SHOWN_LATELY):
            fill(connection, name)
        before = looks(connection)

        for go, revision in ((command.upgrade, its), (command.downgrade, before_it), (command.upgrade, its)):
            go(migrations.config(url), revision)
            assert looks(connection) == before
        assert {name: next_id(connection, name) for name in SHOWN_LATELY} == dict.fromkeys(SHOWN_LATELY, 8)


def counting() -> Iterator[Table]:
    """Yield the tables whose rows get a number of their own."""
    for table in metadata.sorted_tables:
        key = [*table.primary_key.columns]
        if len(key) == 1 and not key[0].foreign_keys and isinstance(key[0].type, Integer) and key[0].autoincrement:
            yield table


def fill(connection: sqlite3.Connection, name: str) -> int:
    """Put row 7 into a table, with rows in those to which it refers; returns the id."""
    if connection.execute(f'SELECT 1 FROM {name} WHERE id = 7').fetchone():
        return 7
    parents = {row[3]: row[2] for row in connection.execute(f'PRAGMA foreign_key_list({name})')}
    values: dict[str, Any] = {'id': 7}
    for _, column, kind, is_needed, default, _ in connection.execute(f'PRAGMA table_info({name})'):
        if column in values or not is_needed or default is not None:
            continue
        if column in parents:
            values[column] = fill(connection, parents[column])
        else:
            values[column] = '2026-03-02 08:00:00.000000' if kind == 'DATETIME' else f'{column} of {name}'[:6]
    columns, marks = ', '.join(f'"{column}"' for column in values), ', '.join('?' * len(values))
    connection.execute(f'INSERT INTO {name} ({columns}) VALUES ({marks})', [*values.values()])
    return 7


def looks(connection: sqlite3.Connection) -> dict[str, tuple[list[object], list[object]]]:
    """Return what each table is like, columns, indexes, triggers and references, and what it holds."""
    found: dict[str, tuple[list[object], list[object]]] = {}
    for name in sorted(SHOWN_LATELY):
        beside = "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = ?"
        own = sorted(connection.execute(beside, (name,)), key=repr)
        unique = [
            [column for *_, column in connection.execute(f'PRAGMA index_info("{index}")')]
            for _, index, is_unique, *_ in connection.execute(f'PRAGMA index_list({name})')
            if is_unique
        ]
        references = sorted(row[2:] for row in connection.execute(f'PRAGMA foreign_key_list({name})'))
        columns = connection.execute(f'PRAGMA table_info({name})').fetchall()
        found[name] = (
            [columns, own, sorted(unique), references],
            connection.execute(f'SELECT * FROM {name}').fetchall(),
        )
    return found


def next_id(connection: sqlite3.Connection, name: str) -> int:
    """Delete all rows of a table, put the last one in anew, and return which id it gets."""
    connection.execute(f'CREATE TEMP TABLE last AS SELECT * FROM {name}')
    connection.execute('UPDATE last SET id = NULL')
    connection.execute(f'DELETE FROM {name}')
    connection.execute(f'INSERT INTO {name} SELECT * FROM last')
    connection.execute('DROP TABLE last')
    found: int = connection.execute(f'SELECT id FROM {name}').fetchone()[0]
    return found
