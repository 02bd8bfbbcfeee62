/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a dark or flat is taken for, by its level and those of all others. */
typedef enum
{
  RECON_FRAME_KEPT,
  RECON_FRAME_LIKE_FLATS, /* a dark as bright as flats */
  RECON_FRAME_LIKE_DARKS, /* a flat as dark as darks */
  RECON_FRAME_BRIGHTER,   /* than the others of its group */
  RECON_FRAME_DARKER,
  RECON_FRAME_UNEVEN,     /* than the others, in a part of the image */
  RECON_FRAME_NO_NUMBERS,
  RECON_FRAME_SATURATED,  /* a flat of which many pixels have the largest value that there is */
  RECON_N_FRAME_VERDICTS,
} ReconFrameVerdict;

/* Medians of an image's tiles: some rows, in some parts each. */
#define RECON_TILES_PER_ROW 4

/* The largest value of a row, and how many pixels have it. */
typedef struct
{
  float value;
  guint n;
  guint n_other; /* pixels of the most frequent one of the other values; 0 where few have the largest */
  guint n_total; /* finite pixels */
} ReconPeak;

/* The darks, the flats or the flats after of a scan. */
typedef struct
{
  guint    n;        /* frames; 0 if there are none */
  guint    n_rows;   /* that are looked at */
  guint    n_tiles;  /* of a frame */
  float   *tiles;    /* n × n_tiles; NaN where most is no number */
  guint8  *verdicts; /* n: #ReconFrameVerdict */
  ReconPeak *peaks;  /* n × n_rows */
  double   level;    /* of those that are kept */
  double   ceiling;  /* (nan): the largest value of its frames where all of them are saturated; they are kept then */
  double   other;    /* (nan): another level that as many have, so that it isn't clear which one is right */
} ReconLevels;

enum
{
  RECON_LEVELS_DARKS,
  RECON_LEVELS_FLATS,
  RECON_LEVELS_FLATS_AFTER,
  RECON_N_LEVELS,
};

ReconLevels *recon_levels_new          (guint         n,
                                        guint         n_rows);
void         recon_levels_free         (ReconLevels  *self);
void         recon_levels_measure_row  (ReconLevels  *self,
                                        guint         frame,
                                        guint         row,
                                        const float  *values,
                                        guint         width);
double       recon_levels_get_frame    (ReconLevels  *self,
                                        guint         frame);
guint        recon_levels_count        (ReconLevels  *self,
                                        guint         verdict);
gboolean     recon_levels_judge        (ReconLevels **groups,
                                        ReconLevels  *projections);
void         recon_levels_find_saturated (ReconLevels **groups,
                                          ReconLevels  *projections);
ReconPeak    recon_levels_measure_peak   (const float  *values,
                                          guint         width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconLevels, recon_levels_free)

G_END_DECLS
