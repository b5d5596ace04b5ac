/// The cache of large blocks of host memory.
///
/// Large buffers would go back to the system after every operation and come back as page faults,
/// which cost a third to a half of the time of a network. Instead they are kept, up to a limit, and
/// given out again. Blocks are backed by huge pages where the system offers them.
#ifndef CTORCH_MEMORY_H
#define CTORCH_MEMORY_H

#include "ctorch_core.h"

MS_BEGIN

/// Bytes of unused memory that may be kept; 0 turns the cache off. 1 GiB to begin with.
/// Lowering the limit releases what is above it.
MS_API void ms_memory_cache_limit_set(int64_t bytes);
MS_API int64_t ms_memory_cache_limit(void) MS_ELSE(0);
/// Bytes kept and not in use now.
MS_API int64_t ms_memory_cached_bytes(void) MS_ELSE(0);
/// Bytes of large blocks in use now, and the most that ever were.
MS_API int64_t ms_memory_used_bytes(void) MS_ELSE(0);
MS_API int64_t ms_memory_peak_used_bytes(void) MS_ELSE(0);
/// Gives everything kept back to the system.
MS_API void ms_memory_cache_release(void);

MS_END

#endif
