"""Document in, Reading out: what kind of document it is, who is spoken of, and what is said of whom."""
