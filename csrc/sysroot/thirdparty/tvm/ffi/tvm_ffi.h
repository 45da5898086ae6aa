// Stand-in for tvm-ffi: what generated shims and the carried headers use of it.
#pragma once
#pragma clang force_cuda_host_device begin

typedef enum { kDLCPU = 1, kDLCUDA = 2, kDLCUDAHost = 3, kDLROCM = 10, kDLCUDAManaged = 13 } DLDeviceType;
struct DLDevice {
  DLDeviceType device_type;
  int32_t device_id;
};
struct DLDataType {
  uint8_t code, bits;
  uint16_t lanes;
};
struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape, *strides;
  uint64_t byte_offset;
};
struct TVMFFIAny {
  int32_t type_index;
  union {
    int64_t v_int64;
    double v_float64;
    void* v_ptr;
  };
};
extern "C" void* TVMFFIEnvGetStream(int32_t device_type, int32_t device_id);

namespace tvm::ffi {
class Any {
 public:
  Any();
  template <class T> Any(const T&);
  template <class T> T cast() const;
  template <class T> std::optional<T> try_cast() const;
  template <class T> std::optional<T> as() const;
  bool operator==(std::nullptr_t) const;
  bool operator!=(std::nullptr_t) const;
};
class AnyView {
 public:
  template <class T> AnyView(const T&);
  template <class T> T cast() const;
  template <class T> std::optional<T> try_cast() const;
};
class String {
 public:
  String();
  String(const char*);
  String(const std::string&);
  operator std::string() const;
  const char* c_str() const;
  const char* data() const;
  size_t size() const;
  bool operator==(const char*) const;
};
template <class T> class Optional {
 public:
  Optional();
  Optional(std::nullopt_t);
  Optional(T);
  bool has_value() const;
  T value() const;
  T operator*() const;
  explicit operator bool() const;
};
template <class T> class Array {
 public:
  Array();
  Array(std::initializer_list<T>);
  template <class Iterator> Array(Iterator, Iterator);
  int64_t size() const;
  bool empty() const;
  T operator[](int64_t) const;
  const T* begin() const;
  const T* end() const;
  void push_back(const T&);
};
template <class K, class V> class Map {
 public:
  Map();
  int64_t size() const;
  void Set(const K&, const V&);
  V at(const K&) const;
  V operator[](const K&) const;
  const std::pair<K, V>* begin() const;
  const std::pair<K, V>* end() const;
};
template <class... T> class Variant {
 public:
  template <class U> Variant(const U&);
  template <class U> std::optional<U> as() const;
  template <class U> U get() const;
};
template <class... T> class Tuple {
 public:
  template <class... U> explicit Tuple(U&&...);
  template <size_t I> auto get() const { return std::get<I>(std::declval<std::tuple<T...>>()); }
};
class ShapeView {
 public:
  ShapeView(const int64_t*, size_t);
  size_t size() const;
  int64_t operator[](size_t) const;
  const int64_t* data() const;
};
class Shape {
 public:
  Shape();
  Shape(std::vector<int64_t>);
  Shape(std::initializer_list<int64_t>);
  template <class I>
  Shape(I begin, I end);
  operator ShapeView() const;
};
class TensorBase {
 public:
  ShapeView shape() const;
  ShapeView strides() const;
  int64_t size(int64_t) const;
  int64_t stride(int64_t) const;
  int64_t numel() const;
  int32_t ndim() const;
  void* data_ptr() const;
  uint64_t byte_offset() const;
  DLDevice device() const;
  DLDataType dtype() const;
  bool IsContiguous() const;
  bool defined() const;
};
class Tensor : public TensorBase {
 public:
  const DLTensor* GetDLTensorPtr() const;
  template <class Alloc, class... A>
  static Tensor FromNDAlloc(Alloc, ShapeView, DLDataType, DLDevice, A&&...);
  template <class Alloc, class... A>
  static Tensor FromNDAllocStrided(Alloc, ShapeView, ShapeView, DLDataType, DLDevice, A&&...);
  template <class Alloc> static Tensor FromEnvAlloc(Alloc, ShapeView, DLDataType, DLDevice);
};
class TensorView : public TensorBase {
  DLTensor tensor_;

 public:
  TensorView(const Tensor&);
  TensorView(const DLTensor*);
};
#pragma clang force_cuda_host_device end
class Error : public std::exception {
 public:
  Error(std::string kind, std::string message, std::string backtrace);
  std::string kind() const;
  std::string message() const;
  const char* what() const noexcept override;
};
#pragma clang force_cuda_host_device begin
class Function {
 public:
  template <class... A> Any operator()(A&&...) const;
  void CallPacked(const AnyView*, int32_t, Any*) const;
  bool defined() const;
  static std::optional<Function> GetGlobal(String);
  static Function GetGlobalRequired(String);
  template <class F> static Function FromTyped(F);
};
DLDataType StringToDLDataType(const String&);
String DLDataTypeToString(DLDataType);
template <class T> struct TypeTraits {
  static std::string GetMismatchTypeInfo(const TVMFFIAny*);
};
namespace detail {
template <class T> struct Type2Str {
  static std::string v();
};
}  // namespace detail
template <class F> struct migrate_typed {
  migrate_typed(F);
};
}  // namespace tvm::ffi

#define TVM_FFI_DLL_EXPORT
#define MIGRATE_TVM_JOIN(A, B) A##B
#define TVM_FFI_DLL_EXPORT_TYPED_FUNC(NAME, FUNCTION) \
  static tvm::ffi::migrate_typed MIGRATE_TVM_JOIN(migrate_export_, NAME){FUNCTION};
#define TVM_FFI_SAFE_CALL_BEGIN() try { (void)0
#define TVM_FFI_SAFE_CALL_END() } catch (...) { return -1; } return 0
#define TVM_FFI_THROW(KIND) throw tvm::ffi::Error(#KIND, "", ""), std::cerr

#pragma clang force_cuda_host_device end
