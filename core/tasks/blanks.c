/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/blanks.h"

#include <math.h>

/* Looks at values that have just been read, for little: a row of a projection is left as soon as two values of it
 * differ, and a column as soon as two angles do, so that of a sound scan a few values are looked at for each row and
 * column.
 *
 * What is empty everywhere is no defect: a slice beyond the sample, of a scan without noise, shows nothing at any
 * angle. So is a margin of the detector that the sample never reaches, unless it counts zero with the beam on. */

/* Fewer values than this may be equal by chance. */
#define LEAST_VALUES 16

struct _ReconBlanks
{
  guint    n_angles;
  guint    width;
  gboolean is_raw; /* counts: 0 means that there is no light or no detector */
  guint    n_slices;
  guint    n_empty;       /* slices that show nothing */
  guint8  *is_blank;      /* of each angle: in one slice or more */
  guint8  *is_blank_here; /* of each angle: in the slice that is looked at */
  guint   *n_constant;    /* of each column: slices in which it is constant */
  guint   *columns;       /* those that haven't changed in the slice yet */
};

/**
 * recon_blanks_new:
 * @n_angles: projections
 * @width: columns
 * @is_raw: whether values are counts, not yet corrected
 *
 * Returns: (transfer full): a look-out that has seen nothing yet
 */
ReconBlanks *
recon_blanks_new (guint    n_angles,
                  guint    width,
                  gboolean is_raw)
{
  ReconBlanks *self = g_new0 (ReconBlanks, 1);

  self->n_angles = n_angles;
  self->width = width;
  self->is_raw = is_raw;
  self->is_blank = g_new0 (guint8, n_angles);
  self->is_blank_here = g_new0 (guint8, n_angles);
  self->n_constant = g_new0 (guint, width);
  self->columns = g_new (guint, width);

  return self;
}

void
recon_blanks_free (ReconBlanks *self)
{
  g_free (self->is_blank);
  g_free (self->is_blank_here);
  g_free (self->n_constant);
  g_free (self->columns);
  g_free (self);
}

static inline gboolean
is_same (float a,
         float b)
{
  return a == b || (isnan (a) && isnan (b));
}

static gboolean
is_constant (const float *row,
             guint        width)
{
  guint c = 1;

  while (c < width && is_same (row[c], row[0]))
    c++;

  return c == width;
}

/* Returns: the number of projections that are blank in the slice */
static guint
find_blank_angles (ReconBlanks *self,
                   const float *slice,
                   gsize        pitch)
{
  guint n = 0;

  for (guint i = 0; i < self->n_angles; i++)
    {
      self->is_blank_here[i] = is_constant (slice + i * pitch, self->width);
      n += self->is_blank_here[i];
    }

  return n;
}

/* Of the columns that keep their value at all angles, those that count. The margins are runs of columns from either
 * end. */
static void
count_columns (ReconBlanks *self,
               const float *row,
               guint        n)
{
  guint left = 0, right = 0;

  while (left < n && self->columns[left] == left)
    left++;
  while (right < n && self->columns[n - 1 - right] == self->width - 1 - right)
    right++;

  for (guint k = 0; k < n; k++)
    {
      guint c = self->columns[k];
      gboolean is_margin = k < left || k >= n - right;

      if (!is_margin || isnan (row[c]) || (self->is_raw && row[c] == 0))
        self->n_constant[c]++;
    }
}

/* Blank projections are left out: they are told of as such. */
static void
find_constant_columns (ReconBlanks *self,
                       const float *slice,
                       gsize        pitch)
{
  const float *first = NULL;
  guint n = self->width;

  for (guint c = 0; c < n; c++)
    self->columns[c] = c;

  for (guint i = 0; i < self->n_angles && n > 0; i++)
    {
      const float *row = slice + i * pitch;
      guint kept = 0;

      if (self->is_blank_here[i])
        continue;
      if (first == NULL)
        first = row;
      for (guint k = 0; k < n; k++)
        if (is_same (row[self->columns[k]], first[self->columns[k]]))
          self->columns[kept++] = self->columns[k];
      n = kept;
    }

  if (n > 0 && first != NULL)
    count_columns (self, first, n);
}

/**
 * recon_blanks_add:
 * @self: a look-out
 * @slice: the values of a slice: that of angle a and column c is slice[a · pitch + c]
 * @pitch: values from one angle to the next
 */
void
recon_blanks_add (ReconBlanks *self,
                  const float *slice,
                  gsize        pitch)
{
  guint n_blank;

  if (self->width < LEAST_VALUES || self->n_angles < LEAST_VALUES)
    return;

  self->n_slices++;
  n_blank = find_blank_angles (self, slice, pitch);
  if (n_blank == self->n_angles)
    {
      self->n_empty++;
      return;
    }

  for (guint i = 0; n_blank > 0 && i < self->n_angles; i++)
    self->is_blank[i] |= self->is_blank_here[i];
  if (self->n_angles - n_blank >= LEAST_VALUES)
    find_constant_columns (self, slice, pitch);
}

static void
add_part (ReconBlankParts *parts,
          guint            i)
{
  if (parts->n++ == 0)
    parts->first = i;
}

/**
 * recon_blanks_summarise:
 * @self: a look-out
 * @summary: (out caller-allocates): what all slices together say; a column that is constant in a few slices only is a
 *   dead pixel, of which every detector has some
 */
void
recon_blanks_summarise (ReconBlanks       *self,
                        ReconBlankSummary *summary)
{
  guint n_slices = self->n_slices - self->n_empty;

  *summary = (ReconBlankSummary) { .everything = self->n_slices > 0 && n_slices == 0 };

  for (guint i = 0; i < self->n_angles; i++)
    if (self->is_blank[i])
      add_part (&summary->projections, i);
  for (guint c = 0; c < self->width; c++)
    if (self->n_constant[c] > n_slices / 2)
      add_part (&summary->columns, c);
}
