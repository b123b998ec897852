"""The kernels that are measured, and what each is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[2]
NODE = PROJECT / "node_modules/.bin/node"
PEERS = HERE / "node_modules"

TYPESCRIPT = {
    "trivial": "let value{n} = {n};\nvalue{n}",
    "ten lines": """type Pair{n} = {{ name: string; size: number }};
const pairs{n}: Pair{n}[] = [];
for (let i = 0; i < 10; i++) {{
  pairs{n}.push({{ name: `pair ${{i}}`, size: i * {n} }});
}}
const total{n} = pairs{n}
  .filter(({{ size }}) => size % 2 === 0)
  .map(({{ size }}) => size)
  .reduce((a, b) => a + b, 0);
total{n}""",
    "module": 'import {{ f499 as g{n} }} from "./module{n}{suffix}";\ng{n}(1)',
    "print": 'console.log("one", 1)',
    "complete": "const list{n} = [1, 2, 3];\nlist{n}.fi",
}
PYTHON = {
    "trivial": "value{n} = {n}\nvalue{n}",
    "ten lines": """from dataclasses import dataclass
@dataclass
class Pair{n}:
    name: str
    size: int
pairs{n} = []
for i in range(10):
    pairs{n}.append(Pair{n}(f"pair {{i}}", i * {n}))
total{n} = sum(p.size for p in pairs{n} if p.size % 2 == 0)
total{n}""",
    "module": "from module{n} import f499 as g{n}\ng{n}(1)",
    "print": 'print("one", 1)',
    "complete": "list{n} = [1, 2, 3]\nlist{n}.so",
}



def installed(project):
    """Argv and environment of our kernel as it is installed, options of Node among them."""
    script = 'import(process.argv[1]).then((m) => console.log(JSON.stringify(m.kernelSpec(""))))'
    done = subprocess.run([str(NODE), "-e", script, str(project / "kernel/dist/install.js")], capture_output=True, text=True, check=True)
    spec = json.loads(done.stdout)
    return {"argv": spec["argv"], "env": spec.get("env", {})}


KERNELS = {
    "unrolled": {
        **installed(PROJECT),
        "asks": TYPESCRIPT,
        "suffix": "",
    },
    "tslab": {
        "argv": [str(NODE), str(PEERS / "tslab/bin/tslab"), "kernel", "--config-path", "{connection_file}"],
        "asks": {what: code for what, code in TYPESCRIPT.items() if what != "print"},  # outside of its own tree it has no types of console
        "suffix": "",
    },
    "deno": {
        "argv": [str(PEERS / "deno/deno"), "jupyter", "--kernel", "--conn", "{connection_file}"],
        "asks": TYPESCRIPT,
        "suffix": ".ts",
    },
    "ipykernel": {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "asks": PYTHON,
        "suffix": "",
    },
}


def write_specs(folder):
    """Writes a kernelspec for each: Deno's own installer ignores JUPYTER_DATA_DIR."""
    for name, kernel in KERNELS.items():
        spec = Path(folder) / "kernels" / f"bench-{name}"
        spec.mkdir(parents=True)
        content = {"argv": kernel["argv"], "env": kernel.get("env", {}), "display_name": name, "language": "x"}
        (spec / "kernel.json").write_text(json.dumps(content))
    os.environ["JUPYTER_DATA_DIR"] = str(folder)


def write_modules(folder, count):
    """Local modules of 500 lines, one for each time a cell imports one, as TypeScript and as Python."""
    for n in range(count):
        typescript = [
            f"export function f{i}(x: number): number {{ return x * {i + n} + {i}; }}" for i in range(500)
        ]
        python = [f"def f{i}(x): return x * {i + n} + {i}" for i in range(500)]
        (folder / f"module{n}.ts").write_text("\n".join(typescript))
        (folder / f"module{n}.py").write_text("\n".join(python))
