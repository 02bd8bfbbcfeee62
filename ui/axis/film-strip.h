/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "axis/axis-query.h"
#include "client/client.h"
#include "form/document.h"

G_BEGIN_DECLS

/* Small slices for axes around the document's, to choose the best one by eye. They are made while the strip is mapped,
 * from the middle outwards. Those for which the search for the axis has a score show it.
 *
 * Properties: "step" (double, px between neighbours), "detail" (boolean: a part of the slice in full resolution, not
 * all of it), "slice" (uint).
 * Actions: strip.finer, strip.coarser, strip.detail. */
#define RECON_TYPE_FILM_STRIP (recon_film_strip_get_type ())
G_DECLARE_FINAL_TYPE (ReconFilmStrip, recon_film_strip, RECON, FILM_STRIP, GtkWidget)

void recon_film_strip_connect      (ReconFilmStrip *self,
                                    ReconDocument  *document,
                                    ReconClient    *client,
                                    ReconAxisQuery *search);
void recon_film_strip_set_resolved (ReconFilmStrip *self,
                                    GVariant       *resolved);

G_END_DECLS
