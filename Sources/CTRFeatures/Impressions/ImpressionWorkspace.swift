import CTRKernels

/// The memory that one impression's features take, used again from call to call, by one thread at a time.
package final class ImpressionWorkspace {
    var query = ImpressionText()
    var summary = ImpressionText()
    let features = Buffer<Double>(count: ImpressionFeatures.count)

    package init() {}
}
