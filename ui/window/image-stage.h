/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"
#include "viewer/image-view.h"
#include "window/image-source.h"

G_BEGIN_DECLS

/* Where an image is shown, or in its place why there is none. As long as Space is held, the image before is shown. */
#define RECON_TYPE_IMAGE_STAGE (recon_image_stage_get_type ())
G_DECLARE_FINAL_TYPE (ReconImageStage, recon_image_stage, RECON, IMAGE_STAGE, GtkWidget)

void            recon_image_stage_set_source   (ReconImageStage  *self,
                                                ReconImageSource  source);
void            recon_image_stage_set_busy     (ReconImageStage  *self,
                                                gboolean          busy);
void            recon_image_stage_show_image   (ReconImageStage  *self,
                                                ReconWorkerImage *image);
void            recon_image_stage_show_trouble (ReconImageStage  *self,
                                                const char       *text);
void            recon_image_stage_set_offer    (ReconImageStage  *self,
                                                const char       *text);
void            recon_image_stage_show_waiting (ReconImageStage  *self);
void            recon_image_stage_show_empty   (ReconImageStage  *self);
gboolean        recon_image_stage_has_image    (ReconImageStage  *self);
ReconImageView *recon_image_stage_get_view     (ReconImageStage  *self);

void             recon_image_stage_set_waiting_for (ReconImageStage *self,
                                                    const char      *text);

G_END_DECLS
