import CCTRModels
import CTRModels

@c @implementation
public func ctr_model_explain(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ text: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>!
) -> Int32 {
    status { () throws(CTRError) in
        let model = try Handle.model(model)
        let needed = try required(needed, "needed")
        if capacity != 0 { _ = try required(text, "text") }
        let bytes = Array(try model.explain(borrowed(schema, table)).utf8) + [0]
        needed.pointee = bytes.count
        guard let text, holds(capacity, bytes.count) else { return }
        UnsafeMutableRawPointer(text).copyMemory(from: bytes, byteCount: bytes.count)
    }
}
