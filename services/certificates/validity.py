"""Which certificates hold."""

from sqlmodel import col

from models import Certificate

VALID = col(Certificate.revoked_at).is_(None) & col(Certificate.replaced_by_id).is_(None)
"""Neither taken back nor replaced by a newer one."""


def is_valid(certificate: Certificate) -> bool:
    """Tell the same of a certificate that is at hand."""
    return certificate.revoked_at is None and certificate.replaced_by_id is None
