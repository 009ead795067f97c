"""Makes the pictures of the command line's output: `python tests/python/make_picture.py`.

They are made from shared vectors, so they are the same wherever they are made.
"""

from __future__ import annotations

import io
from pathlib import Path

import suite
from azure_imds.cli import _terminal
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

DOCS = Path(__file__).parent.parent.parent / "bindings-py" / "docs"
PICTURES = {"verify.svg": "attested::valid::as_azure_signs", "refused.svg": "attested::nonce::mismatch"}
WIDTH = 100


def picture(id: str) -> str:
    """The output for a shared vector, as SVG."""
    vector = suite.vector(id)
    report = vector.verifier().explain(vector.document, **vector.arguments)
    console = Console(
        file=io.StringIO(), record=True, width=WIDTH, force_terminal=True, color_system="truecolor", highlight=False
    )
    nonce = vector.arguments["nonce"]
    console.print(Text.assemble(("$ ", "dim"), ("azure-imds verify", "bold"), f" document.json --nonce {nonce} \\"))
    console.print(Text("    --issuers issuing.pem --anchors root.pem --at 2026-09-21T12:01:00Z\n"))
    _terminal.show_report(report, console, explain=False)
    svg = console.export_svg(title="azure-imds", theme=_THEME, code_format=_FORMAT, unique_id="picture")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> None:
    """Writes them."""
    DOCS.mkdir(exist_ok=True)
    for name, id in PICTURES.items():
        (DOCS / name).write_text(picture(id), encoding="utf-8")


_THEME = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [
        *((72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34)),
        *((88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)),
    ],
)

# Rich's own format fetches a font from the web; this one takes what is there.
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
  font-variant-east-asian: full-width;
}}
.{unique_id}-title {{
  font-size: 18px;
  font-weight: bold;
  font-family: sans-serif;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""

if __name__ == "__main__":
    main()
