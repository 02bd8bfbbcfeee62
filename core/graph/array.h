/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"
#include "geometry/geometry.h"

G_BEGIN_DECLS

#define RECON_MAX_AXES 4

typedef enum
{
  RECON_ARRAY_FLOAT32,
  RECON_ARRAY_COMPLEX64, /* two float32: real and imaginary part */
  RECON_ARRAY_UINT8,
  RECON_ARRAY_UINT16,
  RECON_ARRAY_UINT32,
} ReconArrayType;

/* What an array is, known before there are any numbers: its type, its axes by name, slowest first ("angle", "row",
 * "column" of a scan; "z", "y", "x" of slices; "frame", "row", "column" of images), and its geometry. */
typedef struct
{
  ReconArrayType    type;
  guint          n_axes;
  struct
  {
    const char *name; /* interned */
    guint64     size;
  }              axes[RECON_MAX_AXES];
  ReconGeometry *geometry; /* (nullable) */
} ReconArrayInfo;

/* A part of an array: a range along each axis. */
typedef struct
{
  guint n_axes;
  struct
  {
    guint64 first;
    guint64 n;
  }     axes[RECON_MAX_AXES];
} ReconRegion;

void         recon_array_info_init     (ReconArrayInfo        *self,
                                        ReconArrayType            type,
                                        guint                  n_axes,
                                        ...);
void         recon_array_info_copy     (ReconArrayInfo        *self,
                                        const ReconArrayInfo  *source);
void         recon_array_info_clear    (ReconArrayInfo        *self);
int          recon_array_info_find     (const ReconArrayInfo  *self,
                                        const char            *axis);
gboolean     recon_array_info_has_axes (const ReconArrayInfo  *self,
                                        ...) G_GNUC_NULL_TERMINATED;
char        *recon_array_info_describe (const ReconArrayInfo  *self);
gsize        recon_array_type_get_bytes    (ReconArrayType            type);
const char  *recon_array_type_get_name     (ReconArrayType            type);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconArrayInfo, recon_array_info_clear)

void         recon_region_init_whole   (ReconRegion           *self,
                                        const ReconArrayInfo  *info);
gboolean     recon_region_equal        (const ReconRegion     *self,
                                        const ReconRegion     *other);
gboolean     recon_region_contains     (const ReconRegion     *self,
                                        const ReconRegion     *other);
gboolean     recon_region_is_whole     (const ReconRegion     *self,
                                        const ReconArrayInfo  *info);
void         recon_region_unite        (ReconRegion           *self,
                                        const ReconRegion     *other);
void         recon_region_grow         (ReconRegion           *self,
                                        const ReconArrayInfo  *info,
                                        guint                  axis,
                                        guint64                halo);
gboolean     recon_region_get_bytes    (const ReconRegion     *self,
                                        ReconArrayType            type,
                                        guint                  lanes,
                                        gsize                 *bytes);

/* How a region lies in memory: in C order, but that the last axis but one (the rows of a projection, which become
 * slices) has room for whole groups of `lanes`; what is beyond its end means nothing. Two neighbouring tasks that
 * both know it may agree that within a group the row's index runs fastest: rows / lanes × columns × lanes. Then a
 * processor's vector holds the same column of all rows of a group. */
typedef struct
{
  guint    lanes; /* 1, 4, 8 or 16 */
  gboolean is_interleaved;
} ReconLayout;

/* Whether what lies so serves who wants it otherwise: groups are rows, too. */
static inline gboolean
recon_layout_serves (ReconLayout self,
                     ReconLayout wanted)
{
  return self.is_interleaved == wanted.is_interleaved && (wanted.lanes == 1 || self.lanes == wanted.lanes);
}

#define RECON_PLAIN     ((ReconLayout) { 1, FALSE })
#define RECON_MIN_LANES 4
#define RECON_MAX_LANES 16

/* The numbers of a region, in the host's memory or a device's, or in both. Used by one thread at a time. */
typedef struct _ReconArray ReconArray;

ReconArray        *recon_array_new          (const ReconArrayInfo  *info,
                                             const ReconRegion     *region,
                                             ReconLayout            layout);
ReconArray        *recon_array_new_for_host (const ReconArrayInfo  *info,
                                             const ReconRegion     *region,
                                             ReconLayout            layout,
                                             gpointer               memory);
ReconArray        *recon_array_new_view     (ReconArray            *self);
ReconArray        *recon_array_ref          (ReconArray            *self);
void               recon_array_unref        (ReconArray            *self);

ReconArrayType        recon_array_get_type_of   (ReconArray            *self);
const ReconRegion *recon_array_get_region   (ReconArray            *self);
ReconLayout        recon_array_get_layout   (ReconArray            *self);
gboolean           recon_array_is_empty     (ReconArray            *self);
gsize              recon_array_get_bytes    (ReconArray            *self);
guint              recon_array_get_n        (ReconArray            *self,
                                             guint                  axis);
guint              recon_array_get_pitch    (ReconArray            *self);

/* Where the numbers are wanted: what is newer elsewhere is brought there. Who writes gets room, with the numbers that
 * are there or without. */
gconstpointer      recon_array_read         (ReconArray            *self,
                                             GError               **error);
gpointer           recon_array_write        (ReconArray            *self,
                                             GError               **error);
cl_mem             recon_array_read_on      (ReconArray            *self,
                                             ReconDevice           *device,
                                             GError               **error);
cl_mem             recon_array_write_on     (ReconArray            *self,
                                             ReconDevice           *device,
                                             GError               **error);
gboolean           recon_array_reuse        (ReconArray            *self,
                                             const ReconArrayInfo  *info,
                                             const ReconRegion     *region,
                                             ReconLayout            layout);
void               recon_array_reshape      (ReconArray            *self,
                                             const ReconArrayInfo  *info,
                                             const ReconRegion     *region,
                                             ReconLayout            layout);
gboolean           recon_array_copy         (ReconArray            *self,
                                             ReconArray            *source,
                                             GError               **error);
gboolean           recon_array_paste        (ReconArray            *self,
                                             ReconArray            *part,
                                             GError               **error);
ReconArray        *recon_array_straighten   (ReconArray            *self,
                                             GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconArray, recon_array_unref)

G_END_DECLS
