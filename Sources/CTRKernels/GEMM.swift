import CBLAS
import COpenBLASGuard
import Synchronization

/// Single-precision matrix products through OpenBLAS, on the calling thread. Matrices are row-major and dense.
package enum GEMM {
    /// How products of several threads get along with the OpenBLAS that is linked.
    private enum Safety {
        /// A serial build whose buffers are behind a lock: run side by side.
        case guarded
        /// A serial build as it is: one product at a time (openblas_guard.c says why).
        case oneAtATime
        /// A threaded build, told to keep to the caller's thread.
        case threaded
    }

    private static let safety: Safety = {
        if openblas_get_parallel() != 0 {
            openblas_set_num_threads(1)
            return .threaded
        }
        return openblas_guard_is_linked() != 0 ? .guarded : .oneAtATime
    }()

    private static let lock = Mutex(())

    private static func safely(_ product: () -> Void) {
        if case .oneAtATime = safety { lock.withLock { _ in product() } } else { product() }
    }

    /// c[m,n] = a[m,k] · b[k,n] + beta · c
    package static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int, beta: Float
    ) {
        safely {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, blas(m), blas(n), blas(k), 1, a, blas(k), b, blas(n), beta,
                c,
                blas(n))
        }
    }

    /// c[m,n] = aᵀ · b with a[k,m], b[k,n]: the gradient of a weight matrix.
    package static func multiplyTransposedLeft(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int
    ) {
        safely {
            cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, blas(m), blas(n), blas(k), 1, a, blas(m), b, blas(n), 0, c,
                blas(n))
        }
    }

    /// c[m,n] = a[m,k] · bᵀ with b[n,k]: the gradient of a layer's input.
    package static func multiplyTransposedRight(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int
    ) {
        safely {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, blas(m), blas(n), blas(k), 1, a, blas(k), b, blas(k), 0, c,
                blas(n))
        }
    }

    /// Sizes are bounded by the options long before they reach BLAS's 32-bit integers.
    private static func blas(_ size: Int) -> Int32 { Int32(truncatingIfNeeded: size) }

    /// OpenBLAS's version and the kernels it chose for this processor.
    package static var description: String {
        "\(String(cString: openblas_get_config())), core \(String(cString: openblas_get_corename()))"
    }
}
