"""Ways to make a target start a new instance, and the measurement of what it takes."""
