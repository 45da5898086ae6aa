"""Calls of a library's operators, recorded while its own tests run on the original.

This room is imported into the user's process: it needs the standard library, and torch where that is
loaded anyway. ``proxy`` and ``hook`` see the calls, ``capture`` describes them, ``journal`` keeps them;
``launch`` runs the user's command with all that in place, ``stage`` gives it a tree to run in.
"""
