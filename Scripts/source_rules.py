"""Rules about the Swift sources that need more than a pattern; called by Scripts/check.

Prints every finding as FILE:LINE: RULE. The arguments are the files to look at.
"""

import re
import sys
from pathlib import Path

# What may never happen, whatever Package.swift grants. Names without a folder yet are for libraries to come.
WITHOUT_TORCH = {
    "Files", "Imaging", "Prompting", "ImageFormats", "Zarr", "Evaluation", "Plots", "Volumes", "Checkpoints", "ModelZoo",
    "Annotations", "AnnotationServer", "Tracking", "TrackFiles", "Terminal", "WebClient",
    "fuzz-checkpoints", "fuzz-images", "fuzz-projects", "fuzz-prompts", "compare-mergers",
}
WITHOUT_COMMANDS = {"Jobs", "Judging", "Training", "Segmentation", "MicroSAM"}
ONLY_IMPORTED_BY = {
    "ArgumentParser": {"UsamCommands"}, "CTorch": {"Torch", "CTorchLinked"}, "CTorchLibrary": {"CTorchLinked"},
    "CTorchLinked": {"MicroSAM"}, "UsamCommands": {"usam"},
}
PROGRAMS = {"UsamCommands", "Presentation", "usam", "fuzz-checkpoints", "fuzz-images", "fuzz-projects", "fuzz-prompts"}
# Commands only speak: what grows beyond this is a library that nobody has taken out yet.
MOST_COMMAND_LINES = 6000

IMPORT = re.compile(r"^\s*(?:@\w+\s+)?(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+"
                    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)")
OPTION_NAME = r"(?<![-\w(])--[a-z][\w-]*(?![\w:-])|'usam |`usam "
OPTION = re.compile(rf'"[^"]*(?:{OPTION_NAME})')
IN_TEXT = re.compile(OPTION_NAME)
UNSAFE = re.compile(r"\bwithUnsafe|\bUnsafe(?:Mutable)?(?:Raw)?(?:Buffer)?Pointer\b|\bunsafeUninitializedCapacity\b"
                    r"|\bwithoutActuallyEscaping\b|\bnonisolated\(unsafe\)|@unchecked Sendable|\bunsafeBitCast\b"
                    r"|\bUnmanaged\b|\bOpaquePointer\b")
# Bytes that are copied before the statement ends need no word.
COPY = re.compile(r"withUnsafeBytes(?:\(of: .*\))? ?(?:\{ (?:Array\(\$0\)|\w+ \+= \$0|\w+\.append\(contentsOf: \$0\)) \}"
                  r"|\(Array\.init\))|withUnsafeBytes\(of: \$?\w+, Array\.init\)|^\s*\.withUnsafeBytes \{ Array\(\$0\) \}")
FUNCTION = re.compile(r"\b(?:func|subscript|deinit)\b|(?<![.\w])init[?]?\s*[(<]|\bvar\b.*\{\s*$")
PACKAGE_LEVEL = re.compile(r"^\s*(?:(?:@\w+|static|final|nonisolated|override)\s+)*package\s+"
                           r"(?:import|func|var|let|struct|class|enum|actor|protocol|extension|typealias|init|static"
                           r"|final|private|nonisolated|subscript|indirect|mutating)\b")
TYPE = re.compile(r"^\s*(?:(?:public|package|private|fileprivate|final|indirect)\s+)*"
                  r"(?:class|struct|enum|extension|actor|protocol)\b")


def granted_imports(manifest: str) -> dict[str, set[str]]:
    """The libraries that Package.swift lets each target import."""
    manifest = re.sub(r"//.*", "", manifest)
    granted = {}
    for call in re.finditer(r"(?<!func )\b(library|tests|target|executableTarget)\(", manifest):
        end, depth = call.end(), 1
        while depth > 0:
            depth += {"(": 1, ")": -1}.get(manifest[end], 0)
            end += 1
        text = re.sub(r"resources:\s*\[.*?\]", "", manifest[call.end():end], flags=re.S)
        text = re.sub(r"(?:package|path):\s*\"[^\"]*\"", "", text)
        words = re.findall(r'"([^"\\]+)"', text)
        if call[1] == "tests" and words:
            granted[words[0] + "Tests"] = set(words)
        elif words:
            granted[words[0]] = set(words[1:])
    return granted


def reachable(target: str, granted: dict[str, set[str]]) -> set[str]:
    """All that a target can reach by the arrows of Package.swift."""
    found, rest = set(), [target]
    while rest:
        new = granted.get(rest.pop(), set()) - found
        found |= new
        rest += new
    return found


def arrows(granted: dict[str, set[str]]):
    """Arrows in Package.swift that must not be."""
    if granted.get("Imaging"):
        yield "Imaging imports nothing of the project"
    for target in sorted(granted):
        below = reachable(target, granted)
        if target in WITHOUT_TORCH and below & {"Torch", "CTorch"}:
            yield f"{target} reaches no Torch"
        if target == "usam" and "CTorchLibrary" in below:
            yield "usam opens CTorchLibrary at run time, and is not linked with it"
        if target in WITHOUT_COMMANDS and "UsamCommands" in below:
            yield f"{target} does not reach the commands"
        for library, allowed in ONLY_IMPORTED_BY.items():
            if library in granted[target] and target not in allowed and Path("Sources", target).exists():
                yield f"only {', '.join(sorted(allowed))} imports {library}"


def imports(target: str, lines: list[str], granted: dict[str, set[str]], modules: set[str]):
    """Imports that Package.swift does not grant."""
    for number, line in enumerate(lines, 1):
        match = IMPORT.match(line)
        if match and match[1] in modules and match[1] not in granted.get(target, set()) | {target}:
            yield number, f"{target} may not import {match[1]}; see CONTRIBUTING.md before adding an arrow"


def options(lines: list[str]):
    """Texts of a library that speak the language of the command line."""
    is_text = False
    for number, line in enumerate(lines, 1):
        marks = 0 if line.lstrip().startswith("//") else line.count('"""')
        pattern = IN_TEXT if is_text or marks else OPTION
        if pattern.search(line) and (is_text or not line.lstrip().startswith("//")):
            yield number, "a library names no command and no option: the case says it, UsamCommands words it"
        is_text ^= marks % 2 == 1


def commands(folder: Path):
    """Commands that hold more than parsing, calling and printing."""
    files = sorted(folder.rglob("*.swift"))
    texts = [file.read_text(encoding="utf-8").splitlines() for file in files]
    count = sum(map(len, texts))
    if count >= MOST_COMMAND_LINES:
        yield f"{folder}:1: {count} lines; commands have fewer than {MOST_COMMAND_LINES}, work is for libraries"
    for file, lines in zip(files, texts):
        for number, line in enumerate(lines, 1):
            if PACKAGE_LEVEL.match(line):
                yield f"{file}:{number}: nothing of the commands is visible elsewhere; move it to a library"


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def enclosing_function(lines: list[str], use: int) -> range | None:
    """The lines of the function around a line, with the comments in front of it."""
    least, first = indentation(lines[use]), None
    for number in range(use, -1, -1):
        line = lines[number]
        if not line.strip() or (number != use and indentation(line) >= least):
            continue
        if not line.lstrip().startswith((")", "//", "#")):
            least = min(least, indentation(line))
        if TYPE.match(line):
            break
        if FUNCTION.search(line.split("//")[0]):
            first = number
            break
    if first is None:
        return None
    last = first
    if not lines[first].rstrip().endswith("}"):
        end = " " * indentation(lines[first]) + "}"
        while last + 1 < len(lines) and lines[last].rstrip() != end:
            last += 1
    while first > 0 and lines[first - 1].lstrip().startswith(("//", "@")):
        first -= 1
    return range(first, last + 1)


def unexplained(lines: list[str]):
    """Unsafe memory and concurrency without a word on what makes it safe: once in a function, or within four lines."""
    explained = [number for number, line in enumerate(lines) if "// Safe because" in line]
    told = range(0)
    for number, line in enumerate(lines):
        if not UNSAFE.search(COPY.sub("", line.split("//")[0])) or number in told:
            continue
        if any(abs(place - number) <= 4 for place in explained):
            continue
        function = enclosing_function(lines, number)
        if function is None or not any(place in function for place in explained):
            yield number + 1, "the reason is missing: // Safe because"
            told = function or range(0)


def main(paths: list[str]) -> None:
    granted = granted_imports(Path("Package.swift").read_text(encoding="utf-8"))
    modules = set(granted) | set(ONLY_IMPORTED_BY)
    for rule in arrows(granted):
        print(f"Package.swift:1: {rule}")
    for finding in commands(Path("Sources/UsamCommands")):
        print(finding)
    for path in paths:
        parts = Path(path).parts
        lines = Path(path).read_text(encoding="utf-8").split("\n")
        target = parts[1]
        findings = list(imports(target, lines, granted, modules))
        if parts[0] == "Sources":
            findings += unexplained(lines)
            findings += [] if target in PROGRAMS else options(lines)
        for number, rule in sorted(findings):
            print(f"{path}:{number}: {rule}")


main(sys.argv[1:])
