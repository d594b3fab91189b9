"""What the verbs of the command do; loaded only when one is called, so that --help answers at once."""
