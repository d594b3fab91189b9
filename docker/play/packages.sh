#!/bin/sh
# Installs what the play servers are made of, from Debian's packages.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends dovecot-imapd python3-aiosmtpd tini >/dev/null
rm -rf /var/lib/apt/lists/*
