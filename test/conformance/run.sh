#!/usr/bin/env bash
# Third-party peers read and answer what we send. Installs what it needs from Debian's packages; loopback only.
#   npm run test:conformance
set -euo pipefail
cd "$(dirname "$0")/../.."

need() { # command, Debian package
  command -v "$1" >/dev/null && return
  echo "installing $2 for $1"
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

need tshark tshark
node test/conformance/dissect.ts "$@"
