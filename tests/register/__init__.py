"""Recommendations: what was asked, answered, reported and verified."""
