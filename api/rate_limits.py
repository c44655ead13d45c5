"""How much one token may ask for, and one address without a token."""

from services.core.buckets import Buckets as Limits

__all__ = ['Limits']
