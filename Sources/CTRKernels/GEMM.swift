import CBLAS

/// Single-precision matrix products through OpenBLAS, on the calling thread. Matrices are row-major and dense.
package enum GEMM {
    /// c[m,n] = a[m,k] · b[k,n] + beta · c
    package static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int, beta: Float
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blas(m), blas(n), blas(k), 1, a, blas(k), b, blas(n), beta, c,
            blas(n))
    }

    /// c[m,n] = aᵀ · b with a[k,m], b[k,n]: the gradient of a weight matrix.
    package static func multiplyTransposedLeft(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blas(m), blas(n), blas(k), 1, a, blas(m), b, blas(n), 0, c,
            blas(n))
    }

    /// c[m,n] = a[m,k] · bᵀ with b[n,k]: the gradient of a layer's input.
    package static func multiplyTransposedRight(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, blas(m), blas(n), blas(k), 1, a, blas(k), b, blas(k), 0, c,
            blas(n))
    }

    /// Sizes are bounded by the options long before they reach BLAS's 32-bit integers.
    private static func blas(_ size: Int) -> Int32 { Int32(truncatingIfNeeded: size) }

    /// OpenBLAS's version and the kernels it chose for this processor.
    package static var description: String { String(cString: openblas_get_config()) }
}
