import Glibc
import Synchronization

/// The memory that this process may still take. An allocation that fails ends a Swift process, so a large one is asked
/// for here first; `Memory.require` of CTRFeatures turns a no into an error.
package enum Memory {
    /// Whether the process can have so many bytes more, and some for the small things beside them. They are not set
    /// aside: ask, then allocate.
    package static func holds(_ bytes: Int) -> Bool {
        guard bytes >= 0, bytes < 1 << 60 else { return false }
        // An address limit, a data limit and a system that promises no more than it has all answer to a mapping.
        guard let trial = mapped(bytes + beside) else {
            letGoOfSpare()
            return false
        }
        munmap(trial, bytes + beside)
        keepSpare()
        // A container's limit doesn't: it ends the process when the memory is written to.
        return bytes < large || bytes < (ControlGroups().memoryLeft ?? .max)
    }

    private static func mapped(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return pages == UnsafeMutableRawPointer(bitPattern: -1) ? nil : pages
    }

    /// The address of pages that nobody writes to, 0 for none: where nothing is left, what says so finds room there.
    private static let spare = Atomic<UInt>(0)
    private static var spareSize: Int { 1 << 20 }

    private static func keepSpare() {
        guard spare.load(ordering: .relaxed) == 0, let pages = mapped(spareSize) else { return }
        let kept = spare.compareExchange(
            expected: 0, desired: UInt(bitPattern: pages), ordering: .acquiringAndReleasing)
        if !kept.exchanged { munmap(pages, spareSize) }
    }

    private static func letGoOfSpare() {
        let pages = UnsafeMutableRawPointer(bitPattern: spare.exchange(0, ordering: .acquiringAndReleasing))
        if let pages { munmap(pages, spareSize) }
    }

    /// For the small allocations that come with a large one, and other threads' meanwhile.
    private static var beside: Int { 8 << 20 }

    /// From here on the control groups are asked too, which takes some ten system calls.
    private static var large: Int { 1 << 24 }

    /// Bytes that the process may still take: of the machine's memory, its container's and its own limits.
    package static var available: Int {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let machine = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(by: page)
        var least = machine.overflow || machine.partialValue <= 0 ? Int.max : machine.partialValue
        least = min(least, ControlGroups().memoryLeft ?? .max)
        for (resource, used) in [(RLIMIT_AS, statm(0)), (RLIMIT_DATA, statm(5))] {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { continue }
            least = min(least, max(0, Int(clamping: limit.rlim_cur) - used * page))
        }
        return least
    }

    /// A field of this process's memory in pages: all (0), data (5).
    private static func statm(_ field: Int) -> Int {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        let text = String(unsafeUninitializedCapacity: 256) { max(0, read(file, $0.baseAddress, 256)) }
        let words = text.split { $0 == " " || $0 == "\n" }
        return field < words.count ? Int(words[field]) ?? 0 : 0
    }

    /// The product, or the largest number there is, which no memory holds.
    package static func bytes(_ count: Int, each size: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        return overflow ? .max : product
    }

    package static func bytes<Element>(_ count: Int, of type: Element.Type) -> Int {
        bytes(count, each: MemoryLayout<Element>.stride)
    }
}
