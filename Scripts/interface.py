"""Writes Sources/CTorch/include/ctorch_functions.h from the declarations in the other headers.

    Scripts/interface.py           writes the file
    Scripts/interface.py --check   only says whether it is current
"""

import hashlib
import re
import sys
from pathlib import Path

HEADERS = Path(__file__).resolve().parent.parent / "Sources/CTorch/include"
RESULT = HEADERS / "ctorch_functions.h"
FAMILIES = sorted(path for path in HEADERS.glob("ctorch_*.h") if path.name not in (RESULT.name, "ctorch_library.h"))
HANDLE = re.compile(r"^(const )?(ms_tensor|ms_generator|ms_\w+_scope) \*\w+$")

HEAD = """\
/// Written by Scripts/interface.py from the declarations in the other headers; not to be edited.
///
/// The table by which callers find the implementation, and the functions that call through it.
#ifndef CTORCH_FUNCTIONS_H
#define CTORCH_FUNCTIONS_H

// clang-format off
{includes}
#include "ctorch_library.h"

/// Tells the declarations apart from those of other versions: a hash of their text without comments.
#define MS_INTERFACE UINT64_C(0x{digest})

/// Everything that is implemented, as `apply(name)`.
#define MS_FUNCTIONS(apply) \\
{names}

#define MS_FIELD(name) __typeof__(&name) name;

struct ms_functions {{
    /// MS_INTERFACE, as the implementation was compiled.
    uint64_t interface;
    MS_FUNCTIONS(MS_FIELD)
}};

#undef MS_FIELD

#ifndef CTORCH_LIBRARY

#define MS_CALL(name, ...) const ms_functions *library = ms_library(); if (library) library->name(__VA_ARGS__)
#define MS_RETURN(otherwise, name, ...) \\
    const ms_functions *library = ms_library(); return library ? library->name(__VA_ARGS__) : (otherwise)
// A handle is there, and so is the library that made it.
#define MS_RETURN_OF_HANDLE(name, ...) return ms_library_functions->name(__VA_ARGS__)

{functions}

#undef MS_CALL
#undef MS_RETURN
#undef MS_RETURN_OF_HANDLE

#endif
// clang-format on

#endif
"""


def without_comments(text: str) -> str:
    return " ".join(re.sub(r"//[^\n]*", "", text).split())


def parts(parameters: str) -> list[str]:
    """The parameters, divided at the commas that lie in no parentheses."""
    found = [word.strip() for word in re.split(r",(?![^()]*\))", parameters)]
    return [] if found == ["void"] else found


def name_of(parameter: str) -> str:
    pointer = re.match(r".*?\(\*(\w+)\)\(", parameter)
    return pointer[1] if pointer else re.findall(r"\w+", parameter)[-1]


def forwarding(declaration: str) -> tuple[str, str]:
    """The name of a function, and the definition of the function that calls it through the table."""
    prototype, _, otherwise = declaration.partition(" MS_ELSE(")
    match = re.fullmatch(r"(.*?[ *])(ms_\w+)\((.*)\)", prototype)
    if match is None:
        sys.exit(f"interface: this is no declaration of a function: {declaration}")
    result, name, parameters = match[1].strip(), match[2], parts(match[3])
    arguments = ", ".join([name] + [name_of(parameter) for parameter in parameters])
    otherwise = otherwise.removesuffix(")")
    if result == "void":
        body = f"MS_CALL({arguments});" + (f" else {otherwise};" if otherwise else "")
    elif otherwise or result == "ms_status":
        body = f"MS_RETURN({otherwise or 'MS_UNAVAILABLE'}, {arguments});"
    elif parameters and HANDLE.match(parameters[0]):
        body = f"MS_RETURN_OF_HANDLE({arguments});"
    else:
        sys.exit(f"interface: {name} needs MS_ELSE(what it answers without the library)")
    return name, f"static inline {prototype} {{ {body} }}"


def written() -> str:
    """The whole header."""
    texts = [without_comments(path.read_text(encoding="utf-8")) for path in FAMILIES]
    functions = [
        forwarding(match[1].strip())
        for text in texts
        for match in re.finditer(r"(?<!define )\bMS_API ([^;#]*);", text)
    ]
    return HEAD.format(
        includes="\n".join(f'#include "{path.name}"' for path in FAMILIES),
        digest=hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16],
        names=" \\\n".join(f"    apply({name})" for name, _ in functions),
        functions="\n".join(definition for _, definition in functions),
    )


text = written()
if sys.argv[1:] == ["--check"]:
    if not RESULT.exists() or RESULT.read_text(encoding="utf-8") != text:
        print(f"Sources/CTorch/include/{RESULT.name}:1: it is not what the other headers declare; "
              "run python3 Scripts/interface.py")
elif not sys.argv[1:]:
    RESULT.write_text(text, encoding="utf-8")
else:
    sys.exit(__doc__)
