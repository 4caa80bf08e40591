"""The only code that writes. Keyword-only functions, each atomic, each recorded in the history under `by`."""
