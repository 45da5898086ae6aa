"""The tester's own test: faults planted one at a time into the migrated fixtures, and which were caught."""
