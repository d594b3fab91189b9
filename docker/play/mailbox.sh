#!/bin/sh
# The play mailbox: the samples are delivered when it is first started, then Dovecot serves them over TLS on port 10993.
set -eu
inbox=/var/lib/play/mail/cp.reports/new
if [ ! -d "$inbox" ]; then
  mkdir -p "$inbox" "${inbox%new}cur" "${inbox%new}tmp"
  number=0
  for sample in /opt/play/samples/*.eml; do
    number=$((number + 1))
    cp "$sample" "$inbox/$((1800000000 + number)).M$number.play"
  done
  echo "$number sample messages lie in the mailbox"
fi
sed "s/USER/$(id -un)/g" /opt/play/dovecot.conf > /tmp/dovecot.conf
exec dovecot -F -c /tmp/dovecot.conf
