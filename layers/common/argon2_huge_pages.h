/*
 * Gives argon2 its memory in huge pages. It is read before each file of argon2's source (gcc's -include), so that the
 * source stays as it is locked.
 *
 * argon2 visits 19 MiB in random order: in pages of 4 KiB most visits miss the processor's table of addresses. Where the
 * kernel has no huge pages madvise(2) fails, and nothing else changes (Documentation/admin-guide/mm/transhuge.rst).
 */
#ifndef ARGON2_HUGE_PAGES_H
#define ARGON2_HUGE_PAGES_H

#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

static inline void *in_huge_pages(size_t bytes) {
    void *memory = NULL;
    size_t whole = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (bytes < HUGE_PAGE) {
        return malloc(bytes);
    }
    /* What free gives back stays for the next hash: mallopt(3), whose largest threshold for mmap is 32 MiB. */
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    if (whole < bytes || posix_memalign(&memory, HUGE_PAGE, whole) != 0) {
        return NULL;
    }
    (void)madvise(memory, whole, MADV_HUGEPAGE);
    return memory;
}

#define malloc in_huge_pages

#endif
