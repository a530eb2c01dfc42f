"""SQLite as Palabre uses it: a database backend of Django's, whose writers stand in line."""
