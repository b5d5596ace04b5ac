#include "threads.hpp"

#include <ATen/Parallel.h>

#include <atomic>
#include <dlfcn.h>
#include <thread>
#include <vector>

namespace ms::kernels {

namespace {

// libtorch for Linux brings GNU OpenMP. Its threads are used rather than a pool of our own, because
// they spin for a while after each operation and a second pool would fight with them.
using Parallel = void (*)(void (*)(void *), void *, unsigned, unsigned);

Parallel openmp_parallel() {
    static const auto function = reinterpret_cast<Parallel>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
    return function;
}

struct Team {
    ThreadBody body;
    void *context;
    std::atomic<int> next{0};
};

void join_team(void *data) {
    auto &team = *static_cast<Team *>(data);
    team.body(team.context, team.next.fetch_add(1));
}

} // namespace

int thread_count() { return at::get_num_threads(); }

void run_threads(int threads, ThreadBody body, void *context) {
    if (threads <= 1) {
        return body(context, 0);
    }
    Team team{body, context};
    if (const auto parallel = openmp_parallel()) {
        return parallel(join_team, &team, static_cast<unsigned>(threads), 0);
    }
    std::vector<std::thread> others;
    for (int thread = 1; thread < threads; ++thread) {
        others.emplace_back(join_team, &team);
    }
    join_team(&team);
    for (auto &thread : others) {
        thread.join();
    }
}

} // namespace ms::kernels
