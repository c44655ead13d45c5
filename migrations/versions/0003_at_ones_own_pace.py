"""Self-paced learning: content, study time, notes, goals and certificates; groups of a course.

Revision ID: 0003
Revises: 0002
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

MOMENT = sa.DateTime(timezone=True)
ADDED = {
    'activities': ('seconds',),
    'courses': ('counted',),
    'checkpoints': ('body', 'file_id', 'captions_id'),
    'enrollments': ('done', 'paused_at', 'weekly_goal', 'group_id', 'extra_percent', 'custom'),
}
REFERENCES = {
    'checkpoints': {'file_id': ('uploads', 'RESTRICT'), 'captions_id': ('uploads', 'RESTRICT')},
    'enrollments': {'group_id': ('course_groups', 'SET NULL')},
}
MADE = (
    'study_times',
    'notes',
    'content_positions',
    'goal_milestones',
    'learning_sessions',
    'goals',
    'certificates',
    'course_groups',
    'uploads',
)


def upgrade() -> None:
    """Self-paced learning."""
    _make_tables()
    _make_index_of_notes()
    op.add_column('activities', sa.Column('seconds', sa.Integer(), nullable=True))
    op.add_column('courses', sa.Column('counted', sa.Integer(), server_default='0', nullable=False))
    op.add_column('checkpoints', sa.Column('body', sa.String(length=100_000), server_default='', nullable=False))
    for name, usual in (('done', '0'), ('weekly_goal', '5'), ('extra_percent', '0')):
        op.add_column('enrollments', sa.Column(name, sa.Integer(), server_default=usual, nullable=False))
    op.add_column('enrollments', sa.Column('paused_at', MOMENT, nullable=True))
    op.add_column('enrollments', sa.Column('custom', sa.JSON(), server_default='{}', nullable=False))
    for table, columns in REFERENCES.items():
        with op.batch_alter_table(table, recreate=_recreate()) as changed:
            for column, (target, ondelete) in columns.items():
                changed.add_column(sa.Column(column, sa.Integer(), nullable=True))
                changed.create_foreign_key(f'fk_{table}_{column}', target, [column], ['id'], ondelete=ondelete)
    done = sa.text('completed_at IS NOT NULL')
    op.create_index(
        'ix_progress_done', 'progress', ['checkpoint_id', 'user_id'], sqlite_where=done, postgresql_where=done
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE enrollments SET (fillfactor = 50)')
    op.execute(COUNT)
    op.execute(COUNT_DONE)


def downgrade() -> None:
    """Take it back: content, notes, goals, certificates and study time go with it, and what the log tells of them."""
    verbs = ', '.join(f"'{verb}'" for verb in ('watched', 'read', 'studied', 'paused', 'resumed', 'certified'))
    op.execute(f'DELETE FROM activities WHERE verb IN ({verbs})')  # noqa: S608 - our own words
    op.drop_index('ix_progress_done', 'progress')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE enrollments RESET (fillfactor)')
    for table, columns in REFERENCES.items():
        with op.batch_alter_table(table, recreate=_recreate()) as changed:
            for column in columns:
                changed.drop_constraint(f'fk_{table}_{column}', type_='foreignkey')
    for table, names in ADDED.items():
        with op.batch_alter_table(table, recreate=_recreate()) as changed:
            for name in names:
                changed.drop_column(name)
    if op.get_bind().dialect.name == 'sqlite':
        op.drop_table('notes_words')
    for table in MADE:
        op.drop_table(table)


COUNT = """
UPDATE courses SET counted = (
    SELECT count(*) FROM checkpoints
    WHERE checkpoints.course_id = courses.id AND checkpoints.deleted_at IS NULL AND NOT checkpoints.is_preview
)
"""
COUNT_DONE = """
UPDATE enrollments SET done = (
    SELECT count(DISTINCT progress.checkpoint_id) FROM progress
    JOIN checkpoints ON checkpoints.id = progress.checkpoint_id
    WHERE progress.course_id = enrollments.course_id AND progress.user_id = enrollments.user_id
    AND progress.completed_at IS NOT NULL AND checkpoints.deleted_at IS NULL AND NOT checkpoints.is_preview
)
"""


SEARCH = (
    """CREATE VIRTUAL TABLE notes_words USING fts5(
        user_id, plain, content='notes', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'")""",
    """CREATE TRIGGER notes_words_added AFTER INSERT ON notes BEGIN
        INSERT INTO notes_words (rowid, user_id, plain) VALUES (new.id, new.user_id, new.plain);
    END""",
    """CREATE TRIGGER notes_words_deleted AFTER DELETE ON notes BEGIN
        INSERT INTO notes_words (notes_words, rowid, user_id, plain)
        VALUES ('delete', old.id, old.user_id, old.plain);
    END""",
    """CREATE TRIGGER notes_words_changed AFTER UPDATE OF user_id, plain ON notes BEGIN
        INSERT INTO notes_words (notes_words, rowid, user_id, plain)
        VALUES ('delete', old.id, old.user_id, old.plain);
        INSERT INTO notes_words (rowid, user_id, plain) VALUES (new.id, new.user_id, new.plain);
    END""",
)
"""SQLite: a migration that recreates the table `notes` has to recreate the triggers as well."""


def _make_index_of_notes() -> None:
    """Let the database find notes by their words; the model does not know of it (see `migrations.is_compared`)."""
    if op.get_bind().dialect.name == 'sqlite':
        for statement in SEARCH:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX notes_words ON notes USING gin (to_tsvector('simple', plain))")


def _make_tables() -> None:
    op.create_table(
        'uploads',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('media_type', sa.String(length=80), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('stored_as', sa.String(length=64), nullable=False),
        sa.Column('seconds', sa.Float(), nullable=True),
        sa.Column('pages', sa.Integer(), nullable=True),
        sa.Column('uploaded_by', sa.Integer(), nullable=False),
        sa.Column('uploaded_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['uploaded_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('stored_as'),
    )
    op.create_table(
        'certificates',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('serial', sa.String(length=24), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('course_title', sa.String(length=120), nullable=False),
        sa.Column('completed_at', MOMENT, nullable=False),
        sa.Column('issued_at', MOMENT, nullable=False),
        sa.Column('issued_by', sa.Integer(), nullable=True),
        sa.Column('replaced_by_id', sa.Integer(), nullable=True),
        sa.Column('revoked_at', MOMENT, nullable=True),
        sa.Column('revoked_by', sa.Integer(), nullable=True),
        sa.Column('rendered_at', MOMENT, nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('next_try_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['issued_by'], ['users.id'], ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['replaced_by_id'], ['certificates.id'], ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['revoked_by'], ['users.id'], ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('serial'),
    )
    op.create_index('ix_certificates_user', 'certificates', ['user_id'])
    op.create_index(
        'ux_certificates_valid',
        'certificates',
        ['course_id', 'user_id'],
        unique=True,
        sqlite_where=sa.text('revoked_at IS NULL AND replaced_by_id IS NULL'),
        postgresql_where=sa.text('revoked_at IS NULL AND replaced_by_id IS NULL'),
    )
    op.create_index(
        'ix_certificates_due',
        'certificates',
        ['next_try_at'],
        sqlite_where=sa.text('rendered_at IS NULL AND revoked_at IS NULL AND replaced_by_id IS NULL'),
        postgresql_where=sa.text('rendered_at IS NULL AND revoked_at IS NULL AND replaced_by_id IS NULL'),
    )

    op.create_table(
        'course_groups',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('course_id', 'name'),
    )
    op.create_table(
        'goals',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=True),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('achieved_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_goals_user_id', 'goals', ['user_id'])

    op.create_table(
        'learning_sessions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('sign_in_id', sa.Integer(), nullable=True),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('device', sa.String(length=80), nullable=False),
        sa.Column('started_at', MOMENT, nullable=False),
        sa.Column('seen_at', MOMENT, nullable=False),
        sa.Column('counted_until', MOMENT, nullable=False),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.Column('ended_by', sa.String(length=24), nullable=False),
        sa.Column('active_seconds', sa.Integer(), nullable=False),
        sa.Column('idle_seconds', sa.Integer(), nullable=False),
        sa.Column('pages_viewed', sa.Integer(), nullable=False),
        sa.Column('videos_watched', sa.Integer(), nullable=False),
        sa.Column('quizzes_attempted', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['sign_in_id'], ['sign_ins.id'], ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_learning_sessions_sign_in_id', 'learning_sessions', ['sign_in_id'])
    op.create_index('ix_learning_sessions_user', 'learning_sessions', ['user_id', 'ended_at'])
    op.create_index(
        'ix_learning_sessions_open',
        'learning_sessions',
        ['seen_at'],
        sqlite_where=sa.text('ended_at IS NULL'),
        postgresql_where=sa.text('ended_at IS NULL'),
    )

    op.create_table(
        'goal_milestones',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('goal_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('reached_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['goal_id'], ['goals.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_goal_milestones_goal_id', 'goal_milestones', ['goal_id'])

    op.create_table(
        'content_positions',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=True),
        sa.Column('position', sa.Float(), nullable=False),
        sa.Column('furthest', sa.Float(), nullable=False),
        sa.Column('seen', sa.JSON(), nullable=False),
        sa.Column('percent', sa.Integer(), nullable=False),
        sa.Column('views', sa.Integer(), nullable=False),
        sa.Column('plays', sa.Integer(), nullable=False),
        sa.Column('pauses', sa.Integer(), nullable=False),
        sa.Column('seeks', sa.Integer(), nullable=False),
        sa.Column('finishes', sa.Integer(), nullable=False),
        sa.Column('downloads', sa.Integer(), nullable=False),
        sa.Column('started_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['file_id'], ['uploads.id'], ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'checkpoint_id'),
    )
    op.create_index('ix_content_positions_checkpoint_id', 'content_positions', ['checkpoint_id'])

    op.create_table(
        'notes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('is_bookmark', sa.Boolean(), nullable=False),
        sa.Column('text', sa.String(length=10000), nullable=False),
        sa.Column('position', sa.Float(), nullable=True),
        sa.Column('tags', sa.JSON(), nullable=False),
        sa.Column('plain', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_notes_user', 'notes', ['user_id', 'course_id', 'checkpoint_id'])

    op.create_table(
        'study_times',
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('watched', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['session_id'], ['learning_sessions.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('session_id', 'checkpoint_id'),
    )
    op.create_index('ix_study_times_course_id', 'study_times', ['course_id'])
    op.create_index('ix_study_times_user', 'study_times', ['user_id', 'checkpoint_id'])


def _recreate() -> Literal['always', 'never']:
    """SQLite cannot change what refers to another table: there the table is made anew."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
