"""Declarations broken at every token, and starved of memory at every request, leave no trace."""

import pytest
from native import FUZZ, ROOT, STUB_HEADERS, STUB_SOURCES, build, checked, output
from test_decls import DECLS, SEPARATOR


@pytest.fixture(scope="module")
def garble(tmp_path_factory):
    folder = tmp_path_factory.mktemp("garble")
    sources = [ROOT / "testing" / "c" / "garble.c", FUZZ / "fuzz.c"]
    return build(folder, "garble", sources, checked())


@pytest.mark.parametrize("path", sorted(DECLS.glob("*.h")), ids=lambda path: path.stem)
def test_broken_goldens_leave_no_trace(garble, tmp_path, path):
    """Comments, where goldens keep their expectations, are left out first."""
    cases = []
    for number, text in enumerate(SEPARATOR.split(path.read_text())):
        case = tmp_path / f"{number}.h"
        case.write_text("\n".join(line.partition("// ")[0].rstrip() for line in text.splitlines()))
        cases.append(case)
    output(garble, *cases)


@pytest.mark.parametrize("target", ["cdef", "typename", "constant", "include", "stub"])
def test_old_findings_and_seeds_of_the_fuzzer(tmp_path_factory, target):
    """testing/fuzz/regress holds what the fuzzer once found: TARGET-what.txt."""
    folder = tmp_path_factory.mktemp(target)
    sources = [FUZZ / f"fuzz_{target}.c", FUZZ / "fuzz.c", FUZZ / "replay.c"]
    stub = target == "stub"
    sources += STUB_SOURCES if stub else []
    program = build(folder, "replay", sources, checked(), STUB_HEADERS if stub else ())
    inputs = sorted(FUZZ.glob(f"*/{target}-*"))
    assert inputs
    printed = output(program, *inputs)
    assert len(printed.splitlines()) == len(inputs)
