"""Header, export map, library and the adapter's table say the same; the library needs what design says and no more."""

from __future__ import annotations

import ctypes
import re
import subprocess

import pytest

from Tests.abi.raw import C_TYPES, HEADER, LIBRARY, ROOT, header_functions

pytestmark = pytest.mark.usefixtures("library")

# libc with its dynamic loader, the mathematics library, and what the Swift runtime's C++ asks for.
ALLOWED_LIBRARIES = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1"}
LOADER = re.compile(r"ld-linux[\w-]*\.so\.\d")


def tool(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def dynamic_entries(kind: str) -> list[str]:
    return re.findall(rf"\({kind}\).*\[(.*)\]", tool("readelf", "-dW", str(LIBRARY)))


def test_library_exports_the_headers_functions_and_nothing_else() -> None:
    lines = tool("nm", "-D", "--defined-only", str(LIBRARY)).splitlines()
    exported = [line.split()[2] for line in lines]
    assert sorted(exported) == sorted(header_functions())
    assert {line.split()[1] for line in lines} == {"T"}


def test_export_map_lists_the_headers_functions_in_its_order() -> None:
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "bridge" / "exports.map").read_text("utf-8"), flags=re.S)
    assert re.findall(r"\w+(?=;)", text.split("local:")[0]) == list(header_functions())


def test_library_needs_the_c_and_cpp_runtimes_only() -> None:
    needed = {name for name in dynamic_entries("NEEDED") if not LOADER.fullmatch(name)}
    assert needed <= ALLOWED_LIBRARIES


def test_library_has_its_name_and_looks_nowhere_else() -> None:
    assert dynamic_entries("SONAME") == ["libctr_models.so"]
    assert dynamic_entries("RUNPATH") == dynamic_entries("RPATH") == []


def test_library_can_be_told_from_another_build() -> None:
    assert "Build ID: " in tool("readelf", "-nW", str(LIBRARY))


def test_abi_version_is_the_headers(library: ctypes.CDLL) -> None:
    declared = re.search(r"#define CTR_ABI_VERSION (\d+)", HEADER.read_text("utf-8"))
    assert declared and library.ctr_abi_version() == int(declared[1])


def test_build_info_names_what_a_bug_report_needs(library: ctypes.CDLL) -> None:
    info = library.ctr_build_info().decode("utf-8")
    assert re.fullmatch(r"CTRModels \d+\.\d+\.\d+, Swift .*, \w+ loops", info), info


def shape(kind: object) -> object:
    """What decides how ctypes passes a value: its size, and for numbers integer or floating."""
    if kind is None:
        return None
    size = ctypes.sizeof(kind)  # type: ignore[arg-type]
    return (size, getattr(kind, "_type_", None)) if kind in (ctypes.c_double, ctypes.c_float) else (size, "bits")


def test_adapter_declares_every_function_as_the_header_does() -> None:
    from testbed_adapter.native import library as _library

    adapter = _library.library()
    for name, declared in header_functions().items():
        function = getattr(adapter, name)
        assert function.argtypes is not None, f"the adapter does not declare {name}"
        expected = [shape(C_TYPES[kind]) for kind in declared.parameters.values()]
        assert [shape(kind) for kind in function.argtypes] == expected, name
        assert shape(function.restype) == shape(C_TYPES[declared.result]), name
