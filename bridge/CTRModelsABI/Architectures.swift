import CCTRModels
import CTRModels

@c @implementation
public func ctr_architectures(
    _ text: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>!
) -> Int32 {
    status { () throws(CTRError) in
        let needed = try required(needed, "needed")
        if capacity != 0 { _ = try required(text, "text") }
        copy(ModelDescription.listing, to: text, capacity, needed)
    }
}

/// A text with its NUL where there is room for it, and its size.
func copy(
    _ string: String, to text: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>
) {
    let bytes = Array(string.utf8) + [0]
    needed.pointee = bytes.count
    guard let text, holds(capacity, bytes.count) else { return }
    UnsafeMutableRawPointer(text).copyMemory(from: bytes, byteCount: bytes.count)
}
