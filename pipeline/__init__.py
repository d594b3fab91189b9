"""reportgate: takes in reports for child protection conferences, finds what must not go on, and sends the rest."""
