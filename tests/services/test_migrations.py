"""Migrations: the models as they are, nothing lost on the way, and a backup before an SQLite file changes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

import migrations
from models import Achievement, AchievementKind, Activity, Enrollment, Progress, metadata, table
from services import projections
from services.content.uploads import old_pictures
from services.core import database, jobs
from services.core.engines import open_for_upkeep
from services.motivation import moments
from services.quizzes import counting_anew, opening
from tests.factories.assignments import PNG, add_file, an_assignment
from tests.factories.classes import a_class, assert_log_and_projections_agree, percent, tap
from tests.factories.quizzes import WRONG, a_quiz, take

pytestmark = pytest.mark.req('O1', 'O2', 'O3')

LATER = '''"""What a later version might do: change a table that others point to."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = 'later', {head!r}


def how() -> str:
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'


def upgrade() -> None:
    with op.batch_alter_table('users', recreate=how()) as users:
        users.add_column(sa.Column('shoe_size', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('users', recreate=how()) as users:
        users.drop_column('shoe_size')
'''


@pytest.fixture(params=['sqlite', 'postgresql'])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == 'sqlite':
        return f'sqlite:///{tmp_path / "fresh.db"}'
    return str(request.getfixturevalue('postgres_url'))


@pytest.fixture
def a_later_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same program with one migration more."""
    plain = migrations.config
    head = ScriptDirectory.from_config(plain('sqlite:///x')).get_current_head()
    (tmp_path / 'versions').mkdir()
    (tmp_path / 'versions' / 'later.py').write_text(LATER.format(head=head))

    def config(url: str) -> Config:
        settings = plain(url)
        own = Path(migrations.__file__).parent / 'versions'
        settings.set_main_option('path_separator', 'newline')
        settings.set_main_option('version_locations', f'{own}\n{tmp_path / "versions"}')
        return settings

    with monkeypatch.context() as later:
        later.setattr(migrations, 'config', config)
        yield 'later'


def test_the_migrations_make_what_the_models_say(empty_url: str) -> None:
    assert migrations.upgrade(empty_url)

    engine = open_for_upkeep(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={'compare_type': True, 'include_object': migrations.is_compared}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_up_and_down_and_up_again(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    command.downgrade(migrations.config(empty_url), 'base')
    assert migrations.revision(empty_url) is None

    assert migrations.upgrade(empty_url)
    assert not migrations.upgrade(empty_url), 'there is nothing more to change'


async def test_a_later_version_keeps_every_row(empty_url: str, data_dir: Path, a_later_version: str) -> None:
    """On SQLite a table is copied and dropped, which would take along all rows that point to it."""
    command.upgrade(migrations.config(empty_url), 'later-1')
    database.open_at(empty_url, projections.ALL)
    klass = await a_class(learners=['Lena', 'Otto'])
    await tap(klass, klass.checkpoints[0])
    before = await counts()
    database.close()

    assert migrations.upgrade(empty_url)
    command.downgrade(migrations.config(empty_url), 'later-1')

    database.open_at(empty_url, projections.ALL)
    assert await counts() == before
    await assert_log_and_projections_agree()
    await tap(klass, klass.checkpoints[1])
    database.close()


async def test_certificates_of_before_are_achievements_and_no_news(empty_url: str, data_dir: Path) -> None:
    migrations.upgrade(empty_url)
    database.open_at(empty_url, projections.ALL)
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    database.close()

    command.downgrade(migrations.config(empty_url), '0025')
    migrations.upgrade(empty_url)

    database.open_at(empty_url, projections.ALL)
    await assert_log_and_projections_agree()
    kept = await database.read(lambda tx: tx.session.scalars(select(Achievement)).all())
    assert [(each.user_id, each.kind) for each in kept] == [(klass.learner.user_id, AchievementKind.CERTIFICATE)]
    assert not await database.read(moments.are_there, klass.learner)
    database.close()


async def test_an_archive_of_before_has_left_the_log_as_a_whole_or_waits(empty_url: str, data_dir: Path) -> None:
    migrations.upgrade(empty_url)
    database.open_at(empty_url, projections.ALL)
    klass = await a_class()
    database.close()
    command.downgrade(migrations.config(empty_url), '0055')
    engine = open_for_upkeep(empty_url)

    def said(statement: str, **values: object) -> list[tuple[object, ...]]:
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    month = "'2026-01-01'"
    said(
        f"INSERT INTO archived_months (month, rows, last_id, sha256, archived_at) VALUES ({month}, 7, 90, '', {month})"
    )
    for who, number, gone in (klass.teacher, 3, 3), (klass.learner, 4, 2):
        values = f'(:who, {month}, 0, 1, {number}, {gone})'
        said(f'INSERT INTO archived_parts (user_id, month, place, size, rows, gone) VALUES {values}', who=who.user_id)

    with pytest.raises(RuntimeError, match='only half archived'):
        migrations.upgrade(empty_url)
    assert migrations.revision(empty_url) == '0055'
    said('UPDATE archived_parts SET gone = rows')
    migrations.upgrade(empty_url)
    assert said('SELECT gone, gone_until FROM archived_months') == [(7, 90)]
    command.downgrade(migrations.config(empty_url), '0055')
    assert said('SELECT sum(gone) FROM archived_parts') == [(7,)]
    engine.dispose()


async def test_scores_of_before_are_counted_anew_and_failed_steps_without_a_score_are_completed(
    empty_url: str, data_dir: Path
) -> None:
    migrations.upgrade(empty_url)
    database.open_at(empty_url, projections.ALL)
    quiz = await a_quiz()
    await take(quiz, WRONG)
    database.close()
    command.downgrade(migrations.config(empty_url), '0061')
    engine = open_for_upkeep(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE quizzes SET shows_score = 'never'"))
    engine.dispose()
    migrations.upgrade(empty_url)

    database.open_at(empty_url, projections.ALL)
    assert await jobs.run_due([counting_anew.kind()]) == 1
    assert await jobs.run_due([counting_anew.kind()]) == 0, 'it is done once'
    await opening.open_all()
    assert await percent(quiz.klass, quiz.learner) == 50
    await assert_log_and_projections_agree()
    database.close()


async def test_pictures_of_before_are_blanked_once(empty_url: str, data_dir: Path) -> None:
    migrations.upgrade(empty_url)
    database.open_at(empty_url, projections.ALL)
    assert await jobs.run_due([old_pictures.kind()]) == 0, 'a school without pictures has nothing to blank'
    await add_file(await an_assignment(), PNG)
    database.close()
    command.downgrade(migrations.config(empty_url), '0067')
    migrations.upgrade(empty_url)

    database.open_at(empty_url, projections.ALL)
    assert await jobs.run_due([old_pictures.kind()]) == 1
    assert await jobs.run_due([old_pictures.kind()]) == 0, 'it is done once'
    database.close()


async def test_an_sqlite_file_is_backed_up_whole_before_it_changes(data_dir: Path, tmp_path: Path, request) -> None:  # type: ignore[no-untyped-def]
    path, backups = tmp_path / 'waymark.db', tmp_path / 'backups'
    url = f'sqlite:///{path}'
    migrations.upgrade(url, backups=backups)
    assert not backups.exists(), 'a new database has nothing to back up'
    database.open_at(url, projections.ALL)
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    assert not migrations.upgrade(url, backups=backups)
    assert not backups.exists(), 'nothing will change'

    request.getfixturevalue('a_later_version')
    assert migrations.upgrade(url, backups=backups)  # the file is open, and its newest rows are in the log beside it
    database.close()

    (backup,) = backups.iterdir()
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
        assert copy.execute("SELECT count(*) FROM activities WHERE verb = 'completed'").fetchone() == (1,)
        assert 'shoe_size' not in copy.execute("SELECT sql FROM sqlite_master WHERE name = 'users'").fetchone()[0]
    database.open_at(f'sqlite:///{backup}', projections.ALL)
    await assert_log_and_projections_agree()
    database.close()


def test_a_migration_that_would_orphan_rows_changes_nothing(
    tmp_path: Path, a_later_version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f'sqlite:///{tmp_path / "waymark.db"}'
    command.upgrade(migrations.config(url), 'later-1')
    engine = open_for_upkeep(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                'INSERT INTO sign_ins (user_id, token_hash, device, created_at, seen_at, expires_at) '
                "VALUES (7, 'x', 'x', '2026-01-01', '2026-01-01', '2026-01-01')"
            )
        )
    engine.dispose()

    with pytest.raises(RuntimeError, match='would orphan rows'):
        migrations.upgrade(url)

    assert migrations.revision(url) != 'later'
    with closing(sqlite3.connect(tmp_path / 'waymark.db')) as connection:
        assert 'shoe_size' not in connection.execute("SELECT sql FROM sqlite_master WHERE name = 'users'").fetchone()[0]


async def counts() -> dict[str, int]:
    tables = [table(model) for model in (Activity, Enrollment, Progress)]
    return await database.read(
        lambda tx: {each.name: tx.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}
    )
