import CCTRModels
import CTRModels
import Glibc

@c @implementation
public func ctr_abi_version() -> Int32 { CTR_ABI_VERSION }

nonisolated(unsafe) private let buildInfo = strdup(CTRModel.buildInfo)

@c @implementation
public func ctr_build_info() -> UnsafePointer<CChar>! { UnsafePointer(buildInfo) }

@c @implementation
public func ctr_last_error() -> UnsafePointer<CChar>! { LastError.message }

@c @implementation
public func ctr_last_errno() -> Int32 { LastError.systemError }
