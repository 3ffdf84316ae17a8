import CTRModels

/// A model file's bytes: decoded, and what decodes is written and read again.
package enum ModelFileFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let model = try? CTRModel(bytes: Array(bytes)) else { return }
        do throws(CTRError) {
            _ = try CTRModel(bytes: model.serialize())
        } catch {
            finding("a file that loads is refused when written again: \(error.message)")
        }
    }
}
