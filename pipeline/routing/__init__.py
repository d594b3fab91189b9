"""Where mail goes: the directory of authorities, what kind of mail it is, the decision, and the letters."""
