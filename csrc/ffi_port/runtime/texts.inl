// The bodies of what error.h, piece.h and str.h declare: messages, their parts, and failing.
// Included by runtime.inl.
#pragma once

#include <ostream>
#include <sstream>
#include <string>

#include "ffi_port/array_ref.h"
#include "ffi_port/error.h"
#include "ffi_port/exception.h"
#include "ffi_port/float_ops.h"
#include "ffi_port/piece.h"
#include "ffi_port/str.h"

namespace ffi_port {
namespace detail {

template <class T>
void put_built_in(std::ostream& out, const void* value) {
  out << *static_cast<const T*>(value);
}
#define FFI_PORT_PUT_(T) template void put_built_in<T>(std::ostream&, const void*);
FFI_PORT_PUT_(bool)
FFI_PORT_PUT_(char)
FFI_PORT_PUT_(signed char)
FFI_PORT_PUT_(unsigned char)
FFI_PORT_PUT_(short)
FFI_PORT_PUT_(unsigned short)
FFI_PORT_PUT_(int)
FFI_PORT_PUT_(unsigned int)
FFI_PORT_PUT_(long)
FFI_PORT_PUT_(unsigned long)
FFI_PORT_PUT_(long long)
FFI_PORT_PUT_(unsigned long long)
FFI_PORT_PUT_(float)
FFI_PORT_PUT_(double)
FFI_PORT_PUT_(long double)
#undef FFI_PORT_PUT_

void put_text(std::ostream& out, const void* text) { out << static_cast<const char*>(text); }
void put_text_at(std::ostream& out, const void* place) {
  out << *static_cast<const char* const*>(place);
}
void put_string(std::ostream& out, const void* string) {
  out << *static_cast<const std::string*>(string);
}
void put_pointer(std::ostream& out, const void* place) {
  out << *static_cast<const void* const*>(place);
}
void put_address(std::ostream& out, const void* address) { out << address; }
void put_list(std::ostream& out, const void* data, size_t count,
              Piece (*element)(const void* data, size_t index)) {
  out << "[";
  for (size_t i = 0; i < count; ++i) {
    if (i) out << ", ";
    element(data, i).put(out);
  }
  out << "]";
}
std::ostream& put_float(std::ostream& out, float value) { return out << value; }

std::string join(std::initializer_list<Piece> pieces) {
  std::ostringstream out;
  for (const Piece& piece : pieces) piece.put(out);
  return out.str();
}

void fail(Failure failure, const char* standard, std::initializer_list<Piece> given) {
  const std::string text = given.size() == 0 ? std::string(standard) : join(given);
  switch (failure) {
    case Failure::ValueError:
      throw ValueError(text);
    case Failure::TypeError:
      throw TypeError(text);
    case Failure::IndexError:
      throw IndexError(text);
    case Failure::NotImplementedError:
      throw NotImplementedError(text);
    case Failure::BufferError:
      throw BufferError(text);
    case Failure::SyntaxError:
      throw SyntaxError(text);
    case Failure::LinAlgError:
      throw LinAlgError(text);
    case Failure::OutOfMemoryError:
      throw OutOfMemoryError(text);
    case Failure::AcceleratorError:
      throw AcceleratorError(text);
    default:
      throw Error(text);
  }
}

}  // namespace detail
}  // namespace ffi_port
