/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "request/axis-result.h"
#include "client/client.h"
#include "form/document.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_AXIS_QUERY_EMPTY,  /* nothing was looked for yet */
  RECON_AXIS_QUERY_UNDER_WAY,
  RECON_AXIS_QUERY_DONE,   /* there is a result, which may be that there is no axis */
  RECON_AXIS_QUERY_FAILED, /* there is a message */
} ReconAxisQueryState;

/* The search for the axis of a document's scan, and what came of it, for all that show it.
 *
 * Properties: "state" (a ReconAxisQueryState as an int), "outdated" (boolean: the result is of another scan or of
 * other settings than the document has by now). Signal "changed": anything of it is another; after both are up to
 * date. */
#define RECON_TYPE_AXIS_QUERY (recon_axis_query_get_type ())
G_DECLARE_FINAL_TYPE (ReconAxisQuery, recon_axis_query, RECON, AXIS_QUERY, GObject)

ReconAxisQuery        *recon_axis_query_new         (ReconDocument           *document,
                                                     ReconClient             *client);
void                   recon_axis_query_start       (ReconAxisQuery          *self,
                                                     const ReconAxisSettings *settings);
void                   recon_axis_query_cancel      (ReconAxisQuery          *self);
void                   recon_axis_query_take_result (ReconAxisQuery          *self,
                                                     ReconAxisResult         *result);
ReconAxisQueryState    recon_axis_query_get_state   (ReconAxisQuery          *self);
gboolean               recon_axis_query_is_outdated (ReconAxisQuery          *self);
const ReconAxisResult *recon_axis_query_get_result  (ReconAxisQuery          *self);
const char            *recon_axis_query_get_message (ReconAxisQuery          *self);
gboolean               recon_axis_query_can_use     (ReconAxisQuery          *self);
gboolean               recon_axis_query_is_used     (ReconAxisQuery          *self);
double                 recon_axis_query_get_score   (ReconAxisQuery          *self,
                                                     double                   axis);
void                   recon_axis_query_use         (ReconAxisQuery          *self);

/* All that an image of the scan's projections depends on, as a text to compare with another. */
char                  *recon_axis_describe_input    (ReconConfig             *config);

G_END_DECLS
