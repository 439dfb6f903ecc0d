/** Every way in through a host's network card, also that to containers on a bridge inside it. */
const WAYS_IN = ["INPUT --in-interface eth0", "FORWARD --in-interface eth0"];

/** Shell: whether a host is cut off from its network. */
export const isCut = `iptables --wait --check ${WAYS_IN[0]} --jump DROP 2>/dev/null`;

/**
 * Shell: nothing comes in or goes out any more. Twice is as once. The engine still gets in.
 * What goes out is dropped at the card itself: a packet filter lets ARP through, and a host that was only filtered would
 * go on claiming the floating address for which it hears no other any more.
 */
export const cutOff = [
  ...WAYS_IN.map(
    (way) => `iptables --wait --check ${way} --jump DROP 2>/dev/null || iptables --wait --insert ${way} --jump DROP`,
  ),
  "tc qdisc replace dev eth0 root blackhole",
].join("\n");

/** Shell: undoes it, and sets `cut` when there was something to undo. */
export const reopen = [
  "tc qdisc delete dev eth0 root 2>/dev/null || true",
  ...WAYS_IN.map((way) => `while iptables --wait --delete ${way} --jump DROP 2>/dev/null; do cut=undone; done`),
].join("\n");
