"""What staff write for reports, reports that are kept and handed out, and who opened them.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'


def upgrade() -> None:
    """Nothing was written for a report before."""
    op.create_table(
        'kept_reports',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('detail', sa.String(length=24), nullable=False),
        sa.Column('shows_learner', sa.Boolean(), nullable=False),
        sa.Column('shows_parents', sa.Boolean(), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('document', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_kept_reports_learner', 'kept_reports', ['user_id', 'id'])
    op.create_table(
        'kept_figures',
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('percent', sa.Integer(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total_tenths', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['report_id'], ['kept_reports.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('report_id', 'course_id'),
    )
    op.create_index('ix_kept_figures_course_id', 'kept_figures', ['course_id'])
    op.create_table(
        'report_actions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('priority', sa.String(length=24), nullable=False),
        sa.Column('description', sa.String(length=500), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('assigned_to', sa.String(length=24), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_report_actions_course_id', 'report_actions', ['course_id'])
    op.create_index('ix_report_actions_learner', 'report_actions', ['user_id', 'course_id'])
    op.create_table(
        'report_bundles',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('group_name', sa.String(length=60), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('detail', sa.String(length=24), nullable=False),
        sa.Column('has_graphs', sa.Boolean(), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('language', sa.String(length=12), nullable=False),
        sa.Column('last_user_id', sa.Integer(), nullable=False),
        sa.Column('made', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_report_bundles_course_id', 'report_bundles', ['course_id'])
    op.create_table(
        'report_links',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['report_id'], ['kept_reports.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash'),
    )
    op.create_index('ix_report_links_report_id', 'report_links', ['report_id'])
    op.create_table(
        'report_remarks',
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('comment', sa.String(length=10000), nullable=False),
        sa.Column('behavior', sa.Integer(), nullable=True),
        sa.Column('effort', sa.Integer(), nullable=True),
        sa.Column('credit_tenths', sa.Integer(), nullable=True),
        sa.Column('behavioral', sa.String(length=2000), nullable=False),
        sa.Column('enrichment', sa.String(length=2000), nullable=False),
        sa.Column('support', sa.String(length=2000), nullable=False),
        sa.Column('for_parents', sa.String(length=2000), nullable=False),
        sa.Column('shows_learner', sa.Boolean(), nullable=False),
        sa.Column('shows_parents', sa.Boolean(), nullable=False),
        sa.Column('written_by', sa.Integer(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['written_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('course_id', 'user_id'),
    )
    op.create_index('ix_report_remarks_user_id', 'report_remarks', ['user_id'])
    op.create_table(
        'report_openings',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('link_id', sa.Integer(), nullable=True),
        sa.Column('opened_by', sa.Integer(), nullable=True),
        sa.Column('role', sa.String(length=24), nullable=True),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['link_id'], ['report_links.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['opened_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['report_id'], ['kept_reports.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_report_openings_opened_by', 'report_openings', ['opened_by'])
    op.create_index('ix_report_openings_report_id', 'report_openings', ['report_id'])


def downgrade() -> None:
    """Take it back; what was written for reports is lost, and the log does not speak of it any more."""
    op.drop_table('report_openings')
    op.drop_table('report_links')
    op.drop_table('report_bundles')
    op.drop_table('report_actions')
    op.drop_table('report_remarks')
    op.drop_table('kept_figures')
    op.drop_table('kept_reports')
    op.execute("DELETE FROM daily_totals WHERE verb IN ('report_remarked', 'report_kept', 'report_shared')")
    op.execute("DELETE FROM activities WHERE verb IN ('report_remarked', 'report_kept', 'report_shared')")
