/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What names of files and folders say about images. */
typedef enum
{
  RECON_ROLE_UNKNOWN,
  RECON_ROLE_IMAGES,      /* a word that any images may have: raw, data, sample */
  RECON_ROLE_PROJECTIONS,
  RECON_ROLE_SINOGRAMS,
  RECON_ROLE_DARKS,
  RECON_ROLE_FLATS,
  RECON_ROLE_UNSURE,      /* darks and flats at once, or a word that stands for either */
  RECON_ROLE_PREVIEWS,    /* small pictures for people */
  RECON_ROLE_OTHER,       /* slices and what else is no input */
  RECON_N_ROLES,
} ReconRole;

typedef enum
{
  RECON_WHEN_UNKNOWN,
  RECON_WHEN_BEFORE,
  RECON_WHEN_AFTER,
} ReconWhen;

typedef struct
{
  ReconRole  role;
  ReconWhen  when;
  gboolean   is_letter; /* the role is that of the only letter */
  char      *rest; /* in lower case: what the words that were understood leave of the name */
} ReconNameMeaning;

void     recon_name_meaning_read    (ReconNameMeaning *self,
                                     const char       *name);
void     recon_name_meaning_clear   (ReconNameMeaning *self);
gboolean recon_name_is_of_angles    (const char       *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconNameMeaning, recon_name_meaning_clear)

G_END_DECLS
