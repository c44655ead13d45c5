"""The totals of a course are found by its learners, and what people choose for their dashboards is kept.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'


def upgrade() -> None:
    """Nobody has chosen anything yet."""
    op.create_index('ix_daily_totals_course', 'daily_totals', ['course_id', 'user_id', 'local_date', 'verb'])
    op.create_table(
        'dashboard_choices',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=80), nullable=False),
        sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'course_id', 'key'),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table('dashboard_choices')
    op.drop_index('ix_daily_totals_course', table_name='daily_totals')
