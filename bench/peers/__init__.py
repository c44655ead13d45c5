"""The obvious alternatives to Waymark, written as small as possible and measured beside it."""
