"""From a folder to a ``Project``: files read, extensions and backend found, nothing executed."""

from migrate.scan.tree import scan

__all__ = ["scan"]
