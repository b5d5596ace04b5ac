/// Devices, threads and seeds of the process.
#ifndef CTORCH_DEVICE_H
#define CTORCH_DEVICE_H

#include "ctorch_core.h"

MS_BEGIN

/// Number of devices of a kind that can be used now; 1 for the CPU.
MS_API int32_t ms_device_count(int32_t kind) MS_ELSE(kind == MS_CPU);
/// Waits for all queued work of a device.
MS_API ms_status ms_device_synchronize(ms_device device);
/// Bytes of the memory of a GPU that no program uses now. Fails for the CPU.
MS_API ms_status ms_device_unused_memory(ms_device device, int64_t *out);

/// Threads that one operation may use.
MS_API int32_t ms_thread_count(void) MS_ELSE(1);
MS_API ms_status ms_thread_count_set(int32_t count);

/// Seeds the default generators of all devices.
MS_API ms_status ms_seed_all(uint64_t seed);

MS_END

#endif
