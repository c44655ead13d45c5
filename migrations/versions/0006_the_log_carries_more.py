"""The log carries more: a score, small details, when it happened, the person's date, and activities without a course.

Revision ID: 0006
Revises: 0005
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'

ADDED = ('score', 'details', 'happened_at', 'local_date', 'local_hour')
ABOUT = sa.text('about_id IS NOT NULL')


def upgrade() -> None:
    """Carry what is there: it happened when it was recorded, on that date in UTC."""
    op.add_column('activities', sa.Column('score', sa.Integer(), nullable=True))
    op.add_column('activities', sa.Column('details', sa.String(length=400), nullable=True))
    op.add_column('activities', sa.Column('happened_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('activities', sa.Column('local_date', sa.Date(), nullable=True))
    op.add_column('activities', sa.Column('local_hour', sa.Integer(), nullable=True))
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    date = 'date(at)' if is_sqlite else "(at AT TIME ZONE 'UTC')::date"
    hour = "CAST(strftime('%H', at) AS integer)" if is_sqlite else "extract(hour FROM at AT TIME ZONE 'UTC')"
    op.execute(f'UPDATE activities SET happened_at = at, local_date = {date}, local_hour = {hour}')  # noqa: S608
    with op.batch_alter_table('activities', recreate=_recreate()) as activities:
        activities.alter_column('course_id', existing_type=sa.Integer(), nullable=True)
        activities.alter_column('happened_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        activities.alter_column('local_date', existing_type=sa.Date(), nullable=False)
        activities.alter_column('local_hour', existing_type=sa.Integer(), nullable=False)
    op.create_index('ix_activities_about', 'activities', ['about_id'], sqlite_where=ABOUT, postgresql_where=ABOUT)


def downgrade() -> None:
    """Take it back: what belongs to no course goes with it."""
    op.drop_index('ix_activities_about', 'activities')
    op.execute('DELETE FROM activities WHERE course_id IS NULL')
    with op.batch_alter_table('activities', recreate=_recreate()) as activities:
        activities.alter_column('course_id', existing_type=sa.Integer(), nullable=False)
        for column in ADDED:
            activities.drop_column(column)


def _recreate() -> Literal['always', 'never']:
    """SQLite cannot change whether a column may be empty: there the table is made anew."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
