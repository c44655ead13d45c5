"""How a course is graded, and the grades that teachers set by hand.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    """No course has categories yet, and no grade was set by hand."""
    op.create_table(
        'grading',
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('missing_counts', sa.Boolean(), nullable=False),
        sa.Column('letters', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('course_id'),
    )
    op.create_table(
        'grade_categories',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('weight', sa.Integer(), nullable=False),
        sa.Column('drop_lowest', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_grade_categories_course_id', 'grade_categories', ['course_id'])
    op.create_table(
        'graded_items',
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('category_id', sa.Integer(), nullable=True),
        sa.Column('counts', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['category_id'], ['grade_categories.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('checkpoint_id'),
    )
    op.create_index('ix_graded_items_category_id', 'graded_items', ['category_id'])
    op.create_index('ix_graded_items_course_id', 'graded_items', ['course_id'])
    op.create_table(
        'grade_overrides',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('score', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(length=280), nullable=False),
        sa.Column('set_by', sa.Integer(), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['set_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'checkpoint_id'),
    )
    op.create_index('ix_grade_overrides_course_id', 'grade_overrides', ['course_id'])


def downgrade() -> None:
    """Take it back, with what the log says of grades that were set."""
    op.execute("DELETE FROM activities WHERE verb = 'grade_set'")
    op.drop_index('ix_grade_overrides_course_id', table_name='grade_overrides')
    op.drop_table('grade_overrides')
    op.drop_index('ix_graded_items_course_id', table_name='graded_items')
    op.drop_index('ix_graded_items_category_id', table_name='graded_items')
    op.drop_table('graded_items')
    op.drop_index('ix_grade_categories_course_id', table_name='grade_categories')
    op.drop_table('grade_categories')
    op.drop_table('grading')
