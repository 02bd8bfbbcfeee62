/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder that may belong to a scan, with the names of its files by kind, in natural order. */
typedef struct
{
  char       *path;     /* as the scan's path begins */
  char       *relative; /* to the folder where the search began; "" for that one */
  GPtrArray  *tiffs;    /* (element-type filename) */
  GPtrArray  *hdf5s;    /* (element-type filename) */
  GPtrArray  *texts;    /* (element-type filename): what may list angles or describe the scan */
  GHashTable *others;   /* extension → how many */
} ReconFinderFolder;

/* Which folders below are looked into. */
typedef enum
{
  RECON_FINDER_EVERYTHING,
  RECON_FINDER_REFERENCES, /* those that are named after darks or flats */
  RECON_FINDER_PARTS,      /* those, and those that are named after projections */
} ReconFinderScope;

GPtrArray *recon_finder_list_folders (const char        *path,
                                      ReconFinderScope   scope,
                                      GError           **error);
char      *recon_finder_join         (const char        *folder,
                                      const char        *name);

G_END_DECLS
