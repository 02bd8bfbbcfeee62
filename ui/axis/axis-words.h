/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "request/axis-result.h"

G_BEGIN_DECLS

/* What a search and its result are called, for people; all translated. */

const char *recon_axis_words_get_method      (ReconAxisMethod        method);
const char *recon_axis_words_get_explanation (ReconAxisMethod        method);
const char *recon_axis_words_get_confidence  (ReconAxisConfidence    confidence);
const char *recon_axis_words_get_icon        (ReconAxisConfidence    confidence);
const char *recon_axis_words_get_class       (ReconAxisConfidence    confidence);
char       *recon_axis_words_format_axis     (const ReconAxisResult *result);
char       *recon_axis_words_format_rows     (const ReconAxisResult *result);

G_END_DECLS
