/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/parameter.h"

G_BEGIN_DECLS

/* What a form shows of a parameter besides what the parameter table says. */

typedef enum
{
  RECON_FIELD_FILES_NONE   = 0,
  RECON_FIELD_FILES_FOLDER = 1 << 0, /* a folder may be chosen */
  RECON_FIELD_FILES_OPEN   = 1 << 1, /* a file may be chosen */
  RECON_FIELD_FILES_SAVE   = 1 << 2, /* a file that need not be there */
} ReconFieldFiles;

typedef struct
{
  const char      *title;     /* to be translated */
  const char      *automatic; /* (nullable): the text that leaves the value to the program */
  double           step;      /* of a number's buttons, in its unit */
  ReconFieldFiles  files;
} ReconFieldInfo;

const ReconFieldInfo *recon_field_info_get          (ReconParameter  parameter);
const char           *recon_field_info_get_title    (ReconParameter  parameter);
const char           *recon_field_info_get_word     (ReconParameter  parameter,
                                                     const char     *word);
const char           *recon_field_info_get_word_title (const char   *word);
const char           *recon_field_info_get_unit     (ReconParameter  parameter);
const char           *recon_field_info_get_placeholder (ReconParameter parameter);
gboolean              recon_field_info_is_automatic (ReconParameter  parameter,
                                                     const char     *text);

G_END_DECLS
