/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/canvas.h"
#include "viewer/image-view.h"
#include "viewer/levels-popover.h"
#include "viewer/profile-plot.h"

G_BEGIN_DECLS

/* What levels an image gets that comes without. */
typedef enum
{
  RECON_AUTO_LEVELS_PERCENTILES,
  RECON_AUTO_LEVELS_FULL,
} ReconAutoLevels;

typedef enum
{
  RECON_DRAG_NONE,
  RECON_DRAG_PAN,
  RECON_DRAG_LINE,
  RECON_DRAG_OVERLAY,
  RECON_DRAG_LEVELS,
} ReconDrag;

struct _ReconImageView
{
  GtkWidget           parent_instance;

  ReconCanvas        *canvas;
  GtkLabel           *readout_label;
  GtkMenuButton      *levels_button;
  ReconLevelsPopover *levels_popover;
  GtkButton          *zoom_button;
  GtkRevealer        *profile_revealer;
  ReconProfilePlot   *profile_plot;
  GtkLabel           *profile_label;

  ReconPictureRequest wanted;        /* what shall be seen; its first image is the property "image" */
  ReconPicture       *picture;       /* what is seen, the newest that is ready */
  guint               prepare_source;
  gboolean            preparing;     /* in a thread */
  gboolean            levels_wanted; /* the picture that comes gets levels of its own */
  gboolean            levels_known;
  gboolean            histogram_stale;

  ReconAutoLevels     auto_levels;
  gboolean            lock_levels;
  ReconColourMap      colour_map;
  gboolean            profiling;
  char               *description;
  char               *readout;
  gboolean            scale_bar;
  double              pixel_size;    /* µm; 0 if it isn't known */
  char               *value_unit;    /* (nullable) */
  guint               blink_source;

  gboolean            has_pointer;
  double              pointer_x; /* in the canvas */
  double              pointer_y;
  ReconDrag           drag;
  ReconViewport       drag_viewport; /* these as they were when the drag began */
  ReconLevels         drag_levels;
  double              drag_shift;
};

enum
{
  RECON_IMAGE_VIEW_PROP_0,
  RECON_IMAGE_VIEW_PROP_IMAGE,
  RECON_IMAGE_VIEW_PROP_FIT,
  RECON_IMAGE_VIEW_PROP_ZOOM,
  RECON_IMAGE_VIEW_PROP_COLOUR_MAP,
  RECON_IMAGE_VIEW_PROP_LOW,
  RECON_IMAGE_VIEW_PROP_HIGH,
  RECON_IMAGE_VIEW_PROP_LOCK_LEVELS,
  RECON_IMAGE_VIEW_PROP_READOUT,
  RECON_IMAGE_VIEW_PROP_PROFILING,
  RECON_IMAGE_VIEW_PROP_DESCRIPTION,
  RECON_IMAGE_VIEW_PROP_HAS_GL,
  RECON_IMAGE_VIEW_PROP_SCALE_BAR,
  RECON_IMAGE_VIEW_PROP_PIXEL_SIZE,
  RECON_IMAGE_VIEW_PROP_VALUE_UNIT,
  RECON_IMAGE_VIEW_N_PROPERTIES
};

/* image-view.c */
void          _recon_image_view_notify         (ReconImageView      *self,
                                                guint                property);
void          _recon_image_view_view_changed   (ReconImageView      *self,
                                                const ReconViewport *before);
void          _recon_image_view_say            (ReconImageView      *self,
                                                const char          *text);

/* image-view-levels.c */
void          _recon_image_view_set_levels     (ReconImageView      *self,
                                                double               low,
                                                double               high);
void          _recon_image_view_hand_levels    (ReconImageView      *self,
                                                double               low,
                                                double               high);
void          _recon_image_view_set_level      (ReconImageView      *self,
                                                guint                property,
                                                double               value);
void          _recon_image_view_apply_auto     (ReconImageView      *self,
                                                ReconAutoLevels      mode);
void          _recon_image_view_update_colours (ReconImageView      *self);

/* image-view-picture.c */
void          _recon_image_view_queue_prepare  (ReconImageView      *self);
gboolean      _recon_image_view_prepare_now    (ReconImageView      *self);
gboolean      _recon_image_view_is_ready       (ReconImageView      *self);
void          _recon_image_view_update_blink   (ReconImageView      *self);
void          _recon_image_view_update_label   (ReconImageView      *self);

/* image-view-readout.c */
void          _recon_image_view_update_readout (ReconImageView      *self);
char         *_recon_image_view_get_copy_text  (ReconImageView      *self);
void          _recon_image_view_set_value_unit (ReconImageView      *self,
                                                const char          *unit);
void          _recon_image_view_set_scale      (ReconImageView      *self,
                                                guint                property,
                                                gboolean             scale_bar,
                                                double               pixel_size);
void          _recon_image_view_toggle_pin     (ReconImageView      *self,
                                                double               x,
                                                double               y);
void          _recon_image_view_move_pin       (ReconImageView      *self,
                                                int                  dx,
                                                int                  dy);
ReconProfile *_recon_image_view_make_profile   (ReconImageView      *self);
void          _recon_image_view_update_profile (ReconImageView      *self);
void          _recon_image_view_place_line     (ReconImageView      *self);

/* image-view-actions.c */
void          _recon_image_view_add_actions    (GtkWidgetClass      *widget_class);
void          _recon_image_view_enable_actions (ReconImageView      *self);

/* image-view-input.c */
void          _recon_image_view_add_keys       (GtkWidgetClass      *widget_class);
void          _recon_image_view_add_input      (ReconImageView      *self);
void          _recon_image_view_move_overlay   (ReconImageView      *self,
                                                double               shift);

G_END_DECLS
