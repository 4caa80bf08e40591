"""Suggestions from the words of a source, each with its reason; a curator keeps or drops them. No Django inside."""
