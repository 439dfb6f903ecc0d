"""Starts moto on a free port of an address, with what it lacks for our stacks, and prints the port.

Each line on standard input asks what has been made; the answer is a line of JSON. It ends when its standard input does,
so that none outlives the test that started it.
"""

import json
import os
import sys

# Policies that AWS manages are loaded only when asked for; without them none can be attached.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402

import already  # noqa: E402
import content  # noqa: E402
import patches  # noqa: E402

patches.apply()
already.provide()
before = content.made()
server = ThreadedMotoServer(sys.argv[1], 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
for _ in sys.stdin:
    made = {kind: [name for name in names if name not in before.get(kind, [])] for kind, names in content.made().items()}
    print(json.dumps({kind: names for kind, names in made.items() if names}), flush=True)
