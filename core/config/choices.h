/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The values of the CHOICE parameters, in the order in which their words are declared. */

/* Instead of one of them: the program chooses. */
#define RECON_CHOICE_AUTO (-1)

typedef enum
{
  RECON_ANGLE_UNIT_RADIAN,
  RECON_ANGLE_UNIT_DEGREE,
} ReconAngleUnit;

typedef enum
{
  RECON_ROTATE_0,
  RECON_ROTATE_90,
  RECON_ROTATE_180,
  RECON_ROTATE_270,
} ReconRotate;

typedef enum
{
  RECON_FLIP_NONE,
  RECON_FLIP_HORIZONTAL,
  RECON_FLIP_VERTICAL,
} ReconFlip;

typedef enum
{
  RECON_REDUCTION_AVERAGE,
  RECON_REDUCTION_MEDIAN,
} ReconReduction;

typedef enum
{
  RECON_METHOD_FBP,
} ReconMethod;

typedef enum
{
  RECON_FILTER_RAMP,
  RECON_FILTER_SHEPP_LOGAN,
  RECON_FILTER_COSINE,
  RECON_FILTER_HANN,
  RECON_FILTER_HAMMING,
  RECON_FILTER_PARZEN,
  RECON_FILTER_BUTTERWORTH,
  RECON_FILTER_NONE,
} ReconFilterKind;

typedef enum
{
  RECON_PADDING_ZERO,
  RECON_PADDING_EDGE,
  RECON_PADDING_MIRROR,
} ReconPadding;

typedef enum
{
  RECON_OUTPUT_FORMAT_TIFF,
  RECON_OUTPUT_FORMAT_TIFF_STACK,
  RECON_OUTPUT_FORMAT_HDF5,
} ReconOutputFormat;

typedef enum
{
  RECON_OUTPUT_TYPE_FLOAT32,
  RECON_OUTPUT_TYPE_UINT16,
  RECON_OUTPUT_TYPE_UINT8,
} ReconOutputType;

typedef enum
{
  RECON_COMPRESSION_NONE,
  RECON_COMPRESSION_DEFLATE,
  RECON_COMPRESSION_LZW,
} ReconCompression;

typedef enum
{
  RECON_KERNEL_PLAIN,
  RECON_KERNEL_DIRECT,
  RECON_KERNEL_MERGED,
} ReconKernel;

typedef enum
{
  RECON_VARIANT_CPU,
  RECON_VARIANT_GPU,
} ReconVariant;
