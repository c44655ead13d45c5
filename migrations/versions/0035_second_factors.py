"""Second factors and their recovery codes, and accounts that sign in elsewhere.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'

VERBS = "('second_factor_added', 'second_factor_removed')"


def upgrade() -> None:
    """Nobody has one to begin with."""
    op.create_table(
        'second_factors',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('secret', sa.String(length=400), nullable=False),
        sa.Column('last_step', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id'),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('code_hash', sa.String(length=64), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_recovery_codes_user_id', 'recovery_codes', ['user_id'])
    op.create_table(
        'federated_identities',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('issuer', sa.String(length=255), nullable=False),
        sa.Column('subject', sa.String(length=255), nullable=False),
        sa.Column('made_account', sa.Boolean(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('issuer', 'subject'),
    )
    op.create_index('ix_federated_identities_user_id', 'federated_identities', ['user_id'])
    op.create_table(
        'federated_sign_ins',
        sa.Column('sign_in_id', sa.Integer(), nullable=False),
        sa.Column('identity_id', sa.Integer(), nullable=False),
        sa.Column('session', sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(['sign_in_id'], ['sign_ins.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['identity_id'], ['federated_identities.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('sign_in_id'),
    )
    op.create_index('ix_federated_sign_ins_identity_id', 'federated_sign_ins', ['identity_id'])


def downgrade() -> None:
    """Take them back, and what the log says of them."""
    op.execute(f'DELETE FROM daily_totals WHERE verb IN {VERBS}')  # noqa: S608 - words of ours
    op.execute(f'DELETE FROM activities WHERE verb IN {VERBS}')  # noqa: S608 - words of ours
    op.drop_table('federated_sign_ins')
    op.drop_table('federated_identities')
    op.drop_table('recovery_codes')
    op.drop_table('second_factors')
