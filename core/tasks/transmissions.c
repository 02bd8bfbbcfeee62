/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/transmissions.h"

#include "tasks/dead-pixels.h"

/* Columns that are named, of those without a usable pixel in nearly all rows. */
#define MOST_NAMES 6

/* Rows in which a column isn't usable, as a share of all, for the column itself to be at fault. */
#define COLUMN_SHARE 0.9

typedef struct
{
  guint64 n_low;
  guint64 n_odd;
  guint   n_bridged;   /* rows */
  guint   first_slice; /* of these */
} Column;

struct _ReconTransmissions
{
  guint    width;
  double   clip_minimum;
  gboolean bridges;

  GMutex   mutex; /* guards what follows */
  Column  *columns;
  guint64  n_values; /* of usable pixels */
  guint64  n_low;
  guint64  n_odd;
  guint    n_slices;
  guint64  n_no_flat; /* pixels */
  guint64  n_no_data;
  guint    n_empty;   /* rows without a usable pixel */
  guint    first_empty;
};

/**
 * recon_transmissions_new:
 * @width: columns
 * @clip_minimum: the least transmission
 * @bridges: whether pixels that aren't usable get values from their neighbours
 *
 * Returns: (transfer full): counts of nothing yet
 */
ReconTransmissions *
recon_transmissions_new (guint    width,
                         double   clip_minimum,
                         gboolean bridges)
{
  ReconTransmissions *self = g_atomic_rc_box_new0 (ReconTransmissions);

  self->width = width;
  self->clip_minimum = clip_minimum;
  self->bridges = bridges;
  self->columns = g_new0 (Column, width);
  g_mutex_init (&self->mutex);

  return self;
}

ReconTransmissions *
recon_transmissions_ref (ReconTransmissions *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  ReconTransmissions *self = data;

  g_free (self->columns);
  g_mutex_clear (&self->mutex);
}

void
recon_transmissions_unref (ReconTransmissions *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static void
add_first (guint *n,
           guint *first,
           guint  slice)
{
  *first = *n == 0 ? slice : MIN (*first, slice);
  (*n)++;
}

/**
 * recon_transmissions_add:
 * @self: counts
 * @row: a row that was corrected, each once; the values of pixels that aren't usable don't count
 *
 * May be called from any thread.
 */
void
recon_transmissions_add (ReconTransmissions          *self,
                         const ReconTransmissionsRow *row)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint n_usable = 0;

  for (guint c = 0; c < self->width; c++)
    {
      Column *column = &self->columns[c];

      if (row->states[c] != RECON_PIXEL_USABLE)
        {
          add_first (&column->n_bridged, &column->first_slice, row->slice);
          self->n_no_flat += row->states[c] == RECON_PIXEL_NO_FLAT;
          self->n_no_data += row->states[c] == RECON_PIXEL_NO_DATA;
          continue;
        }

      n_usable++;
      if (row->n_low == NULL)
        continue;
      column->n_low += row->n_low[c];
      column->n_odd += row->n_odd[c];
      self->n_low += row->n_low[c];
      self->n_odd += row->n_odd[c];
    }

  self->n_slices++;
  self->n_values += (guint64) n_usable * row->n_angles;
  if (n_usable == 0)
    add_first (&self->n_empty, &self->first_empty, row->slice);
}

/**
 * recon_transmissions_get_share:
 * @self: counts
 *
 * Returns: the share of the transmissions of usable pixels that can't be, 0 … 1
 */
double
recon_transmissions_get_share (ReconTransmissions *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return (double) (self->n_low + self->n_odd) / MAX ((double) self->n_values, 1);
}

static gboolean
is_whole (ReconTransmissions *self,
          guint               c)
{
  return self->n_slices > 1 && self->columns[c].n_bridged >= COLUMN_SHARE * self->n_slices;
}

/* "column 5" or "columns 5–7, 60 and 12 more": those that aren't usable in nearly all rows. */
static char *
name_columns (ReconTransmissions *self,
              const ReconGeometry *geometry)
{
  GString *text = g_string_new (NULL);
  guint n = 0, n_names = 0, n_left = 0, end;

  for (guint c = 0; c < self->width; c = end + 1)
    {
      for (end = c; end < self->width && is_whole (self, end); end++)
        ;
      n += end - c;
      if (end > c && n_names++ >= MOST_NAMES)
        n_left += end - c;
      else if (end > c)
        {
          g_string_append_printf (text, "%s%u", text->len > 0 ? ", " : "", recon_geometry_get_column (geometry, c));
          if (end - c > 1)
            g_string_append_printf (text, "–%u", recon_geometry_get_column (geometry, end - 1));
        }
    }

  if (n_left > 0)
    g_string_append_printf (text, " and %u more", n_left);
  g_string_prepend (text, n == 1 ? "column " : "columns ");
  g_string_append (text, " in whole");

  return g_string_free (text, n == 0);
}

/* "row 3, column 50": the first pixel that isn't in a column or row that is told of as such. */
static char *
name_first (ReconTransmissions *self,
            const ReconGeometry *geometry)
{
  guint column = self->width, slice = G_MAXUINT;

  for (guint c = 0; c < self->width; c++)
    if (self->columns[c].n_bridged > self->n_empty && !is_whole (self, c) && self->columns[c].first_slice < slice)
      {
        column = c;
        slice = self->columns[c].first_slice;
      }
  if (column == self->width)
    return NULL;

  return g_strdup_printf ("row %g, column %u", geometry->detector_rows[slice],
                          recon_geometry_get_column (geometry, column));
}

static void
append (GString    *text,
        const char *separator,
        const char *part)
{
  if (part != NULL)
    g_string_append_printf (text, "%s%s", separator, part);
}

/**
 * recon_transmissions_describe_pixels:
 * @self: counts
 * @geometry: of what was corrected
 *
 * Returns: (transfer full) (nullable): how many pixels were not usable, and where; %NULL if all were
 */
char *
recon_transmissions_describe_pixels (ReconTransmissions *self,
                                     const ReconGeometry *geometry)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const guint64 n = self->n_no_flat + self->n_no_data;
  const double share = 100.0 * (double) n / MAX ((double) self->n_slices * self->width, 1);
  g_autofree char *columns = name_columns (self, geometry);
  g_autofree char *first = name_first (self, geometry);
  GString *text;

  if (n == 0)
    return NULL;

  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " detector pixels (%.3g %%) ", n,
                   (guint64) self->n_slices * self->width, share);
  if (self->n_no_data == 0)
    g_string_append (text, n == 1 ? "has no usable flat" : "have no usable flat");
  else if (self->n_no_flat == 0)
    g_string_append_printf (text, "%s impossible values in nearly all projections", n == 1 ? "has" : "have");
  else
    g_string_append_printf (text, "can't be used, %" G_GUINT64_FORMAT " for want of a flat and %" G_GUINT64_FORMAT
                            " for impossible values in nearly all projections", self->n_no_flat, self->n_no_data);
  if (self->bridges)
    g_string_append_printf (text, "%s and %s bridged from %s neighbours",
                            self->n_no_data > 0 && self->n_no_flat > 0 ? "," : "", n == 1 ? "is" : "are",
                            n == 1 ? "its" : "their");
  append (text, ": ", columns);
  if (first != NULL)
    g_string_append_printf (text, "%s%s%s", columns != NULL ? "; " : " (", columns != NULL ? "others, the first at " :
                            "the first at ", first);
  if (first != NULL && columns == NULL)
    g_string_append_c (text, ')');
  if (self->n_empty > 0)
    g_string_append_printf (text, "; %u row%s (the first is %g) %s no usable pixel at all", self->n_empty,
                            self->n_empty > 1 ? "s" : "", geometry->detector_rows[self->first_empty],
                            self->n_empty > 1 ? "have" : "has");

  return g_string_free (text, FALSE);
}

/* The column that has most of what a member counts. */
static void
append_worst (GString            *text,
              ReconTransmissions *self,
              const ReconGeometry *geometry,
              gboolean            low)
{
  guint64 most = 0, total = low ? self->n_low : self->n_odd;
  guint worst = 0;

  for (guint c = 0; c < self->width; c++)
    {
      guint64 n = low ? self->columns[c].n_low : self->columns[c].n_odd;

      if (n > most)
        {
          most = n;
          worst = c;
        }
    }

  g_string_append_printf (text, ", %s in column %u (%.3g %%)", 2 * most > total ? "most of them" : "the most",
                          recon_geometry_get_column (geometry, worst), 100.0 * (double) most / (double) total);
}

/**
 * recon_transmissions_describe_values:
 * @self: counts
 * @geometry: of what was corrected
 *
 * Returns: (transfer full) (nullable): which share of the transmissions of usable pixels was clipped or can't be, and
 *   where most of them are; %NULL if none
 */
char *
recon_transmissions_describe_values (ReconTransmissions *self,
                                     const ReconGeometry *geometry)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GString *text;

  if (self->n_low + self->n_odd == 0)
    return NULL;

  text = g_string_new (NULL);
  if (self->n_low > 0)
    {
      g_string_append_printf (text, "%.3g %% of the transmissions (%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                              ") are below %g and clipped", 100.0 * (double) self->n_low / (double) self->n_values,
                              self->n_low, self->n_values, self->clip_minimum);
      append_worst (text, self, geometry, TRUE);
    }
  if (self->n_odd > 0)
    {
      g_string_append_printf (text, "%s%.3g %% of the transmissions (%" G_GUINT64_FORMAT ") are no numbers or above "
                              "%d", text->len > 0 ? "; " : "",
                              100.0 * (double) self->n_odd / (double) self->n_values, self->n_odd,
                              RECON_MOST_TRANSMISSION);
      append_worst (text, self, geometry, FALSE);
    }

  return g_string_free (text, FALSE);
}
