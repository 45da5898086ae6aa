"""What we know of torch, as rows. No logic: a rule reads a table, a user adds a row."""
