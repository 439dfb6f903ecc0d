/** Exit codes of our own, out of the way of those that scripts and ssh use. */
export const EXIT = { truncated: 70, busy: 75, fenced: 76, timedOut: 124, killed: 137 } as const;

/** Seconds that a change waits for one that a killed operator has left running. */
const CHANGE_WAIT = 60;

/** Held while a change runs on a host; and the group of processes that runs it. */
export const CHANGE_LOCK = "/run/lock/harborwright-change";
export const CHANGE_GROUP = "/run/lock/harborwright-change.group";

/** Last bytes of a script that arrived whole. */
const END = "#whole";

/**
 * Reads the length of a script, then exactly so many bytes, and leaves the rest of standard input to the script.
 * `sh -s` is no way to do this: a shell may read ahead and swallow the script's input. A script whose end is missing
 * was cut by a dying connection and does not run.
 */
const RECEIVER = `read -r length; script=$(head -c "$length"); case "$script" in *"${END}") ;; *) exit ${EXIT.truncated} ;; esac; eval "$script"`;

/**
 * The command that ssh runs on the host. It holds nothing but the receiver, so that nothing of a script is seen in a
 * list of processes.
 * @param seconds - until the host itself ends it: an operator who vanished must not hold a host for ever. @default - never
 */
export function remoteCommand(user: string, seconds?: number): string {
  const shell = `sh -c '${RECEIVER}'`;
  const bounded = seconds === undefined ? shell : `timeout -k 5 ${seconds} ${shell}`;
  return user === "root" ? bounded : `sudo -n ${bounded}`;
}

/** What goes down the connection before the script's own input. */
export function framed(script: string): string {
  const whole = `export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
set -eu
${script}
${END}`;
  return `${Buffer.byteLength(whole)}\n${whole}`;
}

/**
 * A script that changes a host. Only one runs at a time: one that outlived its operator ends before the next begins.
 * The children that a script starts for good are services of systemd, which do not inherit the lock. Our parent is
 * `timeout`, which leads the group of all that runs here.
 */
export function exclusive(script: string): string {
  return `mkdir -p /run/lock
exec 9>>${CHANGE_LOCK}
flock -w ${CHANGE_WAIT} 9 || exit ${EXIT.busy}
echo "$PPID" > ${CHANGE_GROUP}
${script}`;
}

/** Ends the change that is running on a host, if there is one. */
export const END_CHANGE = `
if [ -s ${CHANGE_GROUP} ] && ! flock -n ${CHANGE_LOCK} true; then
  kill -s KILL -- "-$(cat ${CHANGE_GROUP})"
fi`;
