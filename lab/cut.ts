/** Every way through a host's network card, also that of containers on a bridge inside it. */
const WAYS = [
  "INPUT --in-interface eth0",
  "OUTPUT --out-interface eth0",
  "FORWARD --in-interface eth0",
  "FORWARD --out-interface eth0",
];

/** Shell: whether a host is cut off from its network. */
export const isCut = `iptables --wait --check ${WAYS[0]} --jump DROP 2>/dev/null`;

/** Shell: nothing comes in or goes out any more. Twice is as once. The engine still gets in. */
export const cutOff = WAYS.map(
  (way) => `iptables --wait --check ${way} --jump DROP 2>/dev/null || iptables --wait --insert ${way} --jump DROP`,
).join("\n");

/** Shell: undoes it, and sets `cut` when there was something to undo. */
export const reopen = WAYS.map(
  (way) => `while iptables --wait --delete ${way} --jump DROP 2>/dev/null; do cut=undone; done`,
).join("\n");
