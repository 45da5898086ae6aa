// Stand-in for the helper headers of Composable Kernel's attention examples (masks and biases,
// scales, rotary embeddings), which libraries include by these bare names.
#pragma once
#include "ck_tile/core.hpp"

enum class mask_enum { no_mask = 0, mask_top_left, mask_bottom_right, window_generic };
struct mask_info {
  mask_enum type;
  ck_tile::index_t seqlen_q, seqlen_k, y, x, left, right, sink;
  static mask_info decode(std::string text, ck_tile::index_t seqlen_q, ck_tile::index_t seqlen_k);
};
enum class bias_enum { no_bias = 0, elementwise_bias, alibi };
struct bias_info {
  bias_enum type;
  int rank_info;
  static bias_info decode(std::string text);
};
enum class quant_scale_enum { no_scale = 0, pertensor, blockscale, kv_blockscale };
struct quant_scale_info {
  quant_scale_enum type;
  static quant_scale_info decode(std::string text);
};
enum class rope_enum { none = 0, interleaved, half_rotated };
