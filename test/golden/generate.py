"""Writes fixtures/*.json: the values and all gradients that other people's networks, or the papers' equations, give.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install -r test/golden/requirements.txt
    /tmp/golden/bin/python test/golden/generate.py [family …]

A family is one file: the functions in reference/ that make its cases. Every number is made in float64 on the CPU, from weights and
inputs with two decimals that come from a seed, so a second run writes the same file up to the last digit or two.
"""

import json
import platform
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # no caches in the repository

from reference import families


def rounded(value):
    """Nested numbers, zeros short."""
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return 0 if value == 0 else value


def main(wanted):
    folder = Path(__file__).parent / "fixtures"
    folder.mkdir(exist_ok=True)
    for name, (make, versions) in families.items():
        if wanted and name not in wanted:
            continue
        made_by = {"python": platform.python_version(), **versions}
        lines = [json.dumps(rounded(case), separators=(",", ":")) for case in make()]
        text = '{"madeBy":%s,"cases":[\n%s\n]}\n' % (json.dumps(made_by), ",\n".join(lines))
        (folder / f"{name}.json").write_text(text)
        print(f"{name}: {len(lines)} cases, {len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
