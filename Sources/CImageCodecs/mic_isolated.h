#ifndef MICROSAM_MIC_ISOLATED_H
#define MICROSAM_MIC_ISOLATED_H

#include <stddef.h>
#include <stdint.h>

/* What the child process fills in; `payload` bytes follow. */
typedef struct {
    int32_t is_done; /* set last: the child reached its end */
    int32_t result;
    char message[256];
} mic_isolated_header;

/* Runs `body` in a child process and waits for it. `body` sees memory that it shares with this process:
 * a header, and behind it `payload` bytes of zeros. Returns that memory, to be given back with
 * mic_isolated_release, or null without memory or processes. If the child died, the header holds
 * the result -1 and a message.
 *
 * The child has one thread, no standard error, at most `seconds` of processor time and four times as
 * many of waiting, and some gigabytes of memory beyond what this process has. */
mic_isolated_header *mic_isolated_run(size_t payload, unsigned seconds,
                                      void (*body)(mic_isolated_header *header, void *payload,
                                                   void *argument),
                                      void *argument);

/* The bytes behind the header. */
void *mic_isolated_payload(mic_isolated_header *header);

void mic_isolated_release(mic_isolated_header *header, size_t payload);

#endif
