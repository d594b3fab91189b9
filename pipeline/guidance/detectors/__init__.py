"""Ways to look at a case, one file each: `Parameters` for what a rule may set, `detect` for what it makes of the case."""
