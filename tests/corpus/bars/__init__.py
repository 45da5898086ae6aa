"""The figures of ``migrate bench`` on the fixtures, as a page with a verdict per bar."""
