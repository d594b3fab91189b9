#!/bin/sh
# Proves the image's steps without a container engine: the same scripts, in clean Debian roots made by debootstrap, and then the command as
# the image runs it: another user, no capabilities, no new privileges, a root that cannot be written to, no network. Run it as root.
#   docker/prove.sh [FOLDER]      FOLDER keeps the roots, so that a second run is quick; without it a temporary one is used
# PREPARE names a program that is given each new root, for what only this machine needs (its package mirrors, its certificates).
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -ge 1 ]; then
  mkdir -p "$1"
  work=$(cd "$1" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
say() { echo "--- $*"; }

enter() {  # ROOT COMMAND...: runs a build step in a root, as an image is built
  root=$1; shift
  unshare --mount --pid --fork sh -c 'mount -t proc proc "$0/proc"; exec chroot "$@"' "$root" "$root" \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 PIP_NO_CACHE_DIR=1 $PASS "$@"
}
PASS=${PASS:-}   # more variables for the build steps, as NAME=VALUE

if [ ! -e "$work/base/made" ]; then
  say "a clean Debian 12"
  rm -rf "$work/base"
  debootstrap --variant=minbase bookworm "$work/base" >"$work/debootstrap.log"
  cp /etc/resolv.conf "$work/base/etc/resolv.conf"
  [ -z "${PREPARE:-}" ] || "$PREPARE" "$work/base"
  touch "$work/base/made"
fi

if [ ! -e "$work/build/made" ]; then
  say "stage build: packages"
  rm -rf "$work/build"
  cp -a "$work/base" "$work/build"
  cp "$here/docker/packages.sh" "$work/build/usr/local/sbin/"
  enter "$work/build" packages.sh build
fi
say "stage build: install.sh"
rm -rf "$work/build/src" "$work/build/opt/reportgate"
mkdir "$work/build/src"
git -C "$here" archive HEAD -- . ':!tests' ':!.ci' | tar -x -C "$work/build/src"
enter "$work/build" /src/docker/install.sh /src /opt/reportgate
touch "$work/build/made"

if [ ! -e "$work/run/made" ]; then
  say "stage run: packages and the account"
  rm -rf "$work/run"
  cp -a "$work/base" "$work/run"
  cp "$here/docker/packages.sh" "$work/run/usr/local/sbin/"
  enter "$work/run" packages.sh run
  enter "$work/run" useradd --uid 10001 --user-group --home-dir /var/lib/reportgate --create-home --shell /usr/sbin/nologin reportgate
  touch "$work/run/made"
fi
rm -rf "$work/run/opt/reportgate"
cp -a "$work/build/opt/reportgate" "$work/run/opt/reportgate"

say "run: not root, nothing may be written but /tmp and the data folder, no network"
mkdir -p "$work/run/mail" "$work/out"
cp "$here"/flows/samples/*.eml "$work/run/mail/"
cat >"$work/run/steps.sh" <<'STEPS'
set -eu
id
! touch /opt/reportgate/x 2>/dev/null
! touch /x 2>/dev/null
cd /var/lib/reportgate
reportgate --help >/dev/null
reportgate init .
reportgate rules check
reportgate doctor
set -- /mail/*.eml
reportgate assess --json "$1" | python -c 'import json, sys; found = json.loads(sys.stdin.readline()); print("assess:", found["file"], found["decision"])'
mkdir -p reportgate-data/in/new reportgate-data/in/cur reportgate-data/in/tmp
cp /mail/*.eml reportgate-data/in/new/
PREFECT_SERVER_LOGGING_LEVEL=ERROR timeout 300 python -c '
import asyncio
from flows.service import sweep
from flows.workshop import opened
from pipeline import settings
with opened(settings.load()):
    assert asyncio.run(sweep()), "a sweep of the service failed"
'
reportgate queue --json | wc -l | sed "s/$/ wait for a person/"
ls reportgate-data/out/new | wc -l | sed "s/$/ letters left/"
reportgate audit verify
STEPS
unshare --mount --pid --net --fork sh -c '
  set -eu
  mount --bind "$0" "$0"
  mount -t proc proc "$0/proc"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$0/tmp"
  mount -t tmpfs -o mode=0700,uid=10001,gid=10001,nosuid,nodev tmpfs "$0/var/lib/reportgate"
  mount -o remount,ro,bind "$0"
  ip link set lo up 2>/dev/null || true
  exec chroot "$0" setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env -i PATH=/opt/reportgate/bin:/usr/local/bin:/usr/bin:/bin HOME=/var/lib/reportgate LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_THREAD_LIMIT=1 DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false \
    REPORTGATE_DATA_DIR=/var/lib/reportgate/data \
    PREFECT_HOME=/var/lib/reportgate/prefect sh /steps.sh
' "$work/run"
say "the image's steps work"
