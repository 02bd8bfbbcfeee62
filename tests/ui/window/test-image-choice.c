/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-choice.h"

static void
resolve (ReconImageChoice *choice,
         guint             n_slices,
         guint             n_angles)
{
  g_autoptr (GVariant) resolved = NULL;

  resolved = g_variant_ref_sink (g_variant_new_parsed ("{'n-slices': <%u>, 'n-angles': <%u>}", n_slices, n_angles));
  recon_image_choice_set_resolved (choice, resolved);
}

static void
test_count (void)
{
  ReconImageChoice choice = { .source = RECON_SOURCE_SLICE };

  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 0);
  choice.n_images[RECON_SOURCE_SLICE] = 7;
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 7);

  /* The worker knows better, but of a result that is on the disk. */
  resolve (&choice, 20, 90);
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 20);
  choice.source = RECON_SOURCE_SINOGRAM;
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 20);
  choice.source = RECON_SOURCE_CORRECTED;
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 90);
  choice.source = RECON_SOURCE_RESULT;
  choice.n_images[RECON_SOURCE_RESULT] = 5;
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 5);

  recon_image_choice_set_resolved (&choice, NULL);
  choice.source = RECON_SOURCE_SLICE;
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 7);
  recon_image_choice_clear (&choice);
}

/* Slices and projections are counted apart. */
static void
test_index (void)
{
  ReconImageChoice choice = { .source = RECON_SOURCE_SLICE };

  g_assert_true (recon_image_choice_set_index (&choice, 12));
  g_assert_false (recon_image_choice_set_index (&choice, 12));
  choice.source = RECON_SOURCE_RESULT;
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 12);
  choice.source = RECON_SOURCE_PROJECTION;
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 0);
  g_assert_true (recon_image_choice_set_index (&choice, 80));
  choice.source = RECON_SOURCE_CORRECTED;
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 80);
  choice.source = RECON_SOURCE_SLICE;
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 12);
}

static void
test_end (void)
{
  ReconImageChoice choice = { .source = RECON_SOURCE_SLICE };

  resolve (&choice, 20, 90);
  g_assert_true (recon_image_choice_set_index (&choice, G_MAXUINT));
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 19);
  g_assert_false (recon_image_choice_set_index (&choice, 20));

  /* The scan becomes shorter; the choice follows when it is asked to. */
  resolve (&choice, 10, 90);
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 19);
  recon_image_choice_clamp (&choice);
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 9);
  recon_image_choice_clear (&choice);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/image-choice/count", test_count);
  g_test_add_func ("/image-choice/index", test_index);
  g_test_add_func ("/image-choice/end", test_end);

  return g_test_run ();
}
