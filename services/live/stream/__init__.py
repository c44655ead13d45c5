"""What clients of the API follow of a class: events, snapshots, admission."""
