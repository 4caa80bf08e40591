"""Pure helpers: no Django, no database, no network."""
