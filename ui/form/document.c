/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/document.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "form/document-private.h"

/**
 * ReconDocument:
 *
 * What a window edits. Everything that changes the configuration goes through here, so that it can be undone; who only
 * wants to know listens to the configuration's properties or to #ReconDocument::changed. It is used by one thread.
 *
 * A document is modified where its values are not those that are in its file, however it came to them.
 */

G_DEFINE_FINAL_TYPE (ReconDocument, recon_document, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_TITLE,
  PROP_MODIFIED,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  N_PROPERTIES
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static gboolean
configs_equal (ReconConfig *a,
               ReconConfig *b)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *in_a = recon_config_format (a, i);
      g_autofree char *in_b = recon_config_format (b, i);

      if (!g_str_equal (in_a, in_b))
        return FALSE;
    }

  return TRUE;
}

static void
update_boolean (ReconDocument *self,
                gboolean      *member,
                gboolean       value,
                guint          property)
{
  if (*member == value)
    return;

  *member = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Takes the value. */
static void
update_label (ReconDocument  *self,
              char          **member,
              char           *value,
              guint           property)
{
  if (g_strcmp0 (*member, value) == 0)
    {
      g_free (value);
      return;
    }

  g_free (*member);
  *member = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Brings the properties up to date after a change of the configuration, the saved one or the history. */
void
_recon_document_update (ReconDocument *self)
{
  char *undo_label = recon_history_get_undo_label (self->history);
  char *redo_label = recon_history_get_redo_label (self->history);
  gboolean can_undo = undo_label != NULL;
  gboolean can_redo = redo_label != NULL;

  g_object_freeze_notify (G_OBJECT (self));
  update_boolean (self, &self->modified, !configs_equal (self->config, self->saved), PROP_MODIFIED);
  update_boolean (self, &self->can_undo, can_undo, PROP_CAN_UNDO);
  update_boolean (self, &self->can_redo, can_redo, PROP_CAN_REDO);
  update_label (self, &self->undo_label, undo_label, PROP_UNDO_LABEL);
  update_label (self, &self->redo_label, redo_label, PROP_REDO_LABEL);
  g_object_thaw_notify (G_OBJECT (self));
}

/* Replaces everything, which cannot be undone. @file: (nullable): where @saved is */
/* Returns: (transfer full) (nullable): where relative paths start from; %NULL without a file */
char *
_recon_document_dup_folder (ReconDocument *self)
{
  g_autofree char *path = self->file != NULL ? g_file_get_path (self->file) : NULL;

  return path != NULL ? g_path_get_dirname (path) : NULL;
}

void
_recon_document_replace (ReconDocument *self,
                         ReconConfig   *config,
                         GFile         *file,
                         ReconConfig   *saved)
{
  g_object_freeze_notify (G_OBJECT (self));
  recon_history_clear (self->history);
  recon_config_assign (self->config, config);
  _recon_document_take_saved (self, file, saved);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
_recon_document_emit_changed (ReconDocument *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* From now on @saved is what the file holds. */
void
_recon_document_take_saved (ReconDocument *self,
                            GFile         *file,
                            ReconConfig   *saved)
{
  g_object_freeze_notify (G_OBJECT (self));
  recon_history_close (self->history);
  recon_config_assign (self->saved, saved);
  if (g_set_object (&self->file, file))
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
    }
  _recon_document_update (self);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
recon_document_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ReconDocument *self = RECON_DOCUMENT (object);

  switch (id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_TITLE:
      g_value_take_string (value, recon_document_dup_title (self));
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, self->modified);
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, self->can_undo);
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, self->can_redo);
      break;
    case PROP_UNDO_LABEL:
      g_value_set_string (value, self->undo_label);
      break;
    case PROP_REDO_LABEL:
      g_value_set_string (value, self->redo_label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_document_finalize (GObject *object)
{
  ReconDocument *self = RECON_DOCUMENT (object);

  /* What is not saved stays where the next start finds it, unless somebody has dropped it. */
  if (self->autosave_lock >= 0)
    g_close (self->autosave_lock, NULL);
  g_free (self->autosave);
  g_free (self->undo_label);
  g_free (self->redo_label);
  g_clear_object (&self->config);
  g_clear_object (&self->saved);
  g_clear_object (&self->file);
  recon_history_free (self->history);

  G_OBJECT_CLASS (recon_document_parent_class)->finalize (object);
}

static void
recon_document_class_init (ReconDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = recon_document_get_property;
  object_class->finalize = recon_document_finalize;

  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * ReconDocument::changed:
   * @self: the document
   *
   * The configuration is another than a moment ago.
   */
  signals[CHANGED] = g_signal_new ("changed", RECON_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
recon_document_init (ReconDocument *self)
{
  self->config = recon_config_new ();
  self->saved = recon_config_new ();
  self->history = recon_history_new ();
  self->autosave_lock = -1;
}

/**
 * recon_document_new:
 *
 * Returns: (transfer full): a document of default values without a file
 */
ReconDocument *
recon_document_new (void)
{
  return g_object_new (RECON_TYPE_DOCUMENT, NULL);
}

/**
 * recon_document_get_config:
 * @self: a document
 *
 * Returns: (transfer none): its configuration, to look at and to listen to; change it with recon_document_set()
 */
ReconConfig *
recon_document_get_config (ReconDocument *self)
{
  g_return_val_if_fail (RECON_IS_DOCUMENT (self), NULL);

  return self->config;
}

/**
 * recon_document_get_file:
 * @self: a document
 *
 * Returns: (transfer none) (nullable): the file that it was loaded from or saved to last
 */
GFile *
recon_document_get_file (ReconDocument *self)
{
  g_return_val_if_fail (RECON_IS_DOCUMENT (self), NULL);

  return self->file;
}

/**
 * recon_document_dup_title:
 * @self: a document
 *
 * Returns: (transfer full): the name of its file, or what stands for one
 */
char *
recon_document_dup_title (ReconDocument *self)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), NULL);

  if (self->file == NULL)
    return g_strdup (_ ("New Configuration"));

  name = g_file_get_basename (self->file);

  return g_filename_display_name (name);
}

gboolean
recon_document_get_modified (ReconDocument *self)
{
  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);

  return self->modified;
}
