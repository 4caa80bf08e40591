"""Rows to files: one format per module. No Django here."""
