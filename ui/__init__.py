"""What people see. Pages ask services and draw; no query, no rule and no threshold lives here."""
