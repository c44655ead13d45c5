"""Points that learners earn, one row for each reason; a follower of the log fills them in.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'


def upgrade() -> None:
    """The follower begins at the beginning of the log: what was done before is paid too."""
    op.create_table(
        'point_entries',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=24), nullable=False),
        sa.Column('object_id', sa.Integer(), nullable=False),
        sa.Column('period', sa.String(length=10), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.Column('earned_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'reason', 'object_id', 'period'),
    )


def downgrade() -> None:
    """Take it back; the log has everything."""
    op.drop_table('point_entries')
    op.execute("DELETE FROM followers WHERE name = 'points'")
