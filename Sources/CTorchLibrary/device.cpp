#include "ctorch_device.h"
#include "handle.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

int32_t ms_device_count(int32_t kind) {
    switch (kind) {
    case MS_CPU:
        return 1;
    case MS_CUDA:
        return at::globalContext().hasCUDA()
                   ? static_cast<int32_t>(
                         c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount())
                   : 0;
    case MS_MPS:
        return at::globalContext().hasMPS() ? 1 : 0;
    default:
        return 0;
    }
}

ms_status ms_device_synchronize(ms_device device) {
    return ms::guarded([&] {
        if (device.kind != MS_CPU) {
            const auto where = ms::device(device);
            c10::impl::getDeviceGuardImpl(where.type())->synchronizeDevice(where.index());
        }
    });
}

ms_status ms_device_unused_memory(ms_device device, int64_t *out) {
    return ms::guarded([&] {
        TORCH_CHECK(device.kind != MS_CPU, "the memory of the processor is not known to libtorch");
        const auto where = ms::device(device);
        const auto bytes = at::getDeviceAllocator(where.type())->getMemoryInfo(where.index());
        *out = static_cast<int64_t>(bytes.first);
    });
}

int32_t ms_thread_count(void) { return at::get_num_threads(); }

ms_status ms_thread_count_set(int32_t count) {
    return ms::guarded([&] {
        TORCH_CHECK(count > 0, "the number of threads must be positive, not ", count);
        at::set_num_threads(count);
    });
}

ms_status ms_seed_all(uint64_t seed) {
    return ms::guarded([&] { at::manual_seed(seed); });
}
