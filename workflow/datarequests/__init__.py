"""Data requests: what the consultant asks of an institution, for a section, by when, and what came (S11, S12)."""
