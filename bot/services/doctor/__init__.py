"""What the bot needs, looked at before anybody misses it."""
