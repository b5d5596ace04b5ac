// Runs one function on several threads: those of libtorch's OpenMP where it has one.
#pragma once

namespace ms::kernels {

/// Number of threads that a kernel should use: libtorch's setting.
int thread_count();

using ThreadBody = void (*)(void *context, int thread);

/// Calls `body` once per thread, with thread numbers 0 ..< threads, and waits.
/// `body` must not throw.
void run_threads(int threads, ThreadBody body, void *context);

template <typename Body> void parallel(int threads, const Body &body) {
    run_threads(
        threads, [](void *context, int thread) { (*static_cast<const Body *>(context))(thread); },
        const_cast<Body *>(&body));
}

} // namespace ms::kernels
