"""FileSet -> a tree on disk: whole files only, hand edits kept, repaired after a kill."""

from __future__ import annotations

from migrate.write.state import edited_by_hand
from migrate.write.tree import Tree, write

__all__ = ["Tree", "edited_by_hand", "write"]
