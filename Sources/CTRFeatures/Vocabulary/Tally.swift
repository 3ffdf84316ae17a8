/// Counts that a model file keeps. They stop growing at the largest that the file holds exactly: what is saved has to load
/// again.
package enum Tally {
    /// The largest whole number below which a JSON number, a double, has every other.
    package static let most = 1 << 53 - 1

    package static func sum(_ count: Int, _ more: Int) -> Int {
        let (sum, overflow) = count.addingReportingOverflow(more)
        return overflow ? most : min(sum, most)
    }
}
