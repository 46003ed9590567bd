"""What is normal for an operation at this time of day: kept small, and not fooled by yesterday's incident."""
