/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"

#include <glib/gstdio.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  /* The folder is run.sh's, which removes it. */
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "scan.tif", NULL);
  FILE *file = g_fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);

  fuzz_contents (path);

  return 0;
}
