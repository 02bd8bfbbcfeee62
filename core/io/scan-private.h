/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/lines.h"
#include "io/reference-levels.h"
#include "io/scan.h"
#include "io/scan-survey.h"

G_BEGIN_DECLS

#define RECON_LEFT_OUT G_MAXUINT

/* What images show of half a turn in even steps. */
typedef enum
{
  RECON_TURN_UNKNOWN,
  RECON_TURN_HALF,          /* they agree with it */
  RECON_TURN_HALF_WITH_END, /* the last one is taken at its end */
  RECON_TURN_UNLIKE,        /* they don't look like it */
  RECON_TURN_FULL,
  RECON_TURN_OTHER,         /* opposite projections are elsewhere */
} ReconTurnKind;

typedef struct
{
  ReconTurnKind kind;
  double        step;     /* radians, that the images show; 0 where they don't */
  guint         n_checks; /* last projections that repeat others */
} ReconTurn;

struct _ReconScan
{
  GObject         parent_instance;
  ReconScan      *whole; /* (nullable): whose files and team this one uses, see recon_scan_new_part() */

  /* The files. Frames belong to them unless said otherwise. */
  ReconContents  *contents;
  ReconContents  *dark_contents;
  ReconContents  *flat_contents;
  ReconContents  *flat_after_contents;
  gboolean        sinograms; /* an image is a detector row, a line of it an angle */
  gsize           scratch_limit; /* bytes of samples on their way */
  gsize           reader_limit;  /* bytes that readers take besides, in all threads */
  ReconTeam      *team;          /* who reads */

  /* As read. */
  guint           n_rows;
  guint           n_columns;
  guint           n_projections;

  /* The part that is used. Slice k is made from the `bin` rows from y_start + k · bin · y_step on. */
  ReconGeometry  *geometry;    /* of it; whoever was given it may still look at it, so that another one replaces it */
  guint           y_start;
  guint           y_step;
  guint           width;
  guint          *used;        /* the projections, by their numbers among all of them, ascending */
  gboolean        looked_at_turn; /* whether the images were looked at for: */
  ReconTurn       turn;           /* which they show */
  double         *file_angles; /* (nullable): of all projections, once input.angles was read */
  ReconAngleUnit  file_unit;   /* that it was read by */
  ReconFrames    *projections; /* those that are used, owned; %NULL for sinograms */

  /* The correction. */
  gboolean        correct;
  gboolean        absorptivity;
  ReconReduction  reduction;
  gboolean        interpolate; /* else flats before and after are one group */
  ReconFrames    *darks;
  ReconFrames    *flats;
  ReconFrames    *flats_after;
  ReconSurvey    *survey; /* (nullable): once it was made */
  guint          *ranks[RECON_N_LEVELS]; /* (nullable): of each dark, flat and flat after: its number among those that
                                            are used, or %RECON_LEFT_OUT; %NULL if all are */
};

/* The angles of all projections and where they are from. */
typedef struct
{
  double   *angles;
  char     *source;
  gboolean  measured; /* by somebody who wrote them down one by one */
  gboolean  assumed;  /* by nobody */
} ReconScanAngles;

void        _recon_scan_angles_clear    (ReconScanAngles  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconScanAngles, _recon_scan_angles_clear)

gboolean    _recon_scan_find_angles     (ReconScan        *self,
                                         ReconConfig      *config,
                                         ReconLog         *log,
                                         ReconScanAngles  *result,
                                         GError          **error);
void        _recon_scan_turn            (ReconContents *contents,
                                         ReconConfig  *config);
gboolean    _recon_scan_check_turn      (ReconScan    *self,
                                         ReconConfig  *config,
                                         GError      **error);
void        _recon_scan_report_turn     (ReconConfig  *config,
                                         ReconLog     *log);
gboolean    _recon_scan_open_references (ReconScan    *self,
                                         ReconConfig  *config,
                                         ReconLog     *log,
                                         GError      **error);
void        _recon_scan_renew_geometry  (ReconScan        *self);
void        _recon_scan_set_up_positions (ReconScan       *self);
gboolean    _recon_scan_set_up_rows     (ReconScan    *self,
                                         ReconConfig  *config,
                                         ReconLog     *log,
                                         GError      **error);
gboolean    _recon_scan_set_up_columns  (ReconScan    *self,
                                         ReconConfig  *config,
                                         ReconLog     *log,
                                         GError      **error);
gboolean    _recon_scan_set_up_axis     (ReconScan    *self,
                                         ReconConfig  *config,
                                         ReconLog     *log,
                                         GError      **error);
void        _recon_scan_set_up_pixel_size (ReconScan    *self,
                                           ReconConfig  *config,
                                           ReconLog     *log);
void        _recon_scan_set_up_absorptivity (ReconScan    *self,
                                             ReconConfig  *config);
gboolean    _recon_scan_select_projections (ReconScan    *self,
                                            ReconConfig  *config,
                                            ReconLog     *log,
                                            GError      **error);
gboolean    _recon_scan_set_up_angles   (ReconScan    *self,
                                         ReconConfig  *config,
                                         ReconLog     *log,
                                         GError      **error);

guint       _recon_scan_count_full_turn_steps (ReconScan *self,
                                               guint      n);
gboolean    _recon_scan_check_half_turn (ReconScan    *self,
                                         ReconLog     *log,
                                         GError      **error);
guint       _recon_scan_count_places    (ReconScan    *self);
gboolean    _recon_scan_check_sources   (ReconScan    *self,
                                         GError      **error);

/* What the survey reads: scan-survey-read.c. @levels: of darks, flats and flats after, and of the projections. */
const char  *_recon_scan_get_levels_title (guint      which);
ReconSurvey *_recon_scan_read_survey     (ReconScan    *self,
                                          ReconLevels **levels,
                                          GCancellable *cancellable,
                                          GError      **error);

/* Some slices at some angles. */
typedef struct
{
  guint slice;
  guint n_slices;
  guint slice_step;
  guint angle;
  guint n_angles;
  guint angle_step;
} ReconScanPart;

/* Called with a row of a dark or flat, as the slice has it. */
typedef void (*ReconReferenceLineFunc) (guint        exposure,
                                        guint        slice,
                                        const float *values,
                                        gpointer     user_data);

ReconFrames *_recon_scan_get_references          (ReconScan            *self,
                                                  guint                 which);
gboolean     _recon_scan_is_reference_by_rows    (ReconScan            *self,
                                                  ReconFrames          *frames);
guint        _recon_scan_count_exposures         (ReconScan            *self,
                                                  ReconFrames          *frames);
gboolean     _recon_scan_foreach_reference       (ReconScan               *self,
                                                  const ReconScanPart     *wanted,
                                                  guint                    which,
                                                  ReconLinesOrder          order,
                                                  ReconReferenceLineFunc   func,
                                                  gpointer                 user_data,
                                                  GCancellable            *cancellable,
                                                  GError                 **error);
ReconFrames *_recon_scan_get_slice_frames        (ReconScan            *self,
                                                  ReconFrames          *frames,
                                                  const ReconScanPart  *part);
void         _recon_scan_add_to_bin              (ReconScan            *self,
                                                  const float          *row,
                                                  guint                 part,
                                                  float                *sums);

gboolean       _recon_scan_read_part             (ReconScan            *self,
                                                  const ReconScanPart  *part,
                                                  guint                 pitch,
                                                  float                *data,
                                                  GCancellable         *cancellable,
                                                  GError              **error);

/* Reading: which rows make some slices, which of them are wanted of which frames, by how many threads; and what that
 * takes besides the memory of the readers. */
ReconLines     _recon_scan_get_row_lines         (ReconScan      *self,
                                                  guint           slice,
                                                  guint           n_slices,
                                                  guint           step);
ReconLinesPart _recon_scan_get_part              (ReconScan      *self,
                                                  ReconLines      lines,
                                                  ReconFrames    *frames);
guint          _recon_scan_count_members         (ReconScan      *self,
                                                  ReconFrames    *frames);
void           _recon_scan_bin_rows              (ReconScan      *self,
                                                  const float    *rows,
                                                  float          *line);
gsize          _recon_scan_get_samples_scratch   (ReconScan      *self,
                                                  ReconLines      lines,
                                                  ReconFrames    *frames);
gsize          _recon_scan_get_reference_scratch (ReconScan      *self,
                                                  ReconFrames    *first,
                                                  ReconFrames    *second);

guint       _recon_scan_get_place       (ReconScan    *self,
                                         guint         projection);
void        _recon_scan_log_notes       (const ReconContents  *contents,
                                         ReconLog             *log);

/* The value of a PATH, or %NULL if it is empty. */
const char *_recon_scan_get_path        (ReconConfig    *config,
                                         ReconParameter  parameter);

/* Numbers in messages are written as the command line reads them. */
#define NUMBER(value) (g_ascii_formatd ((char[32]){ 0 }, 32, "%.7g", (value)))
#define SIGNED(value) (g_ascii_formatd ((char[32]){ 0 }, 32, "%+.7g", (value)))

G_END_DECLS
