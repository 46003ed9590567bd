"""What people ask: text in, an intent out. Pure."""
