/// Arrow schemas and arrays made from bytes, through every call that reads a table.
package enum ArrowFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {}
}
