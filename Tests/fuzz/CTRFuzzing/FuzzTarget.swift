/// What can be fuzzed, by the name that `make fuzz TARGETS=…` and the corpus' folders use.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case modelFile = "model_file"
    case arrow
    case options
    case calls

    /// Feeds one input to the library. Whatever the bytes, it returns; what must not be ends the process, by a trap, a
    /// sanitizer or `finding`.
    package func run(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .modelFile: ModelFileFuzz.run(bytes)
        case .arrow: ArrowFuzz.run(bytes)
        case .options: OptionsFuzz.run(bytes)
        case .calls: CallsFuzz.run(bytes)
        }
    }

    /// Changes an input where its structure is known, and anywhere else by `plainly`: libFuzzer's own mutation, which
    /// knows what the code compared.
    package func mutate(
        _ bytes: [UInt8], atMost limit: Int, seed: UInt64, plainly: ([UInt8], Int) -> [UInt8]
    ) -> [UInt8] {
        switch self {
        case .modelFile: ModelFileFuzz.mutate(bytes, atMost: limit, seed: seed, plainly: plainly)
        case .options: OptionsFuzz.mutate(bytes, atMost: limit, seed: seed, plainly: plainly)
        case .arrow, .calls: plainly(bytes, limit)
        }
    }
}

/// Ends the process as a finding: the library answered, and wrongly.
package func finding(_ message: String) -> Never { fatalError(message) }
