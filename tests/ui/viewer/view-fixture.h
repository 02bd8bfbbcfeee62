/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "test-images.h"
#include "viewer/image-view-private.h"

G_BEGIN_DECLS

/* A view in a window of its own. */
typedef struct
{
  GtkWindow      *window;
  ReconImageView *view;
  ReconCanvas    *canvas;
} ViewFixture;

void     view_fixture_init     (ViewFixture *self,
                                int          width,
                                int          height,
                                gboolean     use_es,
                                guint        largest_texture);
void     view_fixture_clear    (ViewFixture *self);
void     view_fixture_set      (ViewFixture *self,
                                ReconImage  *image);
void     view_fixture_wait     (ViewFixture *self);
guint32 *view_fixture_grab     (ViewFixture *self,
                                int         *width,
                                int         *height);
guint32 *view_fixture_paint    (ViewFixture *self);

/* Whether the tests run without OpenGL on purpose. */
gboolean view_fixture_is_no_gl (void);

void     assert_pixels_near    (const guint32 *a,
                                const guint32 *b,
                                gsize          n,
                                int            tolerance);

G_END_DECLS
