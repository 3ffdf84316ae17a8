import CCTRModels
import CTRModelsABI

/// A sequence of calls of the C ABI, with what each must leave as it was.
package enum CallsFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {
        var session = FuzzSession(FuzzInput(bytes))
        session.run()
    }
}
