/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis.h"
#include "form/document.h"
#include "service/client.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_AXIS_SEARCH_EMPTY,  /* nothing was looked for yet */
  RECON_AXIS_SEARCH_UNDER_WAY,
  RECON_AXIS_SEARCH_DONE,   /* there is a result, which may be that there is no axis */
  RECON_AXIS_SEARCH_FAILED, /* there is a message */
} ReconAxisSearchState;

/* The search for the axis of a document's scan, and what came of it, for all that show it.
 *
 * Properties: "state" (a ReconAxisSearchState as an int), "outdated" (boolean: the result is of another scan or of
 * other settings than the document has by now). Signal "changed": anything of it is another; after both are up to
 * date. */
#define RECON_TYPE_AXIS_SEARCH (recon_axis_search_get_type ())
G_DECLARE_FINAL_TYPE (ReconAxisSearch, recon_axis_search, RECON, AXIS_SEARCH, GObject)

ReconAxisSearch       *recon_axis_search_new          (ReconDocument           *document,
                                                       ReconClient             *client);
void                   recon_axis_search_start        (ReconAxisSearch         *self,
                                                       const ReconAxisSettings *settings);
void                   recon_axis_search_cancel       (ReconAxisSearch         *self);
void                   recon_axis_search_take_result  (ReconAxisSearch         *self,
                                                       ReconAxisResult         *result);
ReconAxisSearchState   recon_axis_search_get_state    (ReconAxisSearch         *self);
gboolean               recon_axis_search_is_outdated  (ReconAxisSearch         *self);
const ReconAxisResult *recon_axis_search_get_result   (ReconAxisSearch         *self);
const char            *recon_axis_search_get_message  (ReconAxisSearch         *self);
gboolean               recon_axis_search_can_use      (ReconAxisSearch         *self);
gboolean               recon_axis_search_is_used      (ReconAxisSearch         *self);
void                   recon_axis_search_use          (ReconAxisSearch         *self);

/* All that an image of the scan's projections depends on, as a text to compare with another. */
char                  *recon_axis_describe_input      (ReconConfig             *config);

G_END_DECLS
