"""Assignments, later due dates that were agreed on, and what learners hand in.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'


def upgrade() -> None:
    """Nobody has handed in anything yet."""
    op.create_table(
        'assignments',
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('takes_text', sa.Boolean(), nullable=False),
        sa.Column('most_files', sa.Integer(), nullable=False),
        sa.Column('file_kinds', sa.JSON(), nullable=False),
        sa.Column('takes_late', sa.Boolean(), nullable=False),
        sa.Column('is_graded', sa.Boolean(), nullable=False),
        sa.Column('passing_percent', sa.Integer(), nullable=False),
        sa.Column('may_resubmit', sa.Boolean(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('checkpoint_id'),
    )
    op.create_index('ix_assignments_course_id', 'assignments', ['course_id'])
    op.create_table(
        'assignment_extensions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('group_id', sa.Integer(), nullable=True),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['group_id'], ['course_groups.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('checkpoint_id', 'user_id'),
        sa.UniqueConstraint('checkpoint_id', 'group_id'),
    )
    op.create_index('ix_assignment_extensions_user_id', 'assignment_extensions', ['user_id'])
    op.create_index('ix_assignment_extensions_group_id', 'assignment_extensions', ['group_id'])
    op.create_table(
        'submissions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('state', _words('submissionstate', 'draft', 'submitted', 'graded', 'returned'), nullable=False),
        sa.Column('text', sa.String(length=100000), nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('late_seconds', sa.BigInteger(), nullable=False),
        sa.Column('grade', sa.Integer(), nullable=True),
        sa.Column('feedback', sa.String(length=10000), nullable=False),
        sa.Column('graded_by', sa.Integer(), nullable=True),
        sa.Column('graded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['graded_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('user_id', 'checkpoint_id', 'number'),
    )
    op.create_index('ix_submissions_checkpoint', 'submissions', ['checkpoint_id', 'state'])
    op.create_index('ix_submissions_course_id', 'submissions', ['course_id'])
    op.create_table(
        'submission_files',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('submission_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('kind', _words('filekind', 'pdf', 'picture', 'text', 'office'), nullable=False),
        sa.Column('media_type', sa.String(length=80), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('stored_as', sa.String(length=64), nullable=False),
        sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('stored_as'),
    )
    op.create_index('ix_submission_files_submission_id', 'submission_files', ['submission_id'])


def downgrade() -> None:
    """Take it back, with what the log says of assignments."""
    op.execute("DELETE FROM activities WHERE verb IN ('submitted', 'returned')")
    op.drop_index('ix_submission_files_submission_id', table_name='submission_files')
    op.drop_table('submission_files')
    op.drop_index('ix_submissions_course_id', table_name='submissions')
    op.drop_index('ix_submissions_checkpoint', table_name='submissions')
    op.drop_table('submissions')
    op.drop_index('ix_assignment_extensions_group_id', table_name='assignment_extensions')
    op.drop_index('ix_assignment_extensions_user_id', table_name='assignment_extensions')
    op.drop_table('assignment_extensions')
    op.drop_index('ix_assignments_course_id', table_name='assignments')
    op.drop_table('assignments')


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24)
