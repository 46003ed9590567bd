"""Something to ask about: shipped traces with a known story."""
