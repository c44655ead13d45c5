"""Notices, how each person wants to get them, and those that wait to be sent to devices.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody has any notice yet: what happened before is history, so the follower begins at the end of the log."""
    _notices()
    op.execute(
        'INSERT INTO followers (name, position, is_clearing, leased_by, problem)'
        " SELECT 'notices', coalesce(max(id), 0), false, '', '' FROM activities"
    )
    op.create_table(
        'notice_choices',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('channel', sa.String(length=24), nullable=False),
        sa.Column('is_on', sa.Boolean(), nullable=False),
        sa.Column('chosen_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'kind', 'channel'),
    )
    op.create_table(
        'notice_settings',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('quiet_from', sa.Integer(), nullable=True),
        sa.Column('quiet_until', sa.Integer(), nullable=True),
        sa.Column('rhythm', sa.String(length=24), nullable=False),
        sa.Column('collected_until', MOMENT, nullable=True),
        sa.Column('calendar_hash', sa.String(length=64), nullable=True),
        sa.Column('calendar_made_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id'),
        sa.UniqueConstraint('calendar_hash'),
    )
    op.create_table(
        'notice_pushes',
        sa.Column('notice_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('holder', sa.String(length=32), nullable=False),
        sa.Column('lease_until', MOMENT, nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('notice_id'),
    )
    op.create_index(op.f('ix_notice_pushes_due_at'), 'notice_pushes', ['due_at'])


def _notices() -> None:
    op.create_table(
        'notices',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('object_key', sa.String(length=64), nullable=False),
        sa.Column('occurrence', sa.String(length=40), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=True),
        sa.Column('learner_id', sa.Integer(), nullable=True),
        sa.Column('title', sa.String(length=1000), nullable=False),
        sa.Column('body', sa.String(length=1000), nullable=False),
        sa.Column('searched', sa.String(length=1000), nullable=False),
        sa.Column('address', sa.String(length=200), nullable=False),
        sa.Column('happened_at', MOMENT, nullable=False),
        sa.Column('written_at', MOMENT, nullable=False),
        sa.Column('is_in_app', sa.Boolean(), nullable=False),
        sa.Column('useful_until', MOMENT, nullable=True),
        sa.Column('read_at', MOMENT, nullable=True),
        sa.Column('mail_due_at', MOMENT, nullable=True),
        sa.Column('mail_id', sa.Integer(), nullable=True),
        sa.Column('mailed_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['learner_id'], ['users.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['mail_id'], ['mails.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('user_id', 'kind', 'object_key', 'occurrence'),
        sqlite_autoincrement=True,
    )
    for name in ('course_id', 'learner_id'):
        op.create_index(op.f(f'ix_notices_{name}'), 'notices', [name])
    op.create_index('ix_notices_user', 'notices', ['user_id', 'id'])
    for index, columns, where in PARTIAL:
        op.create_index(index, 'notices', list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Take it back; what the log has of it is still there."""
    for name in ('notice_pushes', 'notice_settings', 'notice_choices', 'notices'):
        op.drop_table(name)
    op.execute("DELETE FROM followers WHERE name = 'notices'")


PARTIAL = (
    ('ix_notices_unread', ('user_id', 'id'), 'read_at IS NULL AND is_in_app'),
    ('ix_notices_for_mail', ('mail_due_at', 'user_id'), 'mail_due_at IS NOT NULL'),
    ('ix_notices_mail', ('mail_id',), 'mail_id IS NOT NULL'),
)
"""indexes over a part of the rows: names, columns, and which rows"""
