/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A folder of its own for a test, removed with everything in it by test_folder_remove(). */
char *test_folder_new    (void);
void  test_folder_remove (char *folder);

/* The folder of real scans ($RECONSTRUCT_TEST_DATA, else ../shared/data beside the source), or %NULL
 * after g_test_skip() where there is none. */
char *test_data_folder   (void);

/* Whether every row of the long tables is wanted, as ./dev test --all does ($RECONSTRUCT_TEST_ALL). */
gboolean test_is_exhaustive (void);

/* Deterministic values in [0, 1) for test images. */
double test_random       (guint *state);

G_END_DECLS
