import { quoted } from "../hosts/quote.js";
import type { StorageRequest } from "./storage-requests.js";

/** Where a machine on EC2 asks about itself (Amazon EC2 User Guide, "Use the Instance Metadata Service"). */
const METADATA = "http://169.254.169.254/latest";

/** Seconds for which the metadata service shall take the token that it gives out. */
const TOKEN_LIFE = 60;

/**
 * What a script needs to ask as the role of its machine, after `ask` and `fail` of the scripts' prelude: takes the
 * keys of the role from version 2 of the metadata service, and brings `sign`, which leaves the headers of a signature
 * in `$signature`. They stay in variables and pipes: the hash is computed by the shell, for `openssl dgst -hmac` would
 * show its key in the list of processes, and curl's own `--aws-sigv4` signs neither the checksum of the body nor the
 * token of a role before 7.87 (curl/curl#8810), which RHEL 9 and Ubuntu 22.04 do not have; RHEL 8 has none of it.
 */
export function roleKeys(region: string): string {
  return `
metadata() {
  told=$(printf 'url = "${METADATA}/%s"\\nrequest = "%s"\\nheader = "X-aws-ec2-metadata-token%s"\\n' "$2" "$1" "$3" |
    curl --config - --silent --show-error --noproxy '*' --connect-timeout 2 --max-time 5 \\
      --write-out '\\n%{http_code}' 2>"$work/error"
  ) || fail role no-metadata "$(grep -m 1 '^curl: ' "$work/error")"
  status=\${told##*"$newline"}
  told=\${told%"$newline"*}
}
field() {
  # A serializer of JSON may write a slash with a backslash.
  printf '%s\\n' "$told" | tr , '\\n' | sed -n "s/.*\\"$1\\" *: *\\"\\([^\\"]*\\)\\".*/\\1/p" | sed 's/\\\\//g'
}
newline='
'
metadata PUT api/token "-ttl-seconds: ${TOKEN_LIFE}"
[ "$status" = 200 ] || fail role no-token "$status"
session=": $told"
metadata GET meta-data/iam/security-credentials/ "$session"
role=\${told%%"$newline"*}
case $status in
  200) [ -n "$role" ] || fail role no-role "$status" ;;
  404) fail role no-role "$status" ;;
  *) fail role no-token "$status" ;;
esac
metadata GET "meta-data/iam/security-credentials/$role" "$session"
answer=$(field Code)
[ "$status $answer" = "200 Success" ] || fail role no-keys "$role $status \${answer:-without an answer}"
access=$(field AccessKeyId)
secret=$(field SecretAccessKey)
token=$(field Token)
unset told session
by=" to role $role"

sha256() { sha256sum | cut -c 1-64; }
hex() { od -An -v -tx1 | tr -d ' \\n'; }
octets() {
  left=$1 written=
  while [ -n "$left" ]; do
    rest=\${left#??}
    octet=$((0x\${left%"$rest"} ^ $2))
    written="$written\\\\0$((octet / 64))$((octet / 8 % 8))$((octet % 8))"
    left=$rest
  done
  printf %b "$written"
}
hmac() {
  key=$1
  while [ \${#key} -lt 128 ]; do key="\${key}00"; done
  inner=$({ octets "$key" 0x36; printf %s "$2"; } | sha256)
  { octets "$key" 0x5c; octets "$inner" 0; } | sha256
}
now=$(date -u +%Y%m%dT%H%M%SZ)
scope="\${now%T*}/${region}/s3/aws4_request"
signer=$(printf 'AWS4%s' "$secret" | hex)
unset secret
for part in "\${now%T*}" ${region} s3 aws4_request; do signer=$(hmac "$signer" "$part"); done
sign() {
  method=$1 host=$2 path=$3 checksum=$4
  shift 4
  headers=$(
    printf '%s\\n' "host:$host" "x-amz-content-sha256:$checksum" "x-amz-date:$now" "x-amz-security-token:$token" "$@" |
      LC_ALL=C sort -t : -k 1,1
  )
  names=$(printf '%s\\n' "$headers" | cut -d : -f 1 | tr '\\n' ';')
  names=\${names%;}
  canonical=$(printf '%s\\n' "$method" "$path" "" "$headers" "" "$names" "$checksum")
  canonical=$(printf %s "$canonical" | sha256)
  signed=$(hmac "$signer" "AWS4-HMAC-SHA256$newline$now$newline$scope$newline$canonical")
  signature=$(
    printf 'header = "%s"\\n' "x-amz-date: $now" "x-amz-security-token: $token" \\
      "Authorization: AWS4-HMAC-SHA256 Credential=$access/$scope, SignedHeaders=$names, Signature=$signed"
  )
}
`;
}

/** The line of a script that signs a request with {@link roleKeys}. */
export function signAsRole({ method, url, headers }: StorageRequest): string {
  const { host, pathname } = new URL(url);
  const { "x-amz-content-sha256": checksum = "", ...others } = headers;
  const more = Object.entries(others).map(([name, value]) => `${name}:${value}`);
  return ["sign", ...[method, host, pathname, checksum, ...more].map(quoted)].join(" ");
}
