#ifndef MICROSAM_IMAGE_CODECS_H
#define MICROSAM_IMAGE_CODECS_H

/* Plain C over the file codecs. No header of a codec library leaves this target.
 *
 * Conventions: functions that can fail return 0 on success and -1 otherwise; the reason is kept in
 * the handle (or written to `message`) as one line of UTF-8 without a final full stop. A handle is
 * used by one thread at a time. Nothing is ever printed. */

#include "mic_compression.h"
#include "mic_hdf5.h"
#include "mic_jpeg.h"
#include "mic_png.h"
#include "mic_slide.h"
#include "mic_tiff.h"

#endif
