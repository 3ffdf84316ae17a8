import CVectorLoops

/// The process's secret numbers, for `KeyedHash` of CTRFeatures.
@inline(__always)
package var hashKey: vl_hash_key { vl_key_of_process() }
