/** Seconds by which a host's clock may differ from the storage's. S3 refuses signatures from 15 minutes on. */
const MOST_SKEW = 300;

/**
 * What both scripts begin with: `ask N STEP` sends the N-th paragraph of standard input, and what `$signature` adds to
 * it, as a configuration of curl, and leaves the answer in `$status`, `$seconds`, `$work/body` and `$work/headers`.
 * `fail STEP KIND DETAIL` ends the script with one line on standard error that `storageProblem` understands.
 */
const PRELUDE = `set -eu
requests=$(cat)
signature=''
by=''
fail() { printf '%s: %s: %s\\n' "$1" "$2" "$3" >&2; exit 1; }
command -v curl >/dev/null || fail probe missing-curl "there is no curl"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ask() {
  if ! { printf '%s\\n' "$requests" | awk -v part="$1" 'BEGIN { RS = "" } NR == part'; printf '%s\\n' "$signature"; } |
    curl --config - --silent --show-error --connect-timeout 5 --max-time 20 \\
      --dump-header "$work/headers" --output "$work/body" --write-out '%{http_code} %{time_total}' \\
      >"$work/answer" 2>"$work/error"
  then
    fail "$2" unreachable "$(grep -m 1 '^curl: ' "$work/error")"
  fi
  read -r status seconds <"$work/answer" || true
}
code() { sed -n 's/.*<Code>\\([A-Za-z0-9]*\\)<.*/\\1/p' "$work/body" 2>/dev/null | head -n 1; }
`;

/** How requests are signed on the host itself. */
export interface SignedThere {
  /** Shell that is run before the first request. */
  readonly prepare: string;
  /** Line of shell before each of the three requests. */
  readonly signs: readonly [string, string, string];
}

/** Requests that were signed before they are sent. */
const SIGNED_HERE: SignedThere = { prepare: "", signs: ["", "", ""] };

/**
 * Writes, reads and removes an object with the three requests on standard input; prints how long it took.
 * @param content - what the object holds; letters, digits, blanks and `-`
 * @param there - how the host signs the requests. @default - they are signed
 */
export function objectScript(content: string, there = SIGNED_HERE): string {
  const [signWrite, signRead, signRemove] = there.signs;
  return `${PRELUDE}
expect() {
  case $status in
    2??) ;;
    *)
      code=$(code)
      fail "$1" answered "$status\${code:+ $code}$by"
      ;;
  esac
}
${there.prepare}
${signWrite}
ask 1 write
took=$seconds
# A clock that is off is told as such, and not as what the storage says of a signature that it spoils.
answered=$(sed -n 's/^[Dd][Aa][Tt][Ee]: *//p' "$work/headers" | tr -d '\\r' | tail -n 1)
if there=$(date -u -d "$answered" +%s 2>/dev/null); then
  ahead=$(($(date -u +%s) - there))
  { [ "$ahead" -le ${MOST_SKEW} ] && [ "$ahead" -ge -${MOST_SKEW} ]; } || fail write skew "$ahead"
fi
expect write
${signRead}
ask 2 read
expect read
took="$took $seconds"
[ "$(cat "$work/body")" = "${content}" ] || fail read differs "$(wc -c <"$work/body") bytes"
${signRemove}
ask 3 remove
expect remove
printf 'written, read and removed in '
printf '%s\\n' "$took $seconds" | awk '{ printf "%d ms\\n", ($1 + $2 + $3) * 1000 }'
`;
}

/** Asks the one URL on standard input, without any rights: whatever HTTP answer comes shows that the way is open. */
export const REACH_SCRIPT = `${PRELUDE}
ask 1 reach
[ "$(code)" != NoSuchBucket ] || fail reach answered "$status NoSuchBucket"
printf '%s\\n' "$seconds" | awk '{ printf "answers in %d ms\\n", $1 * 1000 }'
`;

/**
 * Writes, reads and removes a file in a folder as the registry's user.
 * @param directory - absolute path of letters, digits, `.`, `_`, `-` and `/`
 * @param user - numeric id of user and group
 */
export function folderScript(directory: string, user: number): string {
  return `set -eu
if [ ! -d ${directory} ]; then
  echo "not there yet"
  exit 0
fi
file=${directory}/.harborwright-probe
# shellcheck disable=SC2016 # the inner shell has a file of its own in $1
setpriv --reuid ${user} --regid ${user} --clear-groups sh -c '
  echo probe >"$1" && [ "$(cat "$1")" = probe ] && rm "$1"
' sh "$file" || { printf 'folder: not-writable: %s\\n' "$(ls -ld ${directory})" >&2; exit 1; }
echo "written, read and removed"
`;
}
