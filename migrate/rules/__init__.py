"""One rewriting rule, one file. A rule that is unsure makes no edit and says why."""
