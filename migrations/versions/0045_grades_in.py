"""Grades of learning management systems as they were read back, and their keys as they were read last.

Revision ID: 0045
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0043'

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing was read back so far."""
    op.create_table(
        'lti_readings',
        sa.Column('link_id', sa.Integer(), nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('read_at', MOMENT, nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('failed_since', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['link_id'], ['lti_links.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('link_id'),
    )
    op.create_table(
        'lti_results',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('link_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('score', sa.Float(), nullable=True),
        sa.Column('comment', sa.String(length=280), nullable=False),
        sa.Column('read_at', MOMENT, nullable=False),
        sa.Column('differs_since', MOMENT, nullable=True),
        sa.Column('ignored_at', MOMENT, nullable=True),
        sa.Column('ignored_score', sa.Float(), nullable=True),
        sa.Column('ignored_sent', sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(['link_id'], ['lti_links.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('link_id', 'user_id'),
    )
    op.add_column('lti_platforms', sa.Column('key_set', sa.JSON(), nullable=True))
    op.add_column('lti_platforms', sa.Column('key_set_read_at', MOMENT, nullable=True))
    op.add_column('lti_platforms', sa.Column('key_set_failed_since', MOMENT, nullable=True))
    problem = sa.Column('key_set_problem', sa.String(length=280), server_default='', nullable=False)
    op.add_column('lti_platforms', problem)
    op.create_index(op.f('ix_lti_results_user_id'), 'lti_results', ['user_id'])


def downgrade() -> None:
    """Take it back; it can be read again."""
    for name in ('key_set_problem', 'key_set_failed_since', 'key_set_read_at', 'key_set'):
        op.drop_column('lti_platforms', name)
    op.drop_table('lti_results')
    op.drop_table('lti_readings')
