#!/bin/sh
# Makes what a deployment needs before its first start, beside this file, and leaves alone what is there. Run it as root:
#   docker/prepare.sh           secrets/, and live/ with the settings and the directory to fill in
#   docker/prepare.sh play      secrets/, and a certificate for the play servers
# Compose mounts secret files with the owner and mode they have here, so each belongs to the one account in the containers that reads it.
set -eu
umask 077
cd "$(dirname "$0")"
gateway=${GATEWAY_UID:-10001}   # the account in our image
postgres=${POSTGRES_UID:-999}    # the account in PostgreSQL's image

secret() {  # NAME OWNER: takes its content from standard input
  if [ -s "secrets/$1" ]; then
    cat >/dev/null
    echo "kept  secrets/$1"
  else
    cat >"secrets/$1"
    echo "made  secrets/$1"
  fi
  chown "$2" "secrets/$1"
  chmod 600 "secrets/$1"
}

random() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

mkdir -p secrets
chmod 711 secrets
random | tr '+/' '-_' | secret pg_password $postgres
printf 'postgres:5432:reportgate:reportgate:%s\n' "$(cat secrets/pg_password)" | secret pgpass $gateway
{ echo "# The key to the originals. Keep a copy elsewhere: without it nothing stored can be read."; random; echo; } | secret vault_key $gateway
: | secret mail_secret $gateway

if [ "${1:-}" = play ]; then
  if [ ! -s secrets/play_ca ]; then
    made=$(mktemp -d)
    trap 'rm -rf "$made"' EXIT
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=reportgate play authority" \
      -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout "$made/ca.key" -out "$made/ca.pem" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=mailbox" -keyout "$made/key" -out "$made/request" 2>/dev/null
    printf 'subjectAltName=DNS:mailbox,DNS:sink\nbasicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n' >"$made/names"
    openssl x509 -req -in "$made/request" -CA "$made/ca.pem" -CAkey "$made/ca.key" -set_serial "$(date +%s)" -days 365 \
      -extfile "$made/names" -out "$made/certificate" 2>/dev/null
    secret play_ca $gateway <"$made/ca.pem"
    secret play_certificate $gateway <"$made/certificate"
    secret play_key $gateway <"$made/key"
  fi
  exit 0
fi

# The gateway is given this one in the play profile only, but a file that is named must be there.
[ -s secrets/play_ca ] || : | secret play_ca $gateway

umask 022
mkdir -p live
if [ ! -e live/reportgate.toml ]; then
  cp reportgate.example.toml live/reportgate.toml
  echo "made  live/reportgate.toml: set what stands in capitals"
fi
if [ ! -e live/directory ]; then
  cp -r ../rules/directory live/directory
  echo "made  live/directory: set current addresses, those that came are retired or made up"
fi
