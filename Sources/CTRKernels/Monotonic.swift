import Glibc

/// The clock that durations are measured by: no change of the time of day moves it.
package enum Monotonic {
    package static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
