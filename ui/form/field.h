/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "form/document.h"

G_BEGIN_DECLS

/* What a row says below its title, from nothing to what keeps a run from starting. */
typedef enum
{
  RECON_FIELD_PLAIN,
  RECON_FIELD_GOOD, /* was looked at and found right */
  RECON_FIELD_WARNING,
  RECON_FIELD_ERROR,
} ReconFieldLevel;

/* A row that edits one parameter of a document. Signal "level-changed": recon_field_get_level() is another. */
#define RECON_TYPE_FIELD (recon_field_get_type ())
G_DECLARE_INTERFACE (ReconField, recon_field, RECON, FIELD, GtkWidget)

struct _ReconFieldInterface
{
  GTypeInterface parent_interface;

  /* The parameter is known now. */
  void        (*setup)       (ReconField      *self);
  /* The document's value is another: show it. Unless tidy, leave a text alone that means it and is being typed. */
  void        (*show_value)  (ReconField      *self,
                              gboolean         tidy);
  void        (*show_note)   (ReconField      *self,
                              ReconFieldLevel  level,
                              const char      *note);
  /* What has the focus and the name. */
  GtkWidget  *(*get_control) (ReconField      *self);
};

GtkWidget       *recon_field_new             (ReconDocument    *document,
                                              ReconParameter    parameter);
ReconDocument   *recon_field_get_document    (ReconField       *self);
ReconParameter   recon_field_get_parameter   (ReconField       *self);
GtkWidget       *recon_field_get_control     (ReconField       *self);
ReconFieldLevel  recon_field_get_level       (ReconField       *self);
const char      *recon_field_get_note        (ReconField       *self);

/* What is known of the value besides what is typed. */
void             recon_field_set_hint        (ReconField       *self,
                                              const char       *hint);
void             recon_field_set_check       (ReconField       *self,
                                              ReconFieldLevel   level,
                                              const char       *text);
void             recon_field_set_unavailable (ReconField       *self,
                                              const char       *reason);

/* For the rows. */
char            *recon_field_format          (ReconField       *self);
gboolean         recon_field_means           (ReconField       *self,
                                              const char       *text);
gboolean         recon_field_commit          (ReconField       *self,
                                              const char       *text);
void             recon_field_finish          (ReconField       *self);
void             recon_field_show_below      (GtkLabel         *label,
                                              ReconFieldLevel   level,
                                              const char       *note);
void             recon_field_show_icon       (GtkImage         *icon,
                                              ReconFieldLevel   level);

G_END_DECLS
