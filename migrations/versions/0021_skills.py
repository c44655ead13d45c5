"""Skills, how sure each learner is of them, and practice that adapts to it.

Revision ID: 0021
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0019'


def upgrade() -> None:
    """Nothing is known of a skill until the next attempt is graded."""
    op.add_column('quizzes', sa.Column('is_adaptive', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        'skills',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('course_id', 'name'),
    )
    op.create_table(
        'skill_estimates',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('skill_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('results', sa.JSON(), nullable=False),
        sa.Column('answers', sa.Integer(), nullable=False),
        sa.Column('tenths', sa.Integer(), nullable=False),
        sa.Column('right_share', sa.Float(), nullable=False),
        sa.Column('weight', sa.Float(), nullable=False),
        sa.Column('rate', sa.Integer(), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('mastered_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['skill_id'], ['skills.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'skill_id'),
    )
    op.create_index('ix_skill_estimates_course', 'skill_estimates', ['course_id', 'user_id'])
    op.create_index('ix_skill_estimates_skill', 'skill_estimates', ['skill_id', 'tenths', 'answers'])


def downgrade() -> None:
    """Take it back, with what the log says of skills."""
    op.execute("DELETE FROM daily_totals WHERE verb = 'skills_shown'")
    op.execute("DELETE FROM activities WHERE verb = 'skills_shown'")
    op.drop_index('ix_skill_estimates_skill', table_name='skill_estimates')
    op.drop_index('ix_skill_estimates_course', table_name='skill_estimates')
    op.drop_table('skill_estimates')
    op.drop_table('skills')
    op.drop_column('quizzes', 'is_adaptive')
