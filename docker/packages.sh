#!/bin/sh
# Installs the Debian packages of one stage of the image: `build`, what the installation needs, or `run`, what the service needs.
#   docker/packages.sh build|run
set -eu

case "${1:-}" in
  build) set -- python3 python3-venv ca-certificates ;;
  run)
    set -- python3 ca-certificates tini \
      tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd \
      libreoffice-writer-nogui \
      poppler-utils
    ;;
  *)
    echo "usage: packages.sh build|run" >&2
    exit 2
    ;;
esac

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@" >/dev/null
rm -rf /var/lib/apt/lists/*
