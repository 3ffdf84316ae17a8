import CArrow

/// A table that crosses as the Arrow C Data Interface, borrowed for a call.
package struct ArrowTable {
    let schema: UnsafePointer<ArrowSchema>
    let array: UnsafePointer<ArrowArray>

    /// Of pointers to an `ArrowSchema` and an `ArrowArray`, whoever's declaration of them it was.
    package init(schema: UnsafeRawPointer, array: UnsafeRawPointer) {
        self.schema = schema.assumingMemoryBound(to: ArrowSchema.self)
        self.array = array.assumingMemoryBound(to: ArrowArray.self)
    }
}
