"""The live class, complete: help, attendance, pace, privacy, merged guests and forgotten passwords.

Revision ID: 0002
Revises: 0001
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'

MOMENT = sa.DateTime(timezone=True)
ADDED = {
    'users': ('merged_into_id',),
    'courses': ('classmates_help', 'lag_percent', 'lag_steps', 'lag_minutes'),
    'enrollments': ('is_hidden', 'removed_at'),
    'live_sessions': ('led_since', 'paused_at', 'pause_reason'),
    'activities': ('about_id', 'words'),
}


def upgrade() -> None:
    """The live class, complete."""
    op.add_column('courses', sa.Column('classmates_help', sa.Boolean(), server_default=sa.false(), nullable=False))
    for name, usual in (('lag_percent', '70'), ('lag_steps', '2'), ('lag_minutes', '5')):
        op.add_column('courses', sa.Column(name, sa.Integer(), server_default=usual, nullable=False))
    op.add_column('enrollments', sa.Column('is_hidden', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('enrollments', sa.Column('removed_at', MOMENT, nullable=True))
    op.add_column('live_sessions', sa.Column('led_since', MOMENT, nullable=True))
    op.add_column('live_sessions', sa.Column('paused_at', MOMENT, nullable=True))
    op.add_column('live_sessions', sa.Column('pause_reason', sa.String(length=120), server_default='', nullable=False))
    op.add_column('activities', sa.Column('words', sa.String(length=280), server_default='', nullable=False))
    for table, column in (('activities', 'about_id'), ('users', 'merged_into_id')):
        with op.batch_alter_table(table, recreate=_recreate()) as changed:
            changed.add_column(sa.Column(column, sa.Integer(), nullable=True))
            changed.create_foreign_key(f'fk_{table}_{column}', 'users', [column], ['id'], ondelete='RESTRICT')
    op.create_index('ix_users_merged_into_id', 'users', ['merged_into_id'])

    op.create_table(
        'password_resets',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        sa.Column('used_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash'),
    )
    op.create_index('ix_password_resets_user_id', 'password_resets', ['user_id'])

    op.create_table(
        'help_requests',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(length=280), nullable=False),
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('helper_id', sa.Integer(), nullable=True),
        sa.Column('claimed_at', MOMENT, nullable=True),
        sa.Column('resolved_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['helper_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['session_id'], ['live_sessions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_help_requests_session', 'help_requests', ['session_id', 'resolved_at', 'id'])
    op.create_index('ix_help_requests_user_id', 'help_requests', ['user_id'])

    op.create_table(
        'attendance',
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('came_at', MOMENT, nullable=False),
        sa.Column('here_since', MOMENT, nullable=True),
        sa.Column('left_at', MOMENT, nullable=True),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['session_id'], ['live_sessions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('session_id', 'user_id'),
    )
    op.create_index('ix_attendance_user_id', 'attendance', ['user_id'])


def downgrade() -> None:
    """Take it back: what helpers, pauses and merges left in the log goes with it."""
    op.drop_table('attendance')
    op.drop_table('help_requests')
    op.drop_table('password_resets')
    op.drop_index('ix_users_merged_into_id', 'users')
    op.execute(
        "DELETE FROM activities WHERE verb LIKE 'help_%' OR verb IN ('attention_dismissed', 'merged', 'unmerged')"
    )
    op.execute("UPDATE live_sessions SET names = 'alias' WHERE names IN ('initials', 'full')")
    for table, column in (('activities', 'about_id'), ('users', 'merged_into_id')):
        with op.batch_alter_table(table, recreate=_recreate()) as changed:
            changed.drop_constraint(f'fk_{table}_{column}', type_='foreignkey')
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, recreate=_recreate()) as changed:
            for column in columns:
                changed.drop_column(column)


def _recreate() -> Literal['always', 'never']:
    """SQLite cannot change what refers to another table: there the table is made anew."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
