"""Upstream's own tests, unchanged, against both builds: ``make upstream`` runs them.

One file each: ``stages`` (a folder per side that pytest can run in), ``outcomes`` (what became of each
test), ``symbols`` (what a built library needs), ``page`` (the table).
"""
