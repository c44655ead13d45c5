"""Small pieces of SQL: lists of values, prepared statements, insert or update."""
