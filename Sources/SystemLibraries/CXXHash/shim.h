// The system's xxHash, for the hashes of the official models.
#include <xxhash.h>
