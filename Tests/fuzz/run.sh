#!/bin/bash
# `make fuzz`: each target for SECONDS seconds, from its kept corpus into a working one under .build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
program=$PWD/.build/fuzz/release/CTRFuzz
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1:detect_stack_use_after_return=0
export LSAN_OPTIONS=report_objects=0
# Its own report of a trap trips over address sanitizer; libFuzzer's has the stack.
export SWIFT_BACKTRACE=enable=no
# Of an input, in bytes, from the start: longer ones are slower, and find the same.
declare -A longest=([model_file]=65536 [arrow]=4096 [options]=4096 [calls]=1024)
table=()
for target in "$@"; do
    kept=Tests/fuzz/corpus/$target work=.build/fuzz/corpus/$target found=.build/fuzz/findings/$target
    log=.build/fuzz/$target.log
    mkdir -p "$kept" "$work" "$found"
    dictionary=()
    [[ ! -f Tests/fuzz/$target.dict ]] || dictionary=("-dict=Tests/fuzz/$target.dict")
    echo "Fuzzing $target for $seconds s"
    # A finding ends the run; libFuzzer's status says so.
    if ! FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
        -malloc_limit_mb=1024 -max_len="${longest[$target]}" -len_control=0 -print_final_stats=1 -artifact_prefix="$found/" \
        "${dictionary[@]}" "$work" "$kept" > "$log" 2>&1; then
        tail -n 60 "$log"
        input=$(sed -n 's/.*Test unit written to \(.*\)/\1/p' "$log" | tail -n 1)
        cat >&2 <<-END

			$target: a finding. The whole log: $log
			  the input: $input
			  again:     FUZZ_TARGET=$target .build/fuzz/release/CTRFuzz $input
			  smaller:   FUZZ_TARGET=$target .build/fuzz/release/CTRFuzz -minimize_crash=1 -max_total_time=60 $input
			  kept:      cp <the smaller one> $kept/<what it is>, and the suite replays it
		END
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    covered=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\).*/\1 edges, \2 features/p' "$log" | tail -n 1)
    table+=("$(printf '%-12s %12s executions %8s a second   %s' "$target" "$runs" "$rate" "$covered")")
done
printf '%s\n' "${table[@]}"
