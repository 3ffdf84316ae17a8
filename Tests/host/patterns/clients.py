"""Client threads for the service under load, in a process of their own: the standard library alone, so it is soon up.

Its input: a line of JSON (`port`, `slots`, `inputs`, `threads`, `requests`, `seed`), then nothing until the load may
end. Its output, one JSON: for each request the slot, the rows asked for, and the answers' bits or what went wrong.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
from typing import Any

LONGEST_BATCH = 8


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    enough = threading.Event()
    done: list[list[Any]] = []
    threads = [
        threading.Thread(target=ask, args=(asked, random.Random(f"{asked['seed']} {number}"), done, enough))
        for number in range(asked["threads"])
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()  # until it is closed
    enough.set()
    for thread in threads:
        thread.join()
    json.dump(done, sys.stdout)


def ask(asked: dict[str, Any], chance: random.Random, done: list[list[Any]], enough: threading.Event) -> None:
    """One keep-alive connection. It goes on until there are requests enough and the load may end."""
    connection = http.client.HTTPConnection("127.0.0.1", asked["port"], timeout=60)
    while not (enough.is_set() and len(done) >= asked["requests"]):
        slot = chance.choice(asked["slots"])
        single = chance.random() < 0.5
        count = 1 if single else chance.randint(2, LONGEST_BATCH)
        rows = [chance.randrange(len(asked["inputs"])) for _ in range(count)]
        chosen = [asked["inputs"][row] for row in rows]
        path = f"/v1/models/{slot}/{'predict' if single else 'batch_predict'}"
        body = json.dumps({"inputs": chosen[0] if single else chosen})
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
            if response.status != 200:
                raise RuntimeError(f"status {response.status}: {content[:200]!r}")
            outputs = json.loads(content)["outputs"]
            bits = [output["ctr_score"].hex() for output in ([outputs] if single else outputs)]
            done.append([slot, rows, bits, ""])
        except Exception as error:
            done.append([slot, rows, [], f"{type(error).__name__}: {error}"])
            connection.close()


if __name__ == "__main__":
    main()
