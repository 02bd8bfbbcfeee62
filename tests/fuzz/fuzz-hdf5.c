/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"

#include <glib/gstdio.h>
#include <hdf5.h>
#include <math.h>
#include <unistd.h>

/* A file that is damaged below the level of datasets is the HDF5 library's to survive, and it doesn't always.
 * Ours is what a well-formed file may hold. So the input is not the file but a recipe for one: it starts from a
 * known layout and adds, replaces, removes and links things, of any type, shape and content, in the places where
 * the readers look. At last the file may be truncated. */

#define MAX_OPERATIONS 24
#define MAX_VALUES 4096

typedef struct
{
  const uint8_t *data;
  size_t         size;
} Recipe;

static const char *const paths[] = {
  "/data",
  "/exchange/data",
  "/exchange/data_dark",
  "/exchange/data_white",
  "/exchange/theta",
  "/measurement/instrument/detector/pixel_size_x",
  "/measurement/instrument/detection_system/objective/magnification",
  "/measurement/instrument/detection_system/objective/resolution",
  "/process/acquisition/rotation/rotation_start",
  "/process/acquisition/rotation/rotation_step",
  "/process/acquisition/rotation/num_angles",
  "/process/acquisition/dark_fields/dark_field_value",
  "/entry",
  "/entry/data",
  "/entry/data/data",
  "/entry/data/rotation_angle",
  "/entry/definition",
  "/entry/instrument/detector",
  "/entry/instrument/detector/data",
  "/entry/instrument/detector/image_key",
  "/entry/instrument/detector/image_key_control",
  "/entry/instrument/detector/magnification",
  "/entry/instrument/detector/x_pixel_size",
  "/entry/instrument/camera",
  "/entry/instrument/camera/data",
  "/entry/instrument/camera/image_key",
  "/entry/sample",
  "/entry/sample/rotation_angle",
  "/entry/sample/x_pixel_size",
};

static const char *const attributes[] = { "units", "NX_class", "axes", "signal", "default", "definition",
                                        "transformation_type" };

static const char *const words[] = {
  "", "deg", "degree", "rad", "radians", "mm", "µm", "m", "NXtomo", "NXentry", "NXdetector", "NXdata",
  "NXsample", "rotation", "theta:y:x", "y:theta:x", "data",
  "\377\376", "/entry/data", "a very long word that fits no buffer of some few bytes that one may think of",
};

static const hsize_t sizes[] = {
  0, 1, 2, 3, 4, 5, 6, 8, 16, 31, 100, 4096, 65537, 2147483647, 4294967296, 1099511627776,
};

static uint8_t
take (Recipe *recipe)
{
  if (recipe->size == 0)
    return 0;

  recipe->size--;

  return *recipe->data++;
}

#define PICK(recipe, array) (array)[take (recipe) % G_N_ELEMENTS (array)]

static hid_t
make_type (Recipe *recipe)
{
  const hid_t types[] = {
    H5T_STD_U8LE, H5T_STD_I8LE, H5T_STD_U16LE, H5T_STD_U16BE, H5T_STD_I32LE, H5T_STD_U64LE, H5T_STD_I64BE,
    H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_NATIVE_LDOUBLE, H5T_STD_B16LE, H5T_C_S1, H5T_FORTRAN_S1,
  };
  const hsize_t three = 3;
  guint choice = take (recipe) % (G_N_ELEMENTS (types) + 7);
  hid_t type;

  if (choice < G_N_ELEMENTS (types))
    return H5Tcopy (types[choice]);

  switch (choice - G_N_ELEMENTS (types))
    {
    case 0:
      type = H5Tcopy (H5T_C_S1);
      H5Tset_size (type, H5T_VARIABLE);
      return type;

    case 1:
      return H5Tvlen_create (H5T_STD_U16LE);

    case 2:
      return H5Tarray_create2 (H5T_IEEE_F32LE, 1, &three);

    case 3:
      return H5Tcreate (H5T_OPAQUE, 3);

    case 4:
      type = H5Tcreate (H5T_COMPOUND, 8);
      H5Tinsert (type, "real", 0, H5T_IEEE_F32LE);
      H5Tinsert (type, "imaginary", 4, H5T_IEEE_F32LE);
      return type;

    case 5:
      return H5Tenum_create (H5T_STD_U8LE);

    default:
      /* float16 as h5py writes it */
      type = H5Tcopy (H5T_IEEE_F32LE);
      H5Tset_fields (type, 15, 10, 5, 0, 10);
      H5Tset_size (type, 2);
      H5Tset_ebias (type, 15);
      return type;
    }
}

static void
make_attribute (hid_t   file,
                Recipe *recipe)
{
  const char *path = PICK (recipe, paths);
  const char *name = PICK (recipe, attributes);
  const char *word = PICK (recipe, words);
  uint8_t kind = take (recipe) % 6;
  double values[8] = { 0 };
  const hsize_t n = kind == 2 ? 1 : 8;
  hid_t space = kind == 0 ? H5Screate (H5S_NULL) : kind == 1 ? H5Screate (H5S_SCALAR) : H5Screate_simple (1, &n, NULL);
  hid_t type = kind < 3 ? H5Tcopy (H5T_C_S1) : kind == 3 ? make_type (recipe) : H5Tcopy (H5T_C_S1);
  hid_t attribute;

  if (kind < 3)
    H5Tset_size (type, MAX (strlen (word), 1));
  else if (kind > 3)
    H5Tset_size (type, H5T_VARIABLE);

  H5Adelete_by_name (file, path, name, H5P_DEFAULT);
  attribute = H5Acreate_by_name (file, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (kind == 1 || kind == 2)
    H5Awrite (attribute, type, word);
  else if (kind == 3 && H5Tget_class (type) == H5T_FLOAT)
    H5Awrite (attribute, H5T_NATIVE_DOUBLE, values);
  else if (kind == 4)
    {
      const char *strings[8] = { word, word, word, word, word, word, word, word };

      H5Awrite (attribute, type, strings);
    }

  H5Aclose (attribute);
  H5Tclose (type);
  H5Sclose (space);
}

static void
fill_dataset (hid_t   dataset,
              gsize   n,
              Recipe *recipe)
{
  static const double odd[] = { 0, 1, 2, 3, -1, (double) NAN, (double) INFINITY, 1e300 };
  g_autofree double *values = g_new (double, n);
  uint8_t seed = take (recipe);

  for (gsize i = 0; i < n; i++)
    values[i] = seed < 128 ? (double) (i * seed % 5) : odd[(i + seed) % G_N_ELEMENTS (odd)];

  H5Dwrite (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
}

static void
make_dataset (hid_t       file,
              const char *path,
              Recipe     *recipe)
{
  hid_t links = H5Pcreate (H5P_LINK_CREATE);
  hid_t create = H5Pcreate (H5P_DATASET_CREATE);
  hid_t type = make_type (recipe);
  int rank = take (recipe) % 5;
  uint8_t storage = take (recipe);
  hsize_t shape[5] = { 0 };
  hsize_t chunk[5] = { 0 };
  double n = 1;
  hid_t space;
  hid_t dataset;

  for (int i = 0; i < rank; i++)
    {
      shape[i] = PICK (recipe, sizes);
      chunk[i] = CLAMP (shape[i], 1, 1 + storage % 64u);
      n *= (double) shape[i];
    }

  H5Pset_create_intermediate_group (links, 1);
  if (rank > 0 && storage % 3 == 1)
    H5Pset_chunk (create, rank, chunk);
  else if (storage % 3 == 2)
    H5Pset_layout (create, H5D_COMPACT);
  if (rank > 0 && storage % 3 == 1 && storage >= 128)
    H5Pset_deflate (create, 1);

  space = H5Screate_simple (rank, shape, NULL);
  H5Ldelete (file, path, H5P_DEFAULT);
  dataset = H5Dcreate2 (file, path, type, space, links, create, H5P_DEFAULT);
  if (dataset >= 0 && n > 0 && n <= MAX_VALUES)
    fill_dataset (dataset, (gsize) n, recipe);

  H5Dclose (dataset);
  H5Sclose (space);
  H5Tclose (type);
  H5Pclose (create);
  H5Pclose (links);
}

static void
make_link (hid_t   file,
           Recipe *recipe)
{
  const char *path = PICK (recipe, paths);
  const char *target = PICK (recipe, paths);
  uint8_t kind = take (recipe) % 4;
  hid_t links = H5Pcreate (H5P_LINK_CREATE);

  H5Pset_create_intermediate_group (links, 1);
  H5Ldelete (file, path, H5P_DEFAULT);
  if (kind == 0)
    H5Lcreate_soft (target, file, path, links, H5P_DEFAULT);
  else if (kind == 1)
    H5Lcreate_hard (file, target, file, path, links, H5P_DEFAULT);
  else if (kind == 2)
    H5Lcreate_external ("scan.h5", target, file, path, links, H5P_DEFAULT);
  else
    H5Lcreate_external ("nowhere.h5", target, file, path, links, H5P_DEFAULT);

  H5Pclose (links);
}

/* Datasets as in real files: what follows changes some of them. */
static void
make_layout (hid_t   file,
             uint8_t layout)
{
  /* type, rank, storage, shape, values: see make_dataset() */
  static const uint8_t frames[] = { 2, 3, 0, 6, 4, 5, 3 };
  static const uint8_t reference[] = { 2, 3, 0, 1, 4, 5, 3 };
  static const uint8_t line[] = { 9, 1, 0, 6, 1 };
  static const uint8_t single[] = { 9, 0, 0, 1 };

  static const struct
  {
    uint8_t        layout;
    guint          path;
    const uint8_t *data;
    size_t         size;
  } parts[] = {
    { 1, 0, frames, sizeof frames },      { 2, 1, frames, sizeof frames }, { 2, 2, reference, sizeof reference },
    { 2, 3, reference, sizeof reference }, { 2, 4, line, sizeof line },     { 2, 5, single, sizeof single },
    { 3, 13, frames, sizeof frames },     { 3, 14, line, sizeof line },    { 3, 18, line, sizeof line },
    { 3, 19, single, sizeof single },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      Recipe recipe = { parts[i].data, parts[i].size };

      if (parts[i].layout == layout)
        make_dataset (file, paths[parts[i].path], &recipe);
    }
}

static void
follow (Recipe     *recipe,
        const char *path)
{
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

  g_assert_cmpint (file, >=, 0);
  make_layout (file, take (recipe) % 4);

  for (guint i = 0; i < MAX_OPERATIONS && recipe->size > 1; i++)
    {
      uint8_t operation = take (recipe) % 8;

      if (operation < 4)
        {
          const char *where = PICK (recipe, paths);

          make_dataset (file, where, recipe);
        }
      else if (operation < 6)
        make_attribute (file, recipe);
      else if (operation == 6)
        make_link (file, recipe);
      else
        H5Ldelete (file, PICK (recipe, paths), H5P_DEFAULT);
    }

  H5Fclose (file);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "scan.h5", NULL);
  Recipe recipe = { data, size };
  GStatBuf status;
  uint8_t rest;

  /* Much of what a recipe asks for is impossible, and HDF5 says so at length. */
  H5E_BEGIN_TRY
    {
      follow (&recipe, path);
    }
  H5E_END_TRY;

  rest = take (&recipe);
  if (rest >= 192)
    {
      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpint (truncate (path, status.st_size * (rest - 192) / 64), ==, 0);
    }

  fuzz_contents (path);

  return 0;
}
