#include "ctorch_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <vector>

namespace {

// Smaller blocks stay with the C library, which keeps them anyway.
constexpr size_t smallest_block = size_t{512} << 10;
constexpr size_t granule = size_t{128} << 10;
constexpr size_t huge_page = size_t{2} << 20;

/// Gives out large blocks from one span of addresses as big as the memory of the machine.
///
/// Blocks that are freed keep their pages and join with free neighbours, so that any sequence of
/// sizes finds memory that is already there. What does not fit in the span (or where the system
/// does not grant one) goes to the C library, which then also decides what is too much.
class Arena final : public c10::Allocator {
  public:
    Arena() {
        const auto pages = static_cast<size_t>(std::max<long>(sysconf(_SC_PHYS_PAGES), 0));
        const size_t page = static_cast<size_t>(std::max<long>(sysconf(_SC_PAGESIZE), 0));
        const size_t size = pages * page / huge_page * huge_page;
        int flags = MAP_PRIVATE | MAP_ANON;
#ifdef MAP_NORESERVE
        flags |= MAP_NORESERVE;
#endif
        void *start = mmap(nullptr, size + huge_page, PROT_READ | PROT_WRITE, flags, -1, 0);
        if (start == MAP_FAILED) {
            return;
        }
        const auto from = reinterpret_cast<uintptr_t>(start);
        base_ = reinterpret_cast<char *>((from + huge_page - 1) / huge_page * huge_page);
        states_.resize(size / granule, clean);
        lengths_.resize(size / granule, 0);
    }

    c10::DataPtr allocate(size_t bytes) override {
        void *block = bytes >= smallest_block && bytes < SIZE_MAX / 2 ? take(bytes) : nullptr;
        if (!block) {
            block = c10::GetDefaultCPUAllocator()->raw_allocate(bytes);
        }
        return {block, block, &give_back, c10::Device(c10::kCPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

    void copy_data(void *to, const void *from, size_t count) const override {
        std::memcpy(to, from, count);
    }

    void set_limit(size_t bytes) {
        const std::lock_guard lock(mutex_);
        limit_ = bytes / granule;
        release_above(limit_);
    }

    void release() {
        const std::lock_guard lock(mutex_);
        release_above(0);
    }

    struct Sizes {
        size_t limit, cached, used, peak;
    };

    Sizes sizes() {
        const std::lock_guard lock(mutex_);
        return {limit_ * granule, cached_ * granule, used_ * granule, peak_ * granule};
    }

  private:
    enum State : uint8_t { clean, kept, used };

    static void give_back(void *block);

    /// A block from the span, or null if it does not fit.
    void *take(size_t bytes) {
        const size_t count = (bytes + granule - 1) / granule;
        const std::lock_guard lock(mutex_);
        const size_t at = place(count);
        if (at == states_.size()) {
            return nullptr;
        }
        for (size_t i = at; i < at + count; ++i) {
            cached_ -= states_[i] == kept ? 1 : 0;
            states_[i] = used;
        }
        lengths_[at] = static_cast<uint32_t>(count);
        end_ = std::max(end_, at + count);
        used_ += count;
        peak_ = std::max(peak_, used_);
        return base_ + at * granule;
    }

    /// Where a block of `count` granules costs least: the gap with the fewest untouched granules,
    /// then the smallest one. The end of the span if there is none.
    size_t place(size_t count) const {
        size_t best = states_.size(), least_clean = SIZE_MAX, least_size = SIZE_MAX;
        for (size_t at = 0; at < end_;) {
            if (states_[at] == used) {
                at += lengths_[at];
                continue;
            }
            size_t until = at, untouched = 0;
            for (; until < end_ && states_[until] != used; ++until) {
                untouched += until < at + count && states_[until] == clean ? 1 : 0;
            }
            // The last gap goes on beyond what was ever used.
            const bool last = until == end_;
            const size_t size = last ? states_.size() - at : until - at;
            untouched += last && until < at + count ? at + count - until : 0;
            if (size >= count &&
                (untouched < least_clean || (untouched == least_clean && size < least_size))) {
                best = at;
                least_clean = untouched;
                least_size = size;
            }
            at = until;
        }
        if (best == states_.size() && states_.size() - end_ >= count) {
            best = end_;
        }
        return best;
    }

    /// Takes back a block of the span; false if it is not from there.
    bool keep(void *memory) {
        const auto address = reinterpret_cast<uintptr_t>(memory);
        const auto base = reinterpret_cast<uintptr_t>(base_);
        if (!base_ || address < base || address >= base + states_.size() * granule) {
            return false;
        }
        const std::lock_guard lock(mutex_);
        const size_t at = (address - base) / granule, count = lengths_[at];
        std::fill_n(states_.begin() + static_cast<ptrdiff_t>(at), count, kept);
        lengths_[at] = 0;
        used_ -= count;
        cached_ += count;
        release_above(limit_);
        return true;
    }

    /// Gives pages back to the system, from the highest address down, until `count` are kept.
    void release_above(size_t count) {
        for (size_t until = end_; until > 0 && cached_ > count;) {
            if (states_[until - 1] != kept) {
                --until;
                continue;
            }
            size_t from = until;
            for (; from > 0 && states_[from - 1] == kept && cached_ > count; --from) {
                states_[from - 1] = clean;
                --cached_;
            }
#ifdef __linux__
            madvise(base_ + from * granule, (until - from) * granule, MADV_DONTNEED);
#else
            mmap(base_ + from * granule, (until - from) * granule, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0);
#endif
            until = from;
        }
        while (end_ > 0 && states_[end_ - 1] == clean) {
            --end_;
        }
    }

    std::mutex mutex_;
    char *base_ = nullptr;
    std::vector<State> states_;     // one per granule
    std::vector<uint32_t> lengths_; // of the block that begins at a granule
    size_t end_ = 0;                // everything from here on is clean
    size_t limit_ = (size_t{1} << 30) / granule;
    size_t cached_ = 0, used_ = 0, peak_ = 0;
};

// Never destroyed, because tensors in static storage may outlive it.
Arena &arena() {
    static auto *const instance = new Arena;
    return *instance;
}

void Arena::give_back(void *block) {
    if (!arena().keep(block)) {
        c10::GetDefaultCPUAllocator()->raw_deallocate(block);
    }
}

// Takes the place of libtorch's own allocator when this library is loaded.
const bool installed = [] {
    c10::SetCPUAllocator(&arena(), /*priority=*/1);
    return true;
}();

} // namespace

void ms_memory_cache_limit_set(int64_t bytes) {
    arena().set_limit(static_cast<size_t>(std::max<int64_t>(bytes, 0)));
}

int64_t ms_memory_cache_limit(void) { return static_cast<int64_t>(arena().sizes().limit); }
int64_t ms_memory_cached_bytes(void) { return static_cast<int64_t>(arena().sizes().cached); }
int64_t ms_memory_used_bytes(void) { return static_cast<int64_t>(arena().sizes().used); }
int64_t ms_memory_peak_used_bytes(void) { return static_cast<int64_t>(arena().sizes().peak); }
void ms_memory_cache_release(void) { arena().release(); }
