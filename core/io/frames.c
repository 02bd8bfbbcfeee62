/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

struct _ReconFrames
{
  ReconReader *reader;
  guint       *index;
  guint        n;
};

/**
 * recon_frames_new_all:
 * @reader: a reader
 *
 * Returns: (transfer full): all images of @reader, in its order
 */
ReconFrames *
recon_frames_new_all (ReconReader *reader)
{
  g_autofree guint *index = NULL;
  guint n;

  g_return_val_if_fail (RECON_IS_READER (reader), NULL);

  n = recon_reader_get_n_frames (reader);
  index = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    index[i] = i;

  return recon_frames_new (reader, index, n);
}

/**
 * recon_frames_new:
 * @reader: a reader, which the frames keep
 * @index: (array length=n): images of @reader, counted from 0, in any order
 * @n: how many
 *
 * Returns: (transfer full): those images in that order
 */
ReconFrames *
recon_frames_new (ReconReader *reader,
                  const guint *index,
                  guint        n)
{
  ReconFrames *self;

  g_return_val_if_fail (RECON_IS_READER (reader), NULL);
  g_return_val_if_fail (index != NULL || n == 0, NULL);
  for (guint i = 0; i < n; i++)
    g_return_val_if_fail (index[i] < recon_reader_get_n_frames (reader), NULL);

  self = g_new0 (ReconFrames, 1);
  self->reader = g_object_ref (reader);
  self->index = g_memdup2 (index, n * sizeof (guint));
  self->n = n;

  return self;
}

/**
 * recon_frames_subset:
 * @self: frames
 * @start: the first to take, counted from 0 in @self
 * @stop: the one after the last
 * @step: 1 for each, 2 for every second …
 *
 * Returns: (transfer full): some of @self's frames
 */
ReconFrames *
recon_frames_subset (ReconFrames *self,
                     guint        start,
                     guint        stop,
                     guint        step)
{
  g_autofree guint *index = NULL;
  guint n;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (start <= stop && stop <= self->n, NULL);
  g_return_val_if_fail (step > 0, NULL);

  n = start < stop ? (stop - start - 1) / step + 1 : 0;
  index = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    index[i] = self->index[start + i * step];

  return recon_frames_new (self->reader, index, n);
}

void
recon_frames_free (ReconFrames *self)
{
  g_object_unref (self->reader);
  g_free (self->index);
  g_free (self);
}

/**
 * recon_frames_get_reader:
 * @self: frames
 *
 * Returns: (transfer none): where they are read from
 */
ReconReader *
recon_frames_get_reader (const ReconFrames *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reader;
}

guint
recon_frames_get_n (const ReconFrames *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * recon_frames_get_index:
 * @self: frames
 *
 * Returns: (transfer none): the reader's number of each frame
 */
const guint *
recon_frames_get_index (const ReconFrames *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->index;
}

/* From @first to @last, every @step-th. */
typedef struct
{
  guint64 first;
  guint64 last;
  guint64 step;
} Range;

/* Steps over a number. */
static gboolean
parse_number (const char **text,
              guint64     *number)
{
  char *end;

  if (!g_ascii_isdigit (**text))
    return FALSE;

  *number = g_ascii_strtoull (*text, &end, 10);
  *text = end;

  return TRUE;
}

/* "7-12", or "100:200:5" as Python has it, the end left out; without an end up to the last one. */
static gboolean
parse_range (const char  *text,
             guint        n_frames,
             Range       *range)
{
  gboolean has_first = parse_number (&text, &range->first);

  range->step = 1;
  if (*text == '\0')
    {
      range->last = range->first;
      return has_first;
    }

  if (*text == '-')
    {
      text++;
      return has_first && parse_number (&text, &range->last) && *text == '\0';
    }

  if (*text++ != ':')
    return FALSE;
  if (!has_first)
    range->first = 0;
  range->last = n_frames;
  if (*text != '\0' && *text != ':' && !parse_number (&text, &range->last))
    return FALSE;
  if (*text == ':')
    {
      text++;
      if (!parse_number (&text, &range->step) || range->step == 0)
        return FALSE;
    }
  if (range->last == 0 || *text != '\0')
    return FALSE;
  range->last--;

  return TRUE;
}

/**
 * recon_frame_list_parse:
 * @text: numbers and ranges, separated by commas or blanks, such as "3, 7-12, 100:200:5"; perhaps none
 * @n_frames: number of frames that there are
 * @error: return location
 *
 * Frames count from 0. "7-12" is from 7 to 12; "100:200:5" are 100, 105 … 195, as in Python, and each of the three
 * numbers may be left out.
 *
 * Returns: (transfer full) (array length=n_frames): which frames are named; or %NULL with #RECON_ERROR_CONFIG and the
 *   part that is none of these, or beyond the last frame
 */
gboolean *
recon_frame_list_parse (const char  *text,
                        guint        n_frames,
                        GError     **error)
{
  g_autofree gboolean *named = g_new0 (gboolean, MAX (n_frames, 1));
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  parts = g_strsplit_set (text, ", \t\r\n", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      Range range = { 0 };

      if (*parts[i] == '\0')
        continue;

      if (!parse_range (parts[i], n_frames, &range) || range.first > range.last)
        return recon_fail_null (error, RECON_ERROR_CONFIG,
                                _ ("“%s” names no frames. Write numbers counted from 0 and ranges, such as "
                                   "3,7-12,100:200:5."),
                                parts[i]);
      if (range.last >= n_frames)
        return recon_fail_null (error, RECON_ERROR_CONFIG,
                                _ ("“%s” reaches beyond the last frame: there are %u, counted from 0 to %u."), parts[i],
                                n_frames, n_frames - 1);

      for (guint64 k = range.first; k <= range.last; k += MIN (range.step, n_frames))
        named[k] = TRUE;
    }

  return g_steal_pointer (&named);
}
