#!/bin/sh
# The play mail sink: takes every letter over STARTTLS on port 10587 and keeps it in the mailbox `sent`, where the play mailbox shows it.
set -eu
mkdir -p /var/lib/play/mail
exec python3 -m aiosmtpd --nosetuid --listen 0.0.0.0:10587 --size 50000000 \
  --tlscert /run/secrets/play_certificate --tlskey /run/secrets/play_key \
  --class aiosmtpd.handlers.Mailbox /var/lib/play/mail/sent
