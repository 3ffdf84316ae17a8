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
        copy(try model.explanationText(borrowed(schema, table)), to: text, capacity, needed)
    }
}
