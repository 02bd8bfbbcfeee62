/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which part of an image is seen, and how large. Positions in the view are in pixels of the screen from its top left
 * corner; positions in the image are in its pixels from the outer corner of the first one, whose centre so lies at
 * (0.5, 0.5). */
typedef struct
{
  double   view_width; /* pixels of the screen */
  double   view_height;
  double   image_width;
  double   image_height;
  double   zoom; /* pixels of the screen per pixel of the image */
  double   x;    /* position in the image of the view's top left corner */
  double   y;
  gboolean fit;  /* the whole image is seen, whatever the sizes become */
} ReconViewport;

void     recon_viewport_init           (ReconViewport       *self);
void     recon_viewport_set_view_size  (ReconViewport       *self,
                                        double               width,
                                        double               height);
void     recon_viewport_set_image_size (ReconViewport       *self,
                                        double               width,
                                        double               height);
void     recon_viewport_set_fit        (ReconViewport       *self,
                                        gboolean             fit);
void     recon_viewport_set_zoom       (ReconViewport       *self,
                                        double               zoom);
void     recon_viewport_zoom_about     (ReconViewport       *self,
                                        double               zoom,
                                        double               view_x,
                                        double               view_y);
double   recon_viewport_step_zoom      (const ReconViewport *self,
                                        int                  steps);
double   recon_viewport_scale_zoom     (const ReconViewport *self,
                                        double               factor);
void     recon_viewport_pan            (ReconViewport       *self,
                                        double               dx,
                                        double               dy);
void     recon_viewport_to_image       (const ReconViewport *self,
                                        double               view_x,
                                        double               view_y,
                                        double              *image_x,
                                        double              *image_y);
void     recon_viewport_to_view        (const ReconViewport *self,
                                        double               image_x,
                                        double               image_y,
                                        double              *view_x,
                                        double              *view_y);
double   recon_viewport_get_fit_zoom   (const ReconViewport *self);
void     recon_viewport_get_limits     (const ReconViewport *self,
                                        double              *smallest,
                                        double              *largest);

G_END_DECLS
