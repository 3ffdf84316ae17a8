import CTRFeatures
import CTRKernels
import Synchronization

/// Workspaces that wait for a thread to take one. There is no lock: a thread looks first where it put its own back, so
/// threads seldom meet.
final class WorkspacePool: Sendable {
    private final class Slot: @unchecked Sendable {
        let workspace = Atomic<Unmanaged<PredictionWorkspace>?>(nil)
    }

    /// More threads than this at once make workspaces that are let go of after the call.
    private static let size = SharedState.size
    private let slots = (0..<WorkspacePool.size).map { _ in Slot() }

    deinit {
        for slot in slots { slot.workspace.exchange(nil, ordering: .acquiring)?.release() }
    }

    func with<R>(_ body: (PredictionWorkspace) throws(CTRError) -> R) throws(CTRError) -> R {
        let first = SharedState.slot
        let workspace = try take(first)
        defer { give(workspace, first) }
        return try body(workspace)
    }

    private func take(_ first: Int) throws(CTRError) -> PredictionWorkspace {
        for step in 0..<Self.size {
            let slot = slots[(first + step) % Self.size]
            if slot.workspace.load(ordering: .relaxed) != nil,
                let workspace = slot.workspace.exchange(nil, ordering: .acquiring)
            {
                return workspace.takeRetainedValue()
            }
        }
        try Memory.require(0, for: "a prediction")
        return PredictionWorkspace()
    }

    private func give(_ workspace: PredictionWorkspace, _ first: Int) {
        guard workspace.isKept else { return }
        let given = Unmanaged.passRetained(workspace)
        for step in 0..<Self.size {
            let slot = slots[(first + step) % Self.size]
            if slot.workspace.compareExchange(expected: nil, desired: given, ordering: .releasing).exchanged { return }
        }
        given.release()
    }
}
