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
  g_assert_true (recon_image_choice_choose (&choice, G_MAXUINT));
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 19);
  g_assert_false (recon_image_choice_set_index (&choice, 20));

  /* The scan becomes shorter; the choice follows when it is asked to. */
  resolve (&choice, 10, 90);
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 19);
  recon_image_choice_clamp (&choice);
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 9);
  recon_image_choice_clear (&choice);
}

/* The slice in the middle is shown until another one is chosen, and again of another scan. */
static void
test_middle (void)
{
  ReconImageChoice choice = { .source = RECON_SOURCE_SLICE };

  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, RECON_PREVIEW_MIDDLE);
  resolve (&choice, 20, 90);
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 10);
  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, RECON_PREVIEW_MIDDLE);
  choice.source = RECON_SOURCE_RESULT;
  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, 10);
  choice.source = RECON_SOURCE_PROJECTION;
  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, 0);

  /* A projection that is chosen says nothing of slices. */
  recon_image_choice_choose (&choice, 5);
  choice.source = RECON_SOURCE_SLICE;
  resolve (&choice, 30, 90);
  g_assert_cmpuint (recon_image_choice_get_index (&choice), ==, 15);

  g_assert_true (recon_image_choice_choose (&choice, 3));
  resolve (&choice, 20, 90);
  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, 3);
  choice.source = RECON_SOURCE_SINOGRAM;
  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, 3);

  recon_image_choice_start (&choice);
  g_assert_cmpuint (recon_image_choice_get_wanted (&choice), ==, RECON_PREVIEW_MIDDLE);
  g_assert_cmpuint (recon_image_choice_get_n_images (&choice), ==, 0);
  recon_image_choice_clear (&choice);
}

static void
expect_refusal (ReconImageChoice *choice,
                const char       *resolved,
                ReconImageSource  source,
                const char       *words)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_parsed (resolved));

  recon_image_choice_set_resolved (choice, value);
  g_assert_cmpstr (recon_image_choice_get_refusal (choice, source), ==, words);
}

/* What there is nothing of is not offered, and it is said why. */
static void
test_refusal (void)
{
  ReconImageChoice choice = { .source = RECON_SOURCE_SLICE };
  const char *const all = "{'correct': <true>, 'has-darks': <true>, 'has-flats-after': <true>, 'output-exists': <'x'>}";
  const char *const some = "{'correct': <true>, 'has-darks': <false>, 'has-flats-after': <false>}";
  const char *const none = "{'correct': <false>, 'has-darks': <false>, 'has-flats-after': <false>}";

  for (guint i = 0; i < RECON_N_SOURCES; i++)
    {
      g_assert_cmpstr (recon_image_choice_get_refusal (&choice, i), ==,
                       i == RECON_SOURCE_RESULT ? "nothing is reconstructed yet" : NULL);
      expect_refusal (&choice, all, i, NULL);
      recon_image_choice_set_resolved (&choice, NULL);
    }
  expect_refusal (&choice, some, RECON_SOURCE_DARK, "the scan has none");
  expect_refusal (&choice, some, RECON_SOURCE_FLAT, NULL);
  expect_refusal (&choice, some, RECON_SOURCE_FLAT_AFTER, "the scan has none");
  expect_refusal (&choice, none, RECON_SOURCE_FLAT, "the scan is not corrected");
  expect_refusal (&choice, none, RECON_SOURCE_PROJECTION, NULL);
  expect_refusal (&choice, none, RECON_SOURCE_RESULT, "nothing is reconstructed yet");
  choice.has_result = TRUE;
  expect_refusal (&choice, none, RECON_SOURCE_RESULT, NULL);
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
  g_test_add_func ("/image-choice/middle", test_middle);
  g_test_add_func ("/image-choice/refusal", test_refusal);

  return g_test_run ();
}
