"""FileSet -> a tree on disk: whole files only, hand edits kept, repaired after a kill."""

from __future__ import annotations

from migrate.write.state import edited_by_hand
from migrate.write.tree import Tree, check_place, pending, snapshot, write

__all__ = ["Tree", "check_place", "edited_by_hand", "pending", "snapshot", "write"]
