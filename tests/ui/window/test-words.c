/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-source.h"
#include "window/run-progress.h"

static void
test_sources (void)
{
  for (guint i = 0; i < RECON_N_SOURCES; i++)
    {
      ReconImageSource source;

      g_assert_true (recon_image_source_from_word (recon_image_source_get_word (i), &source));
      g_assert_cmpuint (source, ==, i);
      g_assert_cmpstr (recon_image_source_get_title (i), !=, "");
      g_assert_cmpstr (recon_image_source_get_item (i), !=, "");
    }

  /* The previews are asked for by these numbers. */
  g_assert_cmpint (RECON_SOURCE_PROJECTION, ==, RECON_VIEW_PROJECTION);
  g_assert_cmpint (RECON_SOURCE_CORRECTED, ==, RECON_VIEW_CORRECTED);
  g_assert_cmpint (RECON_SOURCE_SINOGRAM, ==, RECON_VIEW_SINOGRAM);
  g_assert_cmpint (RECON_SOURCE_SLICE, ==, RECON_VIEW_SLICE);
  g_assert_cmpint (RECON_SOURCE_DARK, ==, RECON_VIEW_DARK);
  g_assert_cmpint (RECON_SOURCE_FLAT, ==, RECON_VIEW_FLAT);
  g_assert_cmpint (RECON_SOURCE_FLAT_AFTER, ==, RECON_VIEW_FLAT_AFTER);
  g_assert_cmpint (RECON_SOURCE_RESULT, ==, RECON_N_VIEWS);

  g_assert_false (recon_image_source_has_slices (RECON_SOURCE_CORRECTED));
  g_assert_true (recon_image_source_has_slices (RECON_SOURCE_SINOGRAM));
  g_assert_true (recon_image_source_has_slices (RECON_SOURCE_RESULT));
  g_assert_false (recon_image_source_has_slices (RECON_SOURCE_FLAT));
  g_assert_true (recon_image_source_is_single (RECON_SOURCE_FLAT));
  g_assert_false (recon_image_source_is_single (RECON_SOURCE_RESULT));
}

static void
test_seconds (void)
{
  static const struct
  {
    double      seconds;
    const char *text;
  } cases[] = {
    { 0, "0 s" },     { -1, "0 s" },          { 0.24, "0.2 s" },    { 9.94, "9.9 s" },      { 9.96, "10 s" },
    { 21.4, "21 s" }, { 59.6, "1 min 0 s" },  { 185, "3 min 5 s" }, { 7805, "2 h 10 min" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = recon_format_seconds (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Work counts before the first slice is finished. */
static void
test_progress (void)
{
  g_autofree char *begun = recon_run_progress_format (0, 64, 8, 0, -1);
  g_autofree char *going_on = recon_run_progress_format (212, 1024, 218.9, 38.2, 21);
  g_autofree char *last = recon_run_progress_format (63, 64, 64, 2.25, 0.4);
  g_autofree char *done = recon_run_progress_format (64, 64, 64, 2.25, 0);

  g_assert_cmpstr (begun, ==, "Slice 0 of 64 · 12 %");
  g_assert_cmpstr (going_on, ==, "Slice 212 of 1024 · 21 % · 38/s · 21 s left");
  g_assert_cmpstr (last, ==, "Slice 63 of 64 · 99 % · 2.2/s · 0.4 s left");
  g_assert_cmpstr (done, ==, "Slice 64 of 64 · 2.2/s");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/words/sources", test_sources);
  g_test_add_func ("/words/seconds", test_seconds);
  g_test_add_func ("/words/progress", test_progress);

  return g_test_run ();
}
