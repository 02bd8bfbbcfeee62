/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A run that has ended: what it was to make, how that went, and what was said meanwhile. */
typedef struct
{
  gint64  started; /* s since 1970 */
  double  seconds; /* that it took */
  char   *output;  /* an absolute path */
  char   *state;   /* "done", "failed", "cancelled" */
  guint   n_slices;
  guint   n_done;
  char   *message; /* why it failed, or "" */
  char   *log;
} ReconRunRecord;

void    recon_run_record_free       (ReconRunRecord       *self);
char   *recon_run_record_describe   (const ReconRunRecord *self);
char   *recon_run_record_find_place (const ReconRunRecord *self);

/* The name of an output and of the folder that it is in, for people. */
char   *recon_run_get_title         (const char           *output);

/* All that are remembered, newest first, in the user's state folder. */
GPtrArray *recon_run_history_load   (void);
void       recon_run_history_add    (const ReconRunRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconRunRecord, recon_run_record_free)

G_END_DECLS
