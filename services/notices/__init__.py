"""What people are notified of: written once, read in the inbox, sent by mail and to devices as each person chose."""
