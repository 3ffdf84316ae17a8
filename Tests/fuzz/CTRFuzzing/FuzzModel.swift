import CCTRModels

/// A handle, freed with this object, whose every call is looked at: a failed one wrote nothing and said why.
final class FuzzModel {
    let handle: OpaquePointer?

    init?(_ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) {
        let untouched = OpaquePointer(bitPattern: 0x5E11)
        var made = untouched
        let status = make(&made)
        guard Self.worked(status) else {
            if made != untouched { finding("a call that failed wrote a handle") }
            return nil
        }
        handle = made
    }

    deinit { ctr_model_free(handle) }

    /// Whether a call worked. One that did not has a message, and is no defect of the library's.
    @discardableResult
    static func worked(_ status: Int32) -> Bool {
        if status == CTR_OK { return true }
        let message = String(cString: ctr_last_error())
        if status == CTR_INTERNAL_ERROR || !(1...8).contains(status) { finding("status \(status): \(message)") }
        if message.isEmpty { finding("status \(status) without a message") }
        return false
    }

    var isTrained: Bool {
        var trained: Int32 = -1
        if !Self.worked(ctr_model_is_trained(handle, &trained)) || !(0...1).contains(trained) {
            finding("is_trained: \(trained)")
        }
        return trained == 1
    }

    /// The model file's bytes; nil for an untrained model.
    func bytes() -> [UInt8]? {
        Self.filled { ctr_model_serialize(handle, $0, $1, $2) }
    }

    func info() -> [UInt8]? {
        Self.filled { room, capacity, needed in
            let text = room.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self) }
            return ctr_model_info(handle, text, capacity, needed)
        }
    }

    func explanation(_ batch: FuzzBatch) -> [UInt8]? {
        Self.filled { room, capacity, needed in
            let text = room.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self) }
            return ctr_model_explain(handle, batch.schema, batch.array, text, capacity, needed)
        }
    }

    /// One probability a row; nil where the table is refused, with nothing written.
    func predict(_ batch: FuzzBatch) -> [Double]? {
        var answers = [Double](repeating: Self.sentinel, count: batch.rows + 1)
        let status = ctr_model_predict(handle, batch.schema, batch.array, &answers, batch.rows)
        let (written, beyond) = (answers.dropLast(), answers[batch.rows])
        if beyond != Self.sentinel { finding("predict wrote beyond its room") }
        guard Self.worked(status) else {
            if written.contains(where: { $0 != Self.sentinel }) { finding("a predict that failed wrote answers") }
            return nil
        }
        for answer in written where !(0...1).contains(answer) { finding("a probability of \(answer)") }
        return Array(written)
    }

    static let sentinel = -7.0

    /// Asks for the size, then for the bytes; a room one byte too small stays as it was.
    private static func filled(
        _ call: (UnsafeMutablePointer<UInt8>?, Int, UnsafeMutablePointer<Int>) -> Int32
    ) -> [UInt8]? {
        var needed = -5
        guard worked(call(nil, 0, &needed)) else {
            if needed != -5 { finding("a call that failed wrote a size") }
            return nil
        }
        var bytes = [UInt8](repeating: 0xA5, count: needed + 1)
        let again = needed
        if !worked(call(&bytes, needed - 1, &needed)) || needed != again || bytes.contains(where: { $0 != 0xA5 }) {
            finding("a room of \(again - 1) bytes for \(again)")
        }
        if !worked(call(&bytes, again, &needed)) || needed != again || bytes.removeLast() != 0xA5 {
            finding("asked for twice, \(again) bytes and then \(needed)")
        }
        return bytes
    }
}
