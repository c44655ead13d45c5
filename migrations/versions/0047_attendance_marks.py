"""Marks on the roll of a class: late, excused, there or absent, as those who teach say.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0046'


def upgrade() -> None:
    """Nobody was marked so far."""
    op.create_table(
        'attendance_marks',
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('mark', sa.String(length=24), nullable=False),
        sa.Column('marked_by', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['live_sessions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['marked_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('session_id', 'user_id'),
    )
    op.create_index('ix_attendance_marks_course', 'attendance_marks', ['course_id'])
    op.create_index(op.f('ix_attendance_marks_user_id'), 'attendance_marks', ['user_id'])


def downgrade() -> None:
    """Take the marks back; the log keeps them."""
    op.drop_table('attendance_marks')
