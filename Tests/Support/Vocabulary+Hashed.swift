import CTRFeatures

extension Vocabulary {
    /// Of a column that had too many values to list.
    package init(hashedInto rows: Int) {
        self.init(
            values: StringTable(), counts: [], pending: StringTable(), pendingCounts: [], buckets: rows, minimumCount: 1
        )
    }
}
