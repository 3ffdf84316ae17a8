import CCTRModels
import CTRModels

/// A `ctr_model *` is a retained reference to a `CTRModel`.
enum Handle {
    static func make(_ model: CTRModel) -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(model).toOpaque()) }

    static func model(_ handle: OpaquePointer?) throws(CTRError) -> CTRModel {
        Unmanaged<CTRModel>.fromOpaque(UnsafeRawPointer(try required(handle, "model"))).takeUnretainedValue()
    }

    static func free(_ handle: OpaquePointer?) {
        guard let handle else { return }
        Unmanaged<CTRModel>.fromOpaque(UnsafeRawPointer(handle)).release()
    }
}

/// A borrowed Arrow table. The header's structs and the core's are the same by the Arrow specification.
func borrowed(
    _ schema: UnsafePointer<CCTRModels.ArrowSchema>?, _ array: UnsafePointer<CCTRModels.ArrowArray>?
) throws(CTRError) -> ArrowTable {
    ArrowTable(
        schema: UnsafeRawPointer(try required(schema, "schema")), array: UnsafeRawPointer(try required(array, "table")))
}
