"""Text as it is read and printed: Markdown, differences, Word and PDF. Pure functions, no models."""
