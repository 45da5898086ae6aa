"""C++ as text: tokens and edits. Text is latin-1 decoded bytes, so an index is a byte offset."""
