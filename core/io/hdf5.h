/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Names without a version mean the same in HDF5 1.10 to 2: include HDF5 by this header only. */
#define H5_USE_110_API
#include <hdf5.h>

#include <glib.h>
#include <gio/gio.h>

#include "base/fail.h"
#include "io/plain-rows.h"
#include "io/reader.h"

G_BEGIN_DECLS

/* hdf5.c */

/* An HDF5 handle of any kind (file, dataset, type, property list …), closed at the end of its scope:
 *
 *   g_auto (ReconHdf5Id) dataset = H5Dopen2 (…);
 */
typedef hid_t ReconHdf5Id;

void             recon_hdf5_id_close     (ReconHdf5Id   id);

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconHdf5Id, recon_hdf5_id_close, H5I_INVALID_HID)

/* recon_fail() for functions that return a handle. */
#define recon_fail_id(...) (recon_fail (__VA_ARGS__), H5I_INVALID_HID)

/* Every use of HDF5 happens while this is held; see recon_hdf5_lock(). */
GRecMutexLocker *recon_hdf5_lock         (void);

char            *recon_hdf5_error_text   (void);
gboolean         recon_hdf5_set_error    (GError      **error,
                                          ReconError    code,
                                          const char   *format,
                                          ...) G_GNUC_PRINTF (3, 4);

gboolean         recon_hdf5_is_file      (const char   *file);
gboolean         recon_hdf5_split_path   (const char   *path,
                                          char        **file,
                                          char        **object);
ReconHdf5Id      recon_hdf5_file_open    (const char   *file,
                                          GError      **error);
ReconHdf5Id      recon_hdf5_dataset_open (hid_t         root,
                                          const char   *file,
                                          const char   *path,
                                          GError      **error);
H5O_type_t       recon_hdf5_get_type     (hid_t         root,
                                          const char   *path);
gboolean         recon_hdf5_is_same      (hid_t         root,
                                          const char   *a,
                                          const char   *b);
gboolean         recon_hdf5_link_exists  (hid_t         root,
                                          const char   *path);

/* hdf5-guard.c */

/* HDF5 opens the files that a file points to, and one that is a pipe or a device holds it up for ever. So what follows
 * links does it with these property lists, and datasets are opened by recon_hdf5_open_guarded(). */

hid_t       recon_hdf5_link_access        (void);
ReconHdf5Id recon_hdf5_dataset_access_new (void);
ReconHdf5Id recon_hdf5_open_guarded       (hid_t        root,
                                           const char  *path,
                                           hid_t        access);

gboolean    recon_hdf5_check_dataset      (hid_t        dataset);

char       *recon_hdf5_get_file_name  (hid_t        object);
GPtrArray  *recon_hdf5_list_places    (const char  *holder,
                                       const char  *name,
                                       const char  *variable);
ReconHdf5Id recon_hdf5_open_source    (const char  *holder,
                                       const char  *name,
                                       char       **path,
                                       GError     **error);
gboolean    recon_hdf5_allow_files    (guint        n,
                                       const char  *path,
                                       GError     **error);
gboolean    recon_hdf5_can_open_files (const char  *path,
                                       GError     **error);

/* hdf5-list.c */

/* What a file holds at a path. */
typedef struct
{
  char      *path;
  H5O_type_t type; /* H5O_TYPE_UNKNOWN for a link that leads nowhere */
  guint      depth; /* 1 for the children of the root */
} ReconHdf5Object;

GPtrArray *recon_hdf5_list              (hid_t       root,
                                         const char *group);
GPtrArray *recon_hdf5_list_until        (hid_t       root,
                                         const char *group,
                                         gint64      end,
                                         gboolean   *complete);
GPtrArray *recon_hdf5_find_datasets     (hid_t       root,
                                         GPtrArray  *objects,
                                         int         rank);
char      *recon_hdf5_describe_datasets (hid_t       root,
                                         const char *group);
char      *recon_hdf5_describe_paths    (hid_t       root,
                                         const char *before,
                                         GPtrArray  *paths);
char      *recon_hdf5_link_target       (hid_t       root,
                                         const char *path);
char      *recon_hdf5_find_broken_link  (hid_t       root,
                                         const char *path);

/* hdf5-values.c */

/* Size and type of a dataset. */
typedef struct
{
  int             rank;                /* 0 for a scalar, −1 where there is no data at all */
  hsize_t         dims[H5S_MAX_RANK];
  guint64         n_elements;          /* G_MAXUINT64 where it is not representable */
  gboolean        is_number;           /* an integer or a float */
  ReconSampleType type;                /* if so */
  gsize           size;                /* bytes of an element */
} ReconHdf5Shape;

char   *recon_hdf5_read_string    (hid_t        root,
                                   const char  *path);
char   *recon_hdf5_read_attribute (hid_t        root,
                                   const char  *path,
                                   const char  *name);
double *recon_hdf5_read_numbers   (hid_t        root,
                                   const char  *file,
                                   const char  *path,
                                   gsize       *n,
                                   GError     **error);
gsize   recon_hdf5_count_numbers  (hid_t        root,
                                   const char  *path);
double  recon_hdf5_read_number    (hid_t        root,
                                   const char  *path);

double recon_hdf5_get_length_um (hid_t       root,
                                 const char *path,
                                 double      initial);

gboolean recon_hdf5_shape_get        (hid_t            dataset,
                                      ReconHdf5Shape  *shape);
gboolean recon_hdf5_shape_check_type (hid_t            dataset,
                                      const char      *path,
                                      ReconHdf5Shape  *shape,
                                      GError         **error);
char    *recon_hdf5_shape_describe   (hid_t            dataset);

/* hdf5-view.c */

/* The most images of a dataset, and the most rows and columns of one: a few kilobytes of a damaged file can claim
 * billions. */
#define RECON_HDF5_MOST (1 << 20)

/* Which elements of a dataset are images. Frames, rows and columns are three of its axes, in this order; on each other
 * axis one index is taken. A single image has no axis of frames. */
typedef struct
{
  int     rank;                /* of the dataset */
  int     axes[3];             /* of frames (−1 where there is none), rows and columns */
  hsize_t index[H5S_MAX_RANK]; /* on the other axes */
  guint   n[3];                /* frames, rows, columns */
} ReconHdf5View;

gboolean recon_hdf5_view_split_path (hid_t                  root,
                                     const char            *object,
                                     char                 **dataset,
                                     char                 **selection);
gboolean recon_hdf5_view_init       (ReconHdf5View         *self,
                                     const ReconHdf5Shape  *shape,
                                     const char            *selection,
                                     const char            *path,
                                     GError               **error);
void     recon_hdf5_view_get_offset (const ReconHdf5View   *self,
                                     const hsize_t          offset[3],
                                     hsize_t               *position);
int      recon_hdf5_view_get_other  (const ReconHdf5View   *self,
                                     int                    axis);

guint    recon_hdf5_shape_count_axes  (const ReconHdf5Shape *shape);
void     recon_hdf5_shape_squeeze     (ReconHdf5Shape       *shape);
int      recon_hdf5_shape_find_choice (const ReconHdf5Shape *shape);
char    *recon_hdf5_shape_select      (const ReconHdf5Shape *shape,
                                       int                   axis,
                                       guint64               index,
                                       ReconHdf5Shape       *selected);

/* hdf5-storage.c */

gboolean    recon_hdf5_storage_check      (hid_t                 dataset,
                                           const char           *path,
                                           GError              **error);
void        recon_hdf5_storage_list_files (hid_t                 dataset,
                                           GPtrArray            *files);
guint64     recon_hdf5_count_unwritten    (hid_t                 dataset,
                                           guint64              *n_chunks);
guint       recon_hdf5_get_batch          (hid_t                 dataset,
                                           const ReconHdf5View  *view,
                                           int                   axis);
ReconHdf5Id recon_hdf5_create_access      (hid_t                 dataset,
                                           const ReconHdf5View  *view,
                                           gsize                 sample_bytes);

/* hdf5-mapping.c */

/* A part of a dataset, bounds included. */
typedef struct
{
  int     rank;
  hsize_t first[H5S_MAX_RANK];
  hsize_t last[H5S_MAX_RANK];
} ReconHdf5Box;

/* A line of the table in a virtual dataset: these elements are those of that source. */
typedef struct
{
  char    *file;      /* as written, "." for the file with the virtual dataset */
  char    *dataset;
  hid_t    space;     /* which elements of the virtual dataset; of a pattern, those of its first block */
  hid_t    source;    /* which elements of the source */
  int      unlimited; /* the dimension in which they go on for as long as there are sources, or −1 */
  guint64  n_blocks;  /* of a pattern, each with a source of its own; else 1 */
  hsize_t  stride;    /* from one block to the next */
} ReconHdf5Mapping;

gboolean recon_hdf5_mapping_read      (ReconHdf5Mapping       *self,
                                       hid_t                   creation,
                                       gsize                   i);
gboolean recon_hdf5_mapping_limit     (ReconHdf5Mapping       *self,
                                       const ReconHdf5Shape   *shape);
void     recon_hdf5_mapping_clear     (ReconHdf5Mapping       *self);
char    *recon_hdf5_mapping_expand    (const char             *name,
                                       guint64                 block);
void     recon_hdf5_mapping_get_block (const ReconHdf5Mapping *self,
                                       guint64                 block,
                                       ReconHdf5Box           *box);
gboolean recon_hdf5_mapping_exceeds   (const ReconHdf5Mapping *self,
                                       const ReconHdf5Shape   *source);
gboolean recon_hdf5_mapping_project   (const ReconHdf5Mapping *self,
                                       guint64                 block,
                                       const ReconHdf5Shape   *source,
                                       const ReconHdf5Box     *part,
                                       ReconHdf5Box           *box);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconHdf5Mapping, recon_hdf5_mapping_clear)

/* hdf5-sources.c */

/* A box of a virtual dataset that a source should fill which isn't there. */
typedef struct
{
  const char   *reason; /* what is missing, in sentences; belongs to the ReconHdf5Sources */
  ReconHdf5Box  box;
} ReconHdf5Gap;

/* What a virtual dataset is put together from, to the last source where those are virtual themselves. */
typedef struct
{
  GArray     *gaps;      /* (element-type ReconHdf5Gap) */
  GPtrArray  *files;     /* (element-type filename): all files that were found, each once */
  guint       n_sources; /* datasets, each counted once */
  guint       n_missing; /* those of them that cannot be read */
  double      covered;   /* the part of the dataset that has a source, at most 1; others read as the fill value */
  GHashTable *found;     /* owns the reasons */
} ReconHdf5Sources;

ReconHdf5Sources *recon_hdf5_sources_find         (hid_t                    dataset,
                                                   const char              *path,
                                                   GError                 **error);
void              recon_hdf5_sources_free         (ReconHdf5Sources        *self);

/* What of it is needed: hdf5-gaps.c. */
gboolean          recon_hdf5_sources_check_all    (hid_t                    dataset,
                                                   const char              *path,
                                                   GError                 **error);
gboolean          recon_hdf5_sources_check_some   (hid_t                    dataset,
                                                   const char              *path,
                                                   GError                 **error);
gboolean          recon_hdf5_sources_check_any    (const ReconHdf5Sources  *self,
                                                   const char              *path,
                                                   GError                 **error);
gboolean          recon_hdf5_sources_check_images (const ReconHdf5Sources  *self,
                                                   const char              *path,
                                                   const ReconHdf5View     *view,
                                                   const guint             *frames,
                                                   guint                    n_frames,
                                                   guint                    row,
                                                   guint                    n_rows,
                                                   GError                 **error);
char             *recon_hdf5_sources_describe     (const ReconHdf5Sources  *self,
                                                   const char              *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconHdf5Sources, recon_hdf5_sources_free)

/* hdf5-pieces.c */

/* How a dataset of images lies in its file, where it can be read without holding HDF5's lock all the time. */
typedef enum
{
  RECON_HDF5_BY_LIBRARY, /* it cannot */
  RECON_HDF5_PLAIN,      /* in one piece, as in memory */
  RECON_HDF5_CHUNKS,     /* in chunks, with no other filters than these */
} ReconHdf5Way;

typedef struct
{
  ReconHdf5Way    way;
  ReconHdf5View   view;
  guint           n_frames;
  guint           height;
  guint           width;
  ReconSampleType type;
  hid_t           memory_type; /* that of the file if it is one of this machine's, else H5T_NATIVE_FLOAT */
  ReconSampleType read_as;     /* what it is in memory then */

  int             file;        /* the dataset's file as HDF5 has it open, or −1 */
  guint64         file_bytes;  /* its size then */
  int             fd;          /* the same if it can be read past HDF5, or −1 */
  guint64         offset;      /* of the first image */
  guint64         frame_bytes; /* from one to the next */

  guint           chunk[3];    /* frames, rows, columns */
  gsize           chunk_bytes;
  gboolean        shuffled;
  gboolean        deflated;
  guint64        *addresses;   /* (nullable): of each chunk in the file, or 0; of chunks that are as wide as images */
} ReconHdf5Pieces;

/* The most bytes that a packed chunk may take: deflate makes noise a little larger. */
#define RECON_HDF5_MOST_STORED(bytes) ((bytes) + (bytes) / 8 + 1024)

/* What a thread needs to read chunks. All zeros is empty. */
typedef struct
{
  ReconScratch  stored;
  ReconScratch  chunk;
  ReconScratch  row;
  GConverter   *inflater;
} ReconHdf5Unpacker;

void     recon_hdf5_pieces_clear       (ReconHdf5Pieces       *self);
void     recon_hdf5_pieces_init        (ReconHdf5Pieces       *self,
                                        hid_t                  dataset,
                                        const ReconHdf5Shape  *shape,
                                        const ReconHdf5View   *view);
gsize    recon_hdf5_pieces_get_scratch_bytes (const ReconHdf5Pieces *self);
gboolean recon_hdf5_pieces_is_cut      (const ReconHdf5Pieces *self);
gboolean recon_hdf5_pieces_read        (const ReconHdf5Pieces *self,
                                        hid_t                  dataset,
                                        const ReconReading    *reading,
                                        ReconHdf5Unpacker     *unpacker,
                                        GCancellable          *cancellable);
void     recon_hdf5_unpacker_free      (ReconHdf5Unpacker     *self);

G_END_DECLS
