@_exported import CVectorLoops

/// The vector loops compiled for this processor.
package enum VectorLoops {
    package static var chosen: UnsafePointer<vl_loops> { vl_for_this_processor() }

    /// The instruction set they use.
    package static var instructionSet: String { String(cString: chosen.pointee.name) }

    /// Room for so many floats that is this thread's until it asks again: no allocation once it is large enough. Nil where
    /// there is no memory.
    package static func scratch(_ count: Int) -> UnsafeMutablePointer<Float>? {
        vl_scratch(count * MemoryLayout<Float>.stride)?.bindMemory(to: Float.self, capacity: count)
    }
}
