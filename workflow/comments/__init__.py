"""Comment rounds, the comments made in them, and what became of each (S08, S13)."""
