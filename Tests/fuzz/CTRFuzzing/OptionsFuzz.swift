/// JSON options: parsed, a model made of them, and changed on a trained one.
package enum OptionsFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {}
}
