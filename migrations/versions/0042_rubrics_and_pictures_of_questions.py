"""Essays are graded by a rubric, and questions have the pictures that came along with them.

Revision ID: 0042
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0040'


def upgrade() -> None:
    """No answer was graded by a rubric yet, and no picture was taken in."""
    op.add_column('attempt_answers', sa.Column('marks', sa.JSON(), server_default='[]', nullable=False))
    op.create_table(
        'question_pictures',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('media_type', sa.String(length=20), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('stored_as', sa.String(length=64), nullable=False),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('course_id', 'name'),
    )
    op.create_index(op.f('ix_question_pictures_name'), 'question_pictures', ['name'])


def downgrade() -> None:
    """Take it back; points that were given stay, and pictures are left on the disk."""
    op.drop_table('question_pictures')
    op.drop_column('attempt_answers', 'marks')
