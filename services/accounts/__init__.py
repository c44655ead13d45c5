"""People: registering, signing in and out, guests, invitations."""
