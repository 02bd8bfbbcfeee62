/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-layouts.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"

/* The values of image_key. */
#define KEY_PROJECTION 0.0
#define KEY_FLAT       1.0
#define KEY_DARK       2.0
#define KEY_INVALID    3.0

/* image_key_control of frames taken again, back at earlier angles, to see whether the sample moved. */
#define CONTROL_ALIGNMENT -1.0

typedef struct
{
  GArray *projections;
  GArray *flats;
  GArray *darks;
  guint   n_invalid;
  guint   n_alignment;
  guint   n_unknown;
} Sorted;

static void
sorted_clear (Sorted *sorted)
{
  g_array_unref (sorted->projections);
  g_array_unref (sorted->flats);
  g_array_unref (sorted->darks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sorted, sorted_clear)

static void
sort (Sorted       *sorted,
      guint         n,
      const double *keys,
      const double *control)
{
  for (guint i = 0; i < n; i++)
    {
      double key = keys == NULL ? KEY_PROJECTION : keys[i];

      if (control != NULL && control[i] == CONTROL_ALIGNMENT)
        sorted->n_alignment++;
      else if (key == KEY_PROJECTION)
        g_array_append_val (sorted->projections, i);
      else if (key == KEY_FLAT)
        g_array_append_val (sorted->flats, i);
      else if (key == KEY_DARK)
        g_array_append_val (sorted->darks, i);
      else if (key == KEY_INVALID)
        sorted->n_invalid++;
      else
        sorted->n_unknown++;
    }
}

static void
note_left_out (const Sorted  *sorted,
               ReconContents *contents)
{
  if (sorted->n_invalid > 0)
    recon_contents_note (contents, _ ("%u frames are marked as invalid and left out."), sorted->n_invalid);
  if (sorted->n_alignment > 0)
    recon_contents_note (contents, _ ("%u alignment frames (image_key_control −1) are left out."), sorted->n_alignment);
  if (sorted->n_unknown > 0)
    recon_contents_note (contents, _ ("%u frames have an image_key other than 0 to 3 and are left out."),
                         sorted->n_unknown);
}

static ReconFrames *
make_frames (ReconReader *reader,
             GArray      *list,
             guint        start,
             guint        stop)
{
  if (start == stop)
    return NULL;

  return recon_frames_new (reader, &g_array_index (list, guint, start), stop - start);
}

/* Flats between projections belong to the nearer end of the scan. */
static void
split_flats (ReconReader   *reader,
             const Sorted  *sorted,
             ReconContents *contents)
{
  guint n = sorted->flats->len;
  guint first = g_array_index (sorted->projections, guint, 0);
  guint last = g_array_index (sorted->projections, guint, sorted->projections->len - 1);
  guint n_before = 0;
  guint n_between = 0;

  for (guint i = 0; i < n; i++)
    {
      guint flat = g_array_index (sorted->flats, guint, i);

      if (flat < first || (flat < last && flat - first <= last - flat))
        n_before++;
      if (flat > first && flat < last)
        n_between++;
    }

  if (n_between > 0)
    recon_contents_note (contents, _ ("%u flats were taken between projections; each is counted to the nearer end of "
                                      "the scan."),
                         n_between);

  /* Without others, those after the scan are the flats. */
  contents->flats = make_frames (reader, sorted->flats, 0, n_before > 0 ? n_before : n);
  contents->flats_after = n_before > 0 ? make_frames (reader, sorted->flats, n_before, n) : NULL;
}

/**
 * recon_nxtomo_sort_frames:
 * @reader: all frames
 * @keys: (nullable): image_key of each: 0 projection, 1 flat, 2 dark, 3 invalid; without, all are projections
 * @control: (nullable): image_key_control of each; alignment frames (−1) are left out
 * @contents: gets projections, darks, flats, and notes of what is left out
 * @error: return location
 *
 * Flats before the first projection are the flats, those after the last one the flats after.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where there are no projections
 */
gboolean
recon_nxtomo_sort_frames (ReconReader    *reader,
                          const double   *keys,
                          const double   *control,
                          ReconContents  *contents,
                          GError        **error)
{
  g_auto (Sorted) sorted = {
    g_array_new (FALSE, FALSE, sizeof (guint)),
    g_array_new (FALSE, FALSE, sizeof (guint)),
    g_array_new (FALSE, FALSE, sizeof (guint)),
    0, 0, 0,
  };

  if (keys == NULL)
    recon_contents_note (contents, _ ("There is no image_key: all frames are taken as projections."));

  sort (&sorted, recon_reader_get_n_frames (reader), keys, control);
  if (sorted.projections->len == 0)
    return recon_fail (error, RECON_ERROR_INPUT, _ ("None of the %u frames of %s is a projection (image_key 0)."),
                       recon_reader_get_n_frames (reader), recon_reader_get_path (reader));

  contents->projections = make_frames (reader, sorted.projections, 0, sorted.projections->len);
  contents->darks = make_frames (reader, sorted.darks, 0, sorted.darks->len);
  split_flats (reader, &sorted, contents);
  note_left_out (&sorted, contents);

  return TRUE;
}
