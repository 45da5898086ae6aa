"""From a folder to a ``Project``: files read, extensions and backend found, nothing executed."""

from migrate.scan.settings import read_settings
from migrate.scan.tree import scan

__all__ = ["read_settings", "scan"]
