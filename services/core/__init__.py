"""The machinery that services stand on: clock, errors, database, log, hub."""
