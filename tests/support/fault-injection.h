/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A library that comes before libc, linked by a test or loaded before the program ($LD_PRELOAD), and lets operations on
 * files below a folder fail, or ends the process at one of them. Operations that change something count: opening for
 * writing, write, close, sync, truncating, making, renaming, linking and removing. */

typedef enum
{
  FAULT_NONE,    /* only count */
  FAULT_KILL,    /* SIGKILL instead of the operation */
  FAULT_TEAR,    /* SIGKILL after it, of a larger write in its middle */
  FAULT_SHORT,   /* a write does half of it */
  FAULT_ONCE,    /* it fails with an error */
  FAULT_FOREVER, /* it and all that follow fail with an error */
} Fault;

/* From now on, the operation number @at, counted from 1, below @root, which may be the beginning of a name. For a
 * program that is not linked with this, $FAULT_INJECTION has the four in this order, with a colon between, and
 * $FAULT_COUNT names a file for the count. $FAULT_THREADS is how many threads can run beside the first, $FAULT_BUILDS
 * how many builds of OpenCL programs fail. */
void          fault_arm   (const char    *root,
                           Fault          fault,
                           unsigned long  at,
                           int            code);
unsigned long fault_count (void);
