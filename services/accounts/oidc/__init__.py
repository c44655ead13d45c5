"""Signing in with the school's own accounts: OpenID Connect, as a relying party."""
