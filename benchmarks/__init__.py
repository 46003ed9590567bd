"""What is fast and what is accurate, measured; the figures live in RESULTS.md."""
