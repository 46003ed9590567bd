"""The pure core: span tables in, findings and reports out. No I/O, no clock, no settings."""
