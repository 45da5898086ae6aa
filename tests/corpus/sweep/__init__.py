"""The corpus sweep: every pinned tree is scanned, migrated, audited and compiled, in one command.

`make corpus` runs it. Stages, one file each: ``trees`` (what is pinned), ``migrating`` (scan, run, a
second run), ``audit`` (comments, strings and untouched lines), ``compiling`` (shims and kernel files,
migrated and original), ``verified`` (per operator), ``results`` and ``bars`` (the figures), ``pages``.
"""
