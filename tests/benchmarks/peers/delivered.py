"""What a peer starts once before it is measured: prints how many of the first COUNT values are in its environment."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.benchmarks.values import value

if __name__ == "__main__":
    values = set(os.environ.values())
    print(sum(value(number) in values for number in range(int(sys.argv[1]))))
