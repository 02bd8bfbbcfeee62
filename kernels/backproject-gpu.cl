/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backprojection on GPUs: the sum of backproject.cl, arranged for work groups that share local memory. The two ways
 * to add up are those of backproject-direct.cl and backproject-merged.cl: projection by projection (direct), or
 * neighbouring angles first (merged; one level).
 *
 * One work group makes a tile of TILE × TILE pixels of the full slice, of 4 · COLUMNS slices of a group. Input has
 * the LANES slices of a group innermost; an item works on a float4 of them, the next item on the next float4, and
 * COLUMNS items further lies the next pixel of a line: items next to each other load from 16 · COLUMNS bytes in a
 * row, and write 8, 16 or 32 pixels in a row. An item holds PIXELS float4 of sums in registers, pixels below each
 * other, STEP lines apart.
 *
 * Both kernels work in batches of ROWS rows: all items fill the rows in local memory, then each takes from them what
 * its pixels need, two float4 for a pixel.
 *
 * direct: a row is the part of one projection that the tile sees, BAND columns, 0 beyond the detector, so that the
 * loop over pixels has no tests. Every sample that comes from global memory is used by 2 · TILE² / BAND = 43 loads.
 * Caches would do without copies where they are as fast as local memory; integrated and older GPUs have none that
 * are. merged: a row is the sum of a group of neighbouring projections that were shifted to agree in the tile's
 * middle, 2 samples per column. An item makes QUAD even and odd samples of it from QUAD + 4 of each projection: 36
 * products for 8 loads, which neighbours share in the cache. Weights are computed where they are used: that is hidden
 * behind the loads.
 *
 * What bounds it, by the count of instructions: local memory, with 128 bytes per clock and compute unit. A pixel of 4
 * slices takes 2 float4 loads, so 16 updates (pixel, projection, slice) per clock and unit are the direct kernel's
 * limit, a quarter of what its 2 multiplications each would allow; geometry, about 12 instructions for each pair of
 * loads, stays below it. Merging K angles divides that by K and adds the rows, some 60 clocks per tile and projection
 * of 16 slices, where 1024 are saved but for 1024 / K: it wins from K = 2 on, five times at K = 8. The 8 items that a
 * unit serves at once read 8 / COLUMNS pixels next to each other in a line, so columns that are at most that far
 * apart: they fall into different banks or are the same. Rows of 2 samples per column have even and odd samples apart
 * for that reason. 30 KiB of local memory and some 100 registers let two groups share a unit, so that one computes
 * while the other waits at a barrier.
 *
 * Tiles are absolute, every pixel is summed in the order of the table and by itself: it is bit for bit the same in
 * every region, block, launch, number of lanes, and for every COLUMNS and ROWS. All branches around barriers are the
 * same for all items of a group. */

#include "backproject.clh"

#define TILE    32
#define SLOTS   64 /* pixels at once; also the smallest work group */
#define STEP    (SLOTS / TILE)
#define PIXELS  (TILE * TILE / SLOTS)
#define ITEMS   (SLOTS * COLUMNS)
#define VECTORS (LANES / 4)

/* Columns at either side of the one that a tile's middle sees, and of a band. A corner is √2 (TILE - 1) / 2 away;
 * then comes the right neighbour. 363/256 is a little more than √2. */
#define BAND_REACH ((TILE - 1) * 363 / 512 + 2)
#define BAND       (2 * BAND_REACH + 2)

/* Likewise the samples of a merged row, half a column apart. */
#define QUAD  4
#define REACH ((TILE - 1) * 363 / 256 + 2)
#define HALF  ((REACH + 1 + QUAD - 1) / QUAD * QUAD) /* even samples, and as many odd ones */

/* Where a work group's tile is. Its middle and its pixels are counted from the slice's middle. */
typedef struct
{
  uint   first_slice;
  size_t first;  /* float4 of its first slices in the first column of the first projection */
  size_t pitch;  /* float4 from one projection to the next */
  int    column, row;
  float  x, y;   /* first pixel */
  bool   is_empty;
} Tile;

static inline Tile
get_tile (const uint      job,
          const uint      first_column, /* tiles */
          const uint      first_row,
          const uint      n_columns,
          const uint      n_rows,
          const Geometry *geometry)
{
  const float middle = 0.5f * (float) (geometry->width - 1);
  /* Not job % n_columns: oclgrind doesn't know what clang makes of the pair. */
  const uint all_rows = job / n_columns, slices = all_rows / n_rows; /* 4 · COLUMNS of them */
  const uint group = slices / (VECTORS / COLUMNS), vector = slices % (VECTORS / COLUMNS) * COLUMNS;
  Tile tile;

  tile.first_slice = group * LANES + vector * 4;
  tile.first = (size_t) group * (uint) geometry->width * VECTORS + vector;
  tile.pitch = (size_t) geometry->n_groups * (uint) geometry->width * VECTORS;
  tile.column = (int) (first_column + job - all_rows * n_columns) * TILE;
  tile.row = (int) (first_row + all_rows - slices * n_rows) * TILE;
  tile.x = (float) tile.column - middle;
  tile.y = (float) tile.row - middle;
  tile.is_empty = tile.first_slice >= geometry->n_slices ||
                  !is_needed (tile.column, tile.row, tile.x, tile.y, TILE, geometry);

  return tile;
}

/* Brings the item's pixels into the slices, as far as they are to be made. */
static inline void
write_pixels (const Tile     *tile,
              const Geometry *geometry,
              const float4   *sums,
              __global float *slices)
{
  const uint slot = (uint) get_local_id (0) / COLUMNS;
  const uint slice = tile->first_slice + (uint) get_local_id (0) % COLUMNS * 4;
  const uint column = (uint) tile->column + slot % TILE - geometry->x0;
  const float x = tile->x + (float) (slot % TILE);

  if (column >= geometry->x_size)
    return;

#pragma unroll
  for (uint i = 0; i < PIXELS; i++)
    {
      const uint line = slot / TILE + i * STEP;
      const uint row = (uint) tile->row + line - geometry->y0;
      const float y = tile->y + (float) line;
      const bool is_inside = !tile->is_empty && fma (x, x, y * y) <= geometry->radius_squared;
      const float4 pixel = is_inside ? sums[i] : (float4) 0.0f;

      if (row >= geometry->y_size)
        continue;

      const size_t slice_pixels = (size_t) geometry->x_size * geometry->y_size;
      __global float *result = slices + slice * slice_pixels + (size_t) row * geometry->x_size + column;

      if (slice < geometry->n_slices)
        result[0] = pixel.x;
      if (slice + 1 < geometry->n_slices)
        result[slice_pixels] = pixel.y;
      if (slice + 2 < geometry->n_slices)
        result[2 * slice_pixels] = pixel.z;
      if (slice + 3 < geometry->n_slices)
        result[3 * slice_pixels] = pixel.w;
    }
}

/* The first column of a tile's band. */
static inline float
get_band_begin (const float4    angle,
                const Tile     *tile,
                const Geometry *geometry)
{
  const float x = tile->x + 0.5f * (TILE - 1), y = tile->y + 0.5f * (TILE - 1);

  return floor (fma (x, angle.x, fma (y, angle.y, geometry->axis))) - (float) BAND_REACH;
}

/* Copies the tile's bands of n projections to local memory: n × BAND × COLUMNS. */
static inline void
load_bands (__local float4        *bands,
            __global const float4 *sinograms, /* of the first of them, slices of the tile */
            __global const float4 *angles,    /* likewise */
            const uint             n,
            const Tile            *tile,
            const Geometry        *geometry)
{
  for (uint i = (uint) get_local_id (0); i < n * BAND * COLUMNS; i += ITEMS)
    {
      const uint k = i / (BAND * COLUMNS), sample = i / COLUMNS % BAND, vector = i % COLUMNS;
      const int column = (int) get_band_begin (angles[k], tile, geometry) + (int) sample;

      bands[i] = column >= 0 && column < geometry->width
                   ? sinograms[k * tile->pitch + (size_t) column * VECTORS + vector] : (float4) 0.0f;
    }
}

/* Linear interpolation of one band for the item's pixels; x, y: the first of them. */
static inline void
add_band (float4               *sums,
          __local const float4 *band,
          const float4          angle, /* cos θ, sin θ, weight, 0 */
          const float           band_begin,
          const float           x,
          const float           y,
          const float           axis)
{
#pragma unroll
  for (uint i = 0; i < PIXELS; i++)
    {
      const float u = fma (x, angle.x, fma (y + (float) (i * STEP), angle.y, axis));
      const float left = floor (u), f = u - left;
      /* Holds anyway; but a wrong number must not lead out of local memory. */
      const int index = (int) clamp (left - band_begin, 0.0f, BAND - 2.0f) * COLUMNS;

      sums[i] = fma (band[index], (float4) (angle.z * (1.0f - f)), sums[i]);
      sums[i] = fma (band[index + COLUMNS], (float4) (angle.z * f), sums[i]);
    }
}

__kernel __attribute__ ((reqd_work_group_size (ITEMS, 1, 1))) void
backproject_direct (__global const float4 *sinograms,
                    __global float        *slices,
                    const Geometry         geometry,
                    __global const float4 *angles,
                    const uint             n_angles,
                    const uint             first_column,
                    const uint             first_row,
                    const uint             n_columns,
                    const uint             n_rows,
                    const uint             first_job)
{
  __local float4 bands[ROWS * BAND * COLUMNS];
  const uint     item = (uint) get_local_id (0), vector = item % COLUMNS, slot = item / COLUMNS;
  const Tile     tile = get_tile (first_job + (uint) get_group_id (0), first_column, first_row, n_columns, n_rows,
                                  &geometry);
  const float    x = tile.x + (float) (slot % TILE), y = tile.y + (float) (slot / TILE);
  const uint     end = tile.is_empty ? 0 : n_angles;
  float4         sums[PIXELS];

#pragma unroll
  for (uint i = 0; i < PIXELS; i++)
    sums[i] = 0.0f;

  for (uint first = 0; first < end; first += ROWS)
    {
      const uint n = min ((uint) ROWS, end - first);

      barrier (CLK_LOCAL_MEM_FENCE);
      load_bands (bands, sinograms + tile.first + first * tile.pitch, angles + first, n, &tile, &geometry);
      barrier (CLK_LOCAL_MEM_FENCE);

      for (uint k = 0; k < n; k++)
        {
          const float4 angle = angles[first + k];

          add_band (sums, bands + k * BAND * COLUMNS + vector, angle, get_band_begin (angle, &tile, &geometry), x, y,
                    geometry.axis);
        }
    }

  write_pixels (&tile, &geometry, sums, slices);
}

/* QUAD even samples, from `first` on, and the odd ones that follow each, of the sum of projections [begin, end) in
 * the order of the table. The row's sample REACH is what the tile's middle (x, y) sees. */
static inline void
merge_projections (__local float4        *even_samples,
                   __local float4        *odd_samples,
                   const uint             first,
                   __global const float4 *sinograms, /* slices of the item */
                   const size_t           pitch,
                   __global const float4 *angles,
                   __global const uint   *projections, /* of each angle */
                   const uint             begin,
                   const uint             end,
                   const float            x,
                   const float            y,
                   const Geometry        *geometry)
{
  float4 even_sums[QUAD], odd_sums[QUAD];

#pragma unroll
  for (uint i = 0; i < QUAD; i++)
    even_sums[i] = odd_sums[i] = 0.0f;

  for (uint k = begin; k < end; k++)
    {
      const float4 angle = angles[k];
      const float u = fma (x, angle.x, fma (y, angle.y, geometry->axis)) - 0.5f * REACH;
      const float left = floor (u), f = u - left;
      const bool next = f >= 0.5f; /* the odd samples' cubics begin one column further */
      const float4 even = angle.z * get_cubic (f);
      const float4 odd = angle.z * get_cubic (next ? f - 0.5f : f + 0.5f);
      const float even_taps[4] = { even.x, even.y, even.z, even.w };
      const float odd_taps[5] = { next ? 0.0f : odd.x, next ? odd.x : odd.y, next ? odd.y : odd.z, next ? odd.z : odd.w,
                                  next ? odd.w : 0.0f };
      const int column = (int) left - 1 + (int) first;
      __global const float4 *projection = sinograms + projections[k] * pitch;
      float4 q[QUAD + 4];

#pragma unroll
      for (int i = 0; i < QUAD + 4; i++)
        q[i] = column + i >= 0 && column + i < geometry->width ? projection[(size_t) (column + i) * VECTORS]
                                                               : (float4) 0.0f;

#pragma unroll
      for (int i = 0; i < QUAD; i++)
        {
#pragma unroll
          for (int t = 0; t < 4; t++)
            even_sums[i] = fma (q[i + t], (float4) even_taps[t], even_sums[i]);
#pragma unroll
          for (int t = 0; t < 5; t++)
            odd_sums[i] = fma (q[i + t], (float4) odd_taps[t], odd_sums[i]);
        }
    }

#pragma unroll
  for (uint i = 0; i < QUAD; i++)
    {
      even_samples[(first + i) * COLUMNS] = even_sums[i];
      odd_samples[(first + i) * COLUMNS] = odd_sums[i];
    }
}

/* Linear interpolation of one merged row for the item's pixels; x, y: the first of them, from the tile's middle. */
static inline void
add_row (float4               *sums,
         __local const float4 *even_samples,
         __local const float4 *odd_samples,
         const float4          group, /* cos and sin of its angle */
         const float           x,
         const float           y)
{
#pragma unroll
  for (uint i = 0; i < PIXELS; i++)
    {
      const float u = 2.0f * fma (x, group.x, (y + (float) (i * STEP)) * group.y) + (float) REACH;
      const int left = (int) u;
      const float f = u - (float) left;
      const bool is_odd = (left & 1) != 0;

      sums[i] = fma (even_samples[(left + 1) / 2 * COLUMNS], (float4) (is_odd ? f : 1.0f - f), sums[i]);
      sums[i] = fma (odd_samples[left / 2 * COLUMNS], (float4) (is_odd ? 1.0f - f : f), sums[i]);
    }
}

__kernel __attribute__ ((reqd_work_group_size (ITEMS, 1, 1))) void
backproject_merged (__global const float4 *sinograms,
                    __global float        *slices,
                    const Geometry         geometry,
                    __global const float4 *angles,      /* cos θ, sin θ, weight, 0; by angle */
                    __global const uint   *projections, /* of each angle */
                    __global const float4 *groups,      /* cos, sin */
                    __global const uint   *begins,      /* first angle of each group, and the end */
                    const uint             n_groups,
                    const uint             first_column,
                    const uint             first_row,
                    const uint             n_columns,
                    const uint             n_rows,
                    const uint             first_job)
{
  __local float4 rows[ROWS * 2 * HALF * COLUMNS];
  const uint     item = (uint) get_local_id (0), vector = item % COLUMNS, slot = item / COLUMNS;
  const Tile     tile = get_tile (first_job + (uint) get_group_id (0), first_column, first_row, n_columns, n_rows,
                                  &geometry);
  const float    half_tile = 0.5f * (TILE - 1);
  const float    x = (float) (slot % TILE) - half_tile, y = (float) (slot / TILE) - half_tile;
  const uint     end = tile.is_empty ? 0 : n_groups;
  float4         sums[PIXELS];

#pragma unroll
  for (uint i = 0; i < PIXELS; i++)
    sums[i] = 0.0f;

  for (uint first = 0; first < end; first += ROWS)
    {
      const uint n = min ((uint) ROWS, end - first);

      barrier (CLK_LOCAL_MEM_FENCE);
      for (uint i = item; i < n * (HALF / QUAD) * COLUMNS; i += ITEMS)
        {
          const uint k = i / (HALF / QUAD * COLUMNS), quad = i / COLUMNS % (HALF / QUAD);
          __local float4 *even_samples = rows + k * 2 * HALF * COLUMNS + i % COLUMNS;

          merge_projections (even_samples, even_samples + HALF * COLUMNS, quad * QUAD,
                             sinograms + tile.first + i % COLUMNS, tile.pitch, angles, projections, begins[first + k],
                             begins[first + k + 1], tile.x + half_tile, tile.y + half_tile, &geometry);
        }
      barrier (CLK_LOCAL_MEM_FENCE);

      for (uint k = 0; k < n; k++)
        {
          __local const float4 *even_samples = rows + k * 2 * HALF * COLUMNS + vector;

          add_row (sums, even_samples, even_samples + HALF * COLUMNS, groups[first + k], x, y);
        }
    }

  write_pixels (&tile, &geometry, sums, slices);
}
