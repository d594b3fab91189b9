#!/bin/sh
# Installs reportgate from its source into a virtual environment, from hashed pins only. Used by the image, and by anyone without one.
#   docker/install.sh SOURCE TARGET        such as: docker/install.sh /src /opt/reportgate
# PYTHON names the interpreter (python3 where it is not set): 3.11, 3.12 or 3.13.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: install.sh SOURCE TARGET" >&2
  exit 2
fi
source=$(cd "$1" && pwd)
target=$2
python=${PYTHON:-python3}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# The wheel is made in an environment of its own, so that the build backend stays out of the one that runs.
"$python" -m venv "$build/venv"
"$build/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$source/docker/requirements-build.lock"
(cd "$source" && "$build/venv/bin/python" -m hatchling build --target wheel --directory "$build/wheel" >/dev/null)

"$python" -m venv "$target"
"$target/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$source/requirements.lock"
"$target/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-index "$build"/wheel/reportgate-*.whl
"$target/bin/reportgate" --help >/dev/null
"$target/bin/reportgate" rules check >/dev/null
echo "reportgate is in $target"
