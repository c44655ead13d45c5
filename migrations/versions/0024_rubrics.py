"""Assignments have rubrics and hide names; files come back with feedback; the log says what was submitted.

Revision ID: 0024
Revises: 0023
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'


def upgrade() -> None:
    """No assignment has a rubric yet; `submitted` in the log was always said of assignments."""
    op.add_column('assignments', sa.Column('hides_names', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('assignments', sa.Column('rubric', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('submissions', sa.Column('marks', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('submission_files', sa.Column('pages', sa.Integer(), nullable=True))
    with op.batch_alter_table('submission_files', recreate=_recreate()) as files:
        files.add_column(sa.Column('given_by', sa.Integer(), nullable=True))
        files.create_foreign_key('fk_submission_files_given_by', 'users', ['given_by'], ['id'], ondelete='RESTRICT')
    op.execute("UPDATE activities SET verb = 'assignment_submitted' WHERE verb = 'submitted'")
    op.execute("UPDATE daily_totals SET verb = 'assignment_submitted' WHERE verb = 'submitted'")


def downgrade() -> None:
    """Take it back; files that came back go with it, and their content is cleared away from the disk by hand."""
    op.execute("UPDATE daily_totals SET verb = 'submitted' WHERE verb = 'assignment_submitted'")
    op.execute("UPDATE activities SET verb = 'submitted' WHERE verb = 'assignment_submitted'")
    op.execute('DELETE FROM submission_files WHERE given_by IS NOT NULL')
    with op.batch_alter_table('submission_files', recreate=_recreate()) as files:
        files.drop_constraint('fk_submission_files_given_by', type_='foreignkey')
        files.drop_column('given_by')
        files.drop_column('pages')
    op.drop_column('submissions', 'marks')
    op.drop_column('assignments', 'rubric')
    op.drop_column('assignments', 'hides_names')


def _recreate() -> Literal['always', 'never']:
    """SQLite cannot change what refers to another table: there the table is made anew."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
