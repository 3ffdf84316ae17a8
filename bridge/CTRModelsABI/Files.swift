import CCTRModels
import CTRModels

@c @implementation
public func ctr_model_save(_ model: OpaquePointer!, _ path: UnsafePointer<CChar>!) -> Int32 {
    status { () throws(CTRError) in
        try Handle.model(model).save(to: FilePath(cString: required(path, "path")))
    }
}

@c @implementation
public func ctr_model_load(_ path: UnsafePointer<CChar>!, _ model: UnsafeMutablePointer<OpaquePointer?>!) -> Int32 {
    status { () throws(CTRError) in
        let output = try required(model, "model")
        output.pointee = Handle.make(try CTRModel(path: FilePath(cString: required(path, "path"))))
    }
}

@c @implementation
public func ctr_model_serialize(
    _ model: OpaquePointer!, _ bytes: UnsafeMutablePointer<UInt8>!, _ capacity: Int,
    _ needed: UnsafeMutablePointer<Int>!
) -> Int32 {
    status { () throws(CTRError) in
        let needed = try required(needed, "needed")
        let model = try Handle.model(model)
        if capacity != 0 { _ = try required(bytes, "bytes") }
        let file = try model.fileBytes()
        let count = file.count
        needed.pointee = count
        if let bytes, holds(capacity, count) { file.copy(to: bytes) }
    }
}

@c @implementation
public func ctr_model_deserialize(
    _ bytes: UnsafePointer<UInt8>!, _ length: Int, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    status { () throws(CTRError) in
        let output = try required(model, "model")
        let bytes = try required(bytes, "bytes")
        guard length >= 0 else { throw .invalidArgument("length = \(length); a length is not negative") }
        output.pointee = Handle.make(try CTRModel(borrowed: UnsafeRawBufferPointer(start: bytes, count: length)))
    }
}
