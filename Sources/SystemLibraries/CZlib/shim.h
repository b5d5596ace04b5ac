// The system's zlib, for compressed entries of zip archives.
#include <zlib.h>
