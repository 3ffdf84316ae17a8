/// The other text of a truth value: tables hold it as a bool or as the number 0 or 1.
enum BooleanTwin {
    private static let twins: [(StaticString, StaticString)] = [
        ("0", "false"), ("1", "true"), ("false", "0"), ("true", "1"),
    ]

    /// What `find` answers for the other text of `bytes`; nil where they are no truth value's.
    static func find(_ bytes: UnsafeRawBufferPointer, _ find: (UnsafeRawBufferPointer) -> Int32?) -> Int32? {
        guard bytes.count == 1 || bytes.count == 4 || bytes.count == 5 else { return nil }
        for (text, twin) in twins where text.withUTF8Buffer({ bytes.elementsEqual($0) }) {
            return twin.withUTF8Buffer { find(UnsafeRawBufferPointer($0)) }
        }
        return nil
    }
}
