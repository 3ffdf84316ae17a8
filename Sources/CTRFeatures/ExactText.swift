/// A name that equals only one of the same bytes. Swift's `String` takes what Unicode calls canonically equivalent for
/// equal (é in one code point and in two), but columns, features and tensors are told apart by their bytes.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ExactText, b: ExactText) -> Bool { a.text.isExactly(b.text) }

    package func hash(into hasher: inout Hasher) {
        text.withUTF8Bytes { hasher.combine(bytes: $0) }
        hasher.combine(text.utf8.count)
    }
}

extension String {
    /// Whether the other has the same bytes.
    package func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
