"""What the dashboard of a course adds up is in indexes: it does not look for each row in a large table.

Revision ID: 0058
Revises: 0057
"""

from alembic import op

revision = '0058'
down_revision = '0057'

DAYS = ['course_id', 'user_id', 'local_date', 'verb']
TIMES = ['course_id', 'checkpoint_id', 'user_id', 'seconds']


def upgrade() -> None:
    """Put the sums of days and the seconds of study into the indexes as well."""
    op.drop_index('ix_daily_totals_course', 'daily_totals')
    op.create_index('ix_daily_totals_course', 'daily_totals', [*DAYS, 'seconds', 'completed'])
    op.drop_index('ix_study_times_course_id', 'study_times')
    op.create_index('ix_study_times_course', 'study_times', TIMES)


def downgrade() -> None:
    """Take them out again."""
    op.drop_index('ix_study_times_course', 'study_times')
    op.create_index('ix_study_times_course_id', 'study_times', ['course_id'])
    op.drop_index('ix_daily_totals_course', 'daily_totals')
    op.create_index('ix_daily_totals_course', 'daily_totals', DAYS)
