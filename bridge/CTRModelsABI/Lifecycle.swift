import CCTRModels
import CTRModels

@c @implementation
public func ctr_model_create(_ options: UnsafePointer<CChar>!, _ model: UnsafeMutablePointer<OpaquePointer?>!) -> Int32
{
    status { () throws(CTRError) in
        let output = try required(model, "model")
        let json = options == nil ? "{}" : try string(options, "options")
        output.pointee = Handle.make(try CTRModel(ModelOptions(json: json)))
    }
}

@c @implementation
public func ctr_model_free(_ model: OpaquePointer!) { Handle.free(model) }

@c @implementation
public func ctr_model_set_options(_ model: OpaquePointer!, _ options: UnsafePointer<CChar>!) -> Int32 {
    status { () throws(CTRError) in
        try Handle.model(model).changeOptions(json: string(options, "options"))
    }
}

@c @implementation
public func ctr_model_reset(_ model: OpaquePointer!) -> Int32 {
    status { () throws(CTRError) in try Handle.model(model).reset() }
}

@c @implementation
public func ctr_model_is_trained(_ model: OpaquePointer!, _ trained: UnsafeMutablePointer<Int32>!) -> Int32 {
    status(isSmall: true) { () throws(CTRError) in
        let output = try required(trained, "trained")
        output.pointee = try Handle.model(model).isTrained ? 1 : 0
    }
}

@c @implementation
public func ctr_model_info(
    _ model: OpaquePointer!, _ text: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ needed: UnsafeMutablePointer<Int>!
) -> Int32 {
    status { () throws(CTRError) in
        let needed = try required(needed, "needed")
        let model = try Handle.model(model)
        try model.requireRoomForInfo()
        if capacity != 0 { _ = try required(text, "text") }
        copy(model.infoText, to: text, capacity, needed)
    }
}
