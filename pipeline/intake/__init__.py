"""Mailbox to Submission: collecting, parsing, unpacking, and what the receiving server says of the sender."""
