"""Writes the manual page of usam: manual.py < DUMP > usam.1, where DUMP is what `usam --experimental-dump-help` prints.

The page holds what `usam help` says of every command, so nothing is kept by hand.
"""

import json
import sys


def escape(text: str) -> str:
    """Text in which troff finds nothing to interpret."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def paragraphs(text: str) -> list[str]:
    """Flowing text in fill mode; blocks with aligned columns, such as examples, as they are."""
    out = []
    for block in text.split("\n\n"):
        aligned = any("  " in line.strip() or line.startswith(("  ", "usam ")) for line in block.split("\n"))
        out += [".PP"] + ([".nf", escape(block), ".fi"] if aligned else [escape(block)])
    return out


def names_of(argument: dict) -> str:
    """How an argument is written, such as \\-o, \\-\\-output <output>."""
    if argument["kind"] == "positional":
        return f"<{argument['valueName']}>"
    names = []
    for name in argument.get("names", []):
        names.append(("--" if name["kind"] == "long" else "-") + name["name"])
    names.sort(key=lambda name: (name.startswith("--"), name))
    value = "" if argument["kind"] == "flag" else f" <{argument['valueName']}>"
    return ", ".join(names) + value


def arguments_of(command: dict, inherited: bool) -> list[str]:
    out = []
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True):
            continue
        # Help and version are explained once, with the program.
        if inherited and argument.get("valueName") in ("help", "version"):
            continue
        words = [argument.get("abstract") or "", argument.get("discussion") or ""]
        if argument.get("allValues") and argument["kind"] != "flag":
            words.append("Values: " + ", ".join(argument["allValues"]) + ".")
        if argument.get("defaultValue"):
            words.append(f"Default: {argument['defaultValue']}.")
        out += [".TP", f".B {escape(names_of(argument))}", escape(" ".join(word for word in words if word)) or "\\&"]
    return out


def section(command: dict, path: list[str]) -> list[str]:
    out = [f".SS {escape(' '.join(path))}", escape(command.get("abstract") or "")]
    if command.get("discussion"):
        out += paragraphs(command["discussion"])
    out += arguments_of(command, inherited=True)
    for child in command.get("subcommands", []):
        if child["commandName"] != "help" and child.get("shouldDisplay", True):
            out += section(child, [*path, child["commandName"]])
    return out


def page(root: dict, version: str) -> list[str]:
    name = root["commandName"]
    out = [f'.TH {name.upper()} 1 "" "{name} {escape(version)}" "MicroSAM"', ".SH NAME",
           f"{name} \\- {escape(root['abstract']).rstrip('.')}", ".SH SYNOPSIS", f".B {name}",
           "<command> [<options>]", ".SH DESCRIPTION"]
    out += paragraphs(root.get("discussion") or "") + [".SH OPTIONS"] + arguments_of(root, inherited=False)
    out += [".SH COMMANDS"]
    for child in root.get("subcommands", []):
        if child["commandName"] != "help" and child.get("shouldDisplay", True):
            out += section(child, [name, child["commandName"]])
    return out


if __name__ == "__main__":
    print("\n".join(page(json.load(sys.stdin)["command"], sys.argv[1] if len(sys.argv) > 1 else "")))
