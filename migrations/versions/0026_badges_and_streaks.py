"""Badges, and the days on which learners learned; points say on which date they were earned, and by which activity.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'

CERTIFIED = """
    INSERT INTO achievements (user_id, kind, number, course_id, reached_at, activity_id)
    SELECT firsts.user_id, 'certificate', activities.course_id, activities.course_id, activities.happened_at, firsts.id
    FROM (
        SELECT coalesce(users.merged_into_id, users.id) AS user_id, min(activities.id) AS id
        FROM activities JOIN users ON users.id = activities.user_id
        WHERE activities.verb = 'certified'
        GROUP BY coalesce(users.merged_into_id, users.id), activities.course_id
    ) AS firsts JOIN activities ON activities.id = firsts.id
"""
"""The only thing of which the log says already that it was reached. Nobody is congratulated on it again."""


def upgrade() -> None:
    """Points are paid anew from the log, which says more of each now."""
    _point_entries(
        sa.Column('local_date', sa.Date(), nullable=False), sa.Column('activity_id', sa.Integer(), nullable=False)
    )
    op.create_table(
        'learning_days',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('local_date', sa.Date(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('local_hour', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'local_date'),
    )
    op.create_table(
        'point_totals',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'course_id'),
    )
    op.create_index('ix_point_totals_course', 'point_totals', ['course_id', 'points'])
    op.create_table(
        'achievements',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('reached_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'kind', 'number'),
    )
    op.create_table(
        'moment_marks',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('seen_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id'),
    )
    op.execute(CERTIFIED)
    op.execute(
        'INSERT INTO moment_marks (user_id, seen_id) SELECT user_id, max(activity_id) FROM achievements GROUP BY 1'
    )
    op.create_table(
        'streak_pauses',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'course_id', 'first_day'),
    )
    op.create_table(
        'made_badges',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('description', sa.String(length=200), nullable=False),
        sa.Column('icon', sa.String(length=24), nullable=False),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=24), nullable=False),
        sa.Column('within', sa.String(length=8), nullable=False),
        sa.Column('at_least', sa.Integer(), nullable=False),
        sa.Column('since_id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_made_badges_course_id', 'made_badges', ['course_id'])
    op.create_table(
        'leaderboard_places',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('alias', sa.String(length=40), nullable=False),
        sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'course_id'),
        sa.UniqueConstraint('course_id', 'alias'),
    )
    for table, has_leaderboard in (('school_settings', sa.true()), ('courses', sa.false())):
        for name in ('shows_points', 'shows_badges', 'shows_streaks'):
            op.add_column(table, sa.Column(name, sa.Boolean(), server_default=sa.true(), nullable=False))
        shown = sa.Column('shows_leaderboard', sa.Boolean(), server_default=has_leaderboard, nullable=False)
        op.add_column(table, shown)
    op.add_column('school_settings', sa.Column('free_days', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    """Take it back; points are paid anew from the log."""
    op.drop_column('school_settings', 'free_days')
    for table in ('courses', 'school_settings'):
        for name in ('shows_leaderboard', 'shows_streaks', 'shows_badges', 'shows_points'):
            op.drop_column(table, name)
    op.drop_table('leaderboard_places')
    op.drop_table('made_badges')
    op.drop_table('streak_pauses')
    for name in ('moment_marks', 'achievements', 'point_totals'):
        op.drop_table(name)
    op.drop_table('learning_days')
    _point_entries()


def _point_entries(*more: sa.Column[object]) -> None:
    op.drop_table('point_entries')
    op.create_table(
        'point_entries',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=24), nullable=False),
        sa.Column('object_id', sa.Integer(), nullable=False),
        sa.Column('period', sa.String(length=10), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.Column('earned_at', sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'reason', 'object_id', 'period'),
    )
    op.execute("DELETE FROM followers WHERE name = 'points'")
