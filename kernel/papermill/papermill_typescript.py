"""Parameters in TypeScript for papermill.

    papermill lesson.ipynb run.ipynb -p rate 0.5

puts `let rate = 0.5;` after the cell tagged "parameters". Nothing has to be asked for: papermill finds this module
through its entry point, and TypeScript by the language of the notebook's kernel.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

NAME = r"[^\W\d][\w$]*|\$[\w$]*"
DECLARATION = re.compile(
    rf"^(?:let|const|var)\s+(?P<name>{NAME})\s*(?::\s*(?P<type>[^=]+?))?\s*=\s*"
    r"(?P<default>.*?);?\s*(?://\s*(?P<help>.*))?$"
)


class TypeScriptTranslator(Translator):
    @classmethod
    def translate(cls, val):
        """JSON is TypeScript, and Python writes NaN and Infinity as TypeScript does; a date becomes its text."""
        return json.dumps(val, default=str, ensure_ascii=False)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        if not re.fullmatch(NAME, str(name)):
            raise ValueError(f'parameter "{name}": TypeScript has no such names')
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """What `papermill --help-notebook` lists: one declaration a line, the comment behind it as its help."""
        found = map(DECLARATION.match, parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=each["name"],
                inferred_type_name=each["type"] or "None",
                default=each["default"],
                help=each["help"] or "",
            )
            for each in found
            if each
        ]


papermill_translators.register("typescript", TypeScriptTranslator)


class Engine(NBClientEngine):
    """papermill's own engine: papermill's entry points are for engines only, and the line above needs one to be read."""
