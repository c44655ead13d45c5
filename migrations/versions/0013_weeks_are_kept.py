"""The weeks of learners are kept: the goal that held, and what was reached of it.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    """A job closes the weeks that are over; it finds the latest ones."""
    op.create_table(
        'closed_weeks',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('monday', sa.Date(), nullable=False),
        sa.Column('goal', sa.Integer(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'course_id', 'monday'),
    )


def downgrade() -> None:
    """Take it back; the log has everything."""
    op.drop_table('closed_weeks')
