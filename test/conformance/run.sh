#!/usr/bin/env bash
# Programs written by others read and answer what we send, and send to us; see docs/conformance.md.
#
#   npm run test:conformance [-- PEER...]
#
# Each peer runs in namespaces of its own: no network but loopback, so all may use the ports written into them, and
# the kernel ends whatever a peer has started together with it.
set -euo pipefail
cd "$(dirname "$0")/../.."

PEERS=(platform net-smpp larvitsmpp jsmpp kannel dynamodb-local)
# Listen on every interface.
NEED_NAMESPACE=' jsmpp dynamodb-local '
# Six of them stay under eleven minutes.
TIME_LIMIT_SECONDS=110

cache="${XDG_CACHE_HOME:-$HOME/.cache}/dakghar/conformance"
folder="$(mktemp -d)"
running=""
passed=0
failed=0
skipped=()

finish() {
  [ -z "$running" ] || kill -KILL -- "-$running" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Every job is a process group of its own, so that `finish` reaches all of it.
set -m

isolate=(unshare --user --map-root-user --net --pid --fork --kill-child=KILL
  sh -c 'ip link set lo up && exec "$@"' sh)

skip() { # peer, reason
  echo "SKIPPED $1: $2"
  skipped+=("$1: $2")
}

run_peer() { # peer
  local log="$folder/$1.log" status=0
  timeout --signal=KILL "$TIME_LIMIT_SECONDS" "${isolate[@]}" \
    node "test/conformance/peers/$1.ts" --folder "$folder" --cache "$cache" >"$log" 2>&1 &
  running=$!
  wait "$running" || status=$?
  # Without a namespace, what a failed peer has started is still there.
  kill -KILL -- "-$running" 2>/dev/null || true
  running=""
  # 1 is what a check that does not hold ends with, and an exception.
  if [ "$status" -gt 1 ] || { [ "$status" -eq 1 ] && ! grep -q '^not ok - ' "$log"; }; then
    echo "not ok - $1 comes to its end (exit code $status)" >>"$log"
  fi
  cat "$log"
  passed=$((passed + $(grep -c '^ok - ' "$log" || true)))
  failed=$((failed + $(grep -c '^not ok - ' "$log" || true)))
}

[ "$#" -gt 0 ] || set -- "${PEERS[@]}"
for peer in "$@"; do
  case " ${PEERS[*]} " in
    *" $peer "*) ;;
    *) echo "there is no peer $peer; there are ${PEERS[*]}" >&2 && exit 2 ;;
  esac
done

bash test/conformance/install.sh tshark "$cache"
echo "# $(tshark --version 2>/dev/null | head -n 1)"
if ! "${isolate[@]}" true 2>/dev/null; then
  isolate=()
  echo '# no user namespaces here: peers run on the loopback interface everybody has'
fi

for peer in "$@"; do
  echo "## $peer"
  if ! reason="$(bash test/conformance/install.sh "$peer" "$cache" 2>&1)"; then
    skip "$peer" "$reason"
  elif [ "${#isolate[@]}" -eq 0 ] && [[ "$NEED_NAMESPACE" == *" $peer "* ]]; then
    skip "$peer" 'it would listen on every interface, and there is no network namespace to shut it in'
  else
    run_peer "$peer"
  fi
done

echo
for reason in "${skipped[@]}"; do echo "SKIPPED $reason"; done
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
