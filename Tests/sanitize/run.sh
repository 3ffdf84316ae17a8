#!/bin/bash
# `make sanitize`: the Swift tests under three sanitizers, the soak's threads under one, Python's tests in a host that has
# address sanitizer from its start. Each builds in its own folder below .build/sanitize.
set -euo pipefail
cd "$(dirname "$0")/../.."
swift=${SWIFT:-swift}
build=$PWD/.build/sanitize
mkdir -p "$build"
# Beside the compiler that built the library, so that both agree on the runtime.
clang=$(dirname "$(command -v "$swift")")/clang
# Swift's own report of a trap trips over the sanitizers'.
export SWIFT_BACKTRACE=enable=no

# The adapter's Swift tests carry a CPython and an ordinary library; `python` below does what they do.
swift_tests() { # NAME FLAGS…
    local name=$1
    shift
    echo "Swift tests, $name sanitizer"
    # Optimised, as what is shipped; a debug build takes ten times as long. No test is XCTest's, whose runner leaks.
    local options=(-c release -Xswiftc -enable-testing --scratch-path "$build/$name" "$@")
    "$swift" build -q --build-tests "${options[@]}"
    "$swift" test --skip-build --disable-xctest --skip ABITests "${options[@]}"
}

library() { # NAME
    "$swift" build -q -c release --product ctr_models --sanitize "$1" --scratch-path "$build/$1-library" \
        -Xswiftc -static-stdlib -Xswiftc -use-ld=lld
}

address() {
    ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 swift_tests address --sanitize address
}

# Of the loops in C: what is undefined there ends the tests. Swift has no such sanitizer here, only clang.
undefined() {
    local runtime
    runtime=$(echo "$("$clang" -print-resource-dir)"/lib/linux/libclang_rt.ubsan_standalone-*.a)
    UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 swift_tests undefined -Xswiftc -use-ld=lld \
        -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined -Xlinker "$runtime"
}

thread() {
    export TSAN_OPTIONS=halt_on_error=1:suppressions=$PWD/Tests/sanitize/thread.supp
    swift_tests thread --sanitize thread
    echo "The soak's threads, thread sanitizer"
    library thread
    local folder=$build/thread-library/release
    mkdir -p "$build/models"
    # Of Swift's toolchain, whose runtime of the sanitizer knows of dispatch.
    local swifts
    swifts=$(cd "$(dirname "$clang")/../lib/swift/linux" && pwd)
    "$clang" -std=c11 -O1 -g -fsanitize=thread -Ibridge/include Tests/abi/soak.c "$folder/libctr_models.so" -lm \
        -L"$swifts" -Wl,-rpath,"$swifts" -ldispatch -lBlocksRuntime -o "$build/soak"
    LD_LIBRARY_PATH=$folder "$build/soak" 20 "$build/models"
}

# Left out: programs that the tests compile without the sanitizer's runtime, the symbols of the shipped library, limits of
# address space and processes that are killed by them (the sanitizer takes terabytes of it), and tooling that trains for
# minutes without touching the library in another way.
TESTS=(
    Tests/abi/test_arguments.py Tests/abi/test_model_files.py Tests/abi/test_rows.py Tests/abi/test_tables.py
    Tests/abi/test_threads.py
    Tests/adapter/test_estimator.py Tests/adapter/test_ctr_model_files.py Tests/adapter/test_features.py
    Tests/adapter/test_columns.py Tests/adapter/test_explanation.py Tests/adapter/test_text_column.py
)

hosted() { # ARGUMENTS OF PYTHON…
    rm -rf "$build/leaks"
    mkdir -p "$build/leaks"
    # Leaks are told at each process's end, and judged together afterwards; anything else ends the process at once.
    ASAN_OPTIONS="abort_on_error=1:allocator_may_return_null=1:log_path=$build/leaks/report:$frames" \
    LSAN_OPTIONS=exitcode=0:report_objects=0 PYTHONMALLOC=malloc PYTHONPATH=$PWD \
    CTR_MODELS_LIBRARY=$build/address-library/release/libctr_models.so "$build/host/bin/python3" "$@"
}

judged() { # LOGS…
    ! grep -l "ERROR: AddressSanitizer" "$@" && .venv/bin/python Tests/sanitize/leaks.py libctr_models.so "$@"
}

python() {
    echo "Python tests, address sanitizer"
    library address
    # Each line with its module, which is what tells the library's frames.
    frames='stack_trace_format="  %n %f %S %m"'
    # An environment of its own beside .venv, so that the processes that tests start are such hosts too.
    local packages site
    packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
    site=$build/host/lib/${packages#*/lib/}
    rm -rf "$build/host"
    mkdir -p "$build/host/bin" "$site"
    cp .venv/pyvenv.cfg "$build/host/"
    cp Tests/sanitize/leaks_at_exit.py "$site/"
    printf "%s\n" "$packages" "import leaks_at_exit" > "$site/host.pth"
    # shellcheck disable=SC2046
    "$clang" -g -fsanitize=address -fuse-ld=lld Tests/sanitize/host.c $(pkg-config --cflags --libs python3-embed) \
        -o "$build/host/bin/python3"
    for planted in leak overflow; do
        hosted Tests/sanitize/planted.py $planted > "$build/planted.log" 2>&1 || true
        if judged "$build"/leaks/* > "$build/planted.log" 2>&1; then
            echo "The planted $planted was not found" >&2; exit 1
        fi
    done
    hosted -m pytest -p no:cacheprovider "${TESTS[@]}" || { cat "$build"/leaks/*; exit 1; }
    judged "$build"/leaks/*
}

# In braces, which are read as a whole: this file may change while it runs.
{
    for part in "$@"; do "$part"; done
    echo "Clean: $*"
    exit
}
