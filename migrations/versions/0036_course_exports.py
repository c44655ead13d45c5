"""Tables of a course that are made as files in the background.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'


def upgrade() -> None:
    """Nobody has asked for one yet."""
    op.create_table(
        'course_exports',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('what', sa.String(length=24), nullable=False),
        sa.Column('form', sa.String(length=24), nullable=False),
        sa.Column('has_commas', sa.Boolean(), nullable=False),
        sa.Column('group_name', sa.String(length=60), nullable=False),
        sa.Column('people', sa.String(length=2_500), nullable=False),
        sa.Column('has_names', sa.Boolean(), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('language', sa.String(length=12), nullable=False),
        sa.Column('zone', sa.String(length=64), nullable=False),
        sa.Column('made', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sqlite_autoincrement=True,
    )
    op.create_index('ix_course_exports_course_id', 'course_exports', ['course_id'])
    op.create_index('ix_course_exports_made_by', 'course_exports', ['made_by', 'course_id'])


def downgrade() -> None:
    """Take it back, with the notices of it."""
    op.drop_table('course_exports')
    for table in ('notice_choices', 'notices'):
        op.execute(f"DELETE FROM {table} WHERE kind = 'file_ready'")  # noqa: S608 - words of ours
