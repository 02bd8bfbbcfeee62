/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* A small scan in a folder of its own, as TIFF, and what opening it says. */
typedef struct
{
  char     *folder;
  char     *projections; /* folders of TIFF files */
  char     *darks;
  char     *flats;
  char     *flats_after;
  ReconLog *log;
  GString  *records; /* a line a record, with "W ", "I " or "D " before it */
} ScanFiles;

#define SCAN_WIDTH 21
#define SCAN_ROWS 13
#define SCAN_PROJECTIONS 10
#define SCAN_DARKS 3
#define SCAN_FLATS 4
#define SCAN_FLATS_AFTER 2

typedef enum
{
  SCAN_PROJECTION,
  SCAN_DARK,
  SCAN_FLAT,
  SCAN_FLAT_AFTER,
} ScanKind;

/* The whole number that stands in the files. */
double       scan_value       (ScanKind     kind,
                               guint        frame,
                               guint        row,
                               guint        column);
double      *scan_frames      (ScanKind     kind,
                               guint        n);

ScanFiles   *scan_files_new   (void);
void         scan_files_free  (ScanFiles   *self);
char        *scan_files_path  (ScanFiles   *self,
                               const char  *name);
void         scan_files_write (ScanFiles   *self,
                               const char  *name,
                               const char  *text);

/* Opens a scan. Settings are pairs "group.key", value, up to %NULL. */
ReconScan   *scan_files_open  (ScanFiles   *self,
                               GError     **error,
                               ...) G_GNUC_NULL_TERMINATED;
/* The TIFF files with all references, and other settings. */
ReconScan   *scan_files_open_all (ScanFiles *self,
                                  ...) G_GNUC_NULL_TERMINATED;

/* Asserts that a scan that cannot be opened says so with this error and these words, up to %NULL. */
void         scan_assert_error (GError      *error,
                                int          code,
                                ...) G_GNUC_NULL_TERMINATED;
void         scan_assert_said  (ScanFiles   *self,
                                const char  *record);
void         scan_assert_unsaid (ScanFiles  *self,
                                 const char *record);

/* What it is now, whatever was asked for before. */
char      *scan_files_describe_geometry (const ReconGeometry *geometry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScanFiles, scan_files_free)

G_END_DECLS
