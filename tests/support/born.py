"""What a child finds when it starts, as one line of JSON; then it ends with the code given, or stays: `born stay`."""

import json
import os
import random
import sys
import time

from app.core.ids import new_id

if __name__ == "__main__":
    sys.stdout.write(
        json.dumps({
            "pid": os.getpid(), "parent": os.getppid(), "session": os.getsid(0), "arguments": sys.argv[1:],
            "colour": os.environ.get("COLOUR"), "shape": os.environ.get("SHAPE"),
            "ids": [str(new_id()) for _ in range(3)], "chance": random.random(),
        }) + "\n"
    )  # fmt: skip
    sys.stdout.flush()
    if sys.argv[1] != "stay":
        sys.exit(int(sys.argv[1]))
    while True:
        time.sleep(1)
