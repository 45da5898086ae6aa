// The torch release whose behaviour these headers keep, as `#if TORCH_VERSION_MAJOR` asks for it.
#pragma once

#define FFI_PORT_TORCH_VERSION_MAJOR 2
#define FFI_PORT_TORCH_VERSION_MINOR 13
#define FFI_PORT_TORCH_VERSION_PATCH 0
#define FFI_PORT_TORCH_VERSION "2.13.0"
