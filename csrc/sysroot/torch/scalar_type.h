// c10::ScalarType in torch's order and its kFloat names, TypeMeta, Layout, memory formats.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10 {
enum class ScalarType : int8_t {
  Byte, Char, Short, Int, Long, Half, Float, Double, ComplexHalf, ComplexFloat, ComplexDouble, Bool,
  QInt8, QUInt8, QInt32, BFloat16, QUInt4x2, QUInt2x4, Bits1x8, Bits2x4, Bits4x2, Bits8, Bits16,
  Float8_e5m2, Float8_e4m3fn, Float8_e5m2fnuz, Float8_e4m3fnuz, UInt16, UInt32, UInt64, UInt1,
  UInt2, UInt3, UInt4, UInt5, UInt6, UInt7, Int1, Int2, Int3, Int4, Int5, Int6, Int7,
  Float8_e8m0fnu, Float4_e2m1fn_x2, Undefined, NumOptions
};
#define MIGRATE_KIND(kind) inline constexpr ScalarType k##kind = ScalarType::kind;
MIGRATE_KIND(Byte) MIGRATE_KIND(Char) MIGRATE_KIND(Short) MIGRATE_KIND(Int) MIGRATE_KIND(Long)
MIGRATE_KIND(Half) MIGRATE_KIND(Float) MIGRATE_KIND(Double) MIGRATE_KIND(ComplexHalf)
MIGRATE_KIND(ComplexFloat) MIGRATE_KIND(ComplexDouble) MIGRATE_KIND(Bool) MIGRATE_KIND(QInt8)
MIGRATE_KIND(QUInt8) MIGRATE_KIND(QInt32) MIGRATE_KIND(BFloat16) MIGRATE_KIND(Float8_e5m2)
MIGRATE_KIND(Float8_e4m3fn) MIGRATE_KIND(Float8_e5m2fnuz) MIGRATE_KIND(Float8_e4m3fnuz)
MIGRATE_KIND(UInt16) MIGRATE_KIND(UInt32) MIGRATE_KIND(UInt64) MIGRATE_KIND(Float8_e8m0fnu)
MIGRATE_KIND(Float4_e2m1fn_x2)
#undef MIGRATE_KIND

template <ScalarType S> struct ScalarTypeToCPPType { using type = float; };
template <class T> struct CppTypeToScalarType {};
#define MIGRATE_CPP_TYPE(T, kind)                                                              \
  template <> struct ScalarTypeToCPPType<ScalarType::kind> { using type = T; };                \
  template <> struct CppTypeToScalarType<T>                                                    \
      : std::integral_constant<ScalarType, ScalarType::kind> {};
MIGRATE_CPP_TYPE(uint8_t, Byte) MIGRATE_CPP_TYPE(int8_t, Char) MIGRATE_CPP_TYPE(int16_t, Short)
MIGRATE_CPP_TYPE(int, Int) MIGRATE_CPP_TYPE(int64_t, Long) MIGRATE_CPP_TYPE(float, Float)
MIGRATE_CPP_TYPE(double, Double) MIGRATE_CPP_TYPE(bool, Bool)
MIGRATE_CPP_TYPE(uint16_t, UInt16) MIGRATE_CPP_TYPE(uint32_t, UInt32)
MIGRATE_CPP_TYPE(uint64_t, UInt64)
MIGRATE_CPP_TYPE(c10::Half, Half) MIGRATE_CPP_TYPE(c10::BFloat16, BFloat16)
MIGRATE_CPP_TYPE(c10::Float8_e5m2, Float8_e5m2) MIGRATE_CPP_TYPE(c10::Float8_e4m3fn, Float8_e4m3fn)
MIGRATE_CPP_TYPE(c10::Float8_e5m2fnuz, Float8_e5m2fnuz)
MIGRATE_CPP_TYPE(c10::Float8_e4m3fnuz, Float8_e4m3fnuz)
MIGRATE_CPP_TYPE(c10::complex<float>, ComplexFloat)
MIGRATE_CPP_TYPE(c10::complex<double>, ComplexDouble)
#undef MIGRATE_CPP_TYPE
namespace impl {
template <ScalarType S> using ScalarTypeToCPPTypeT = typename ScalarTypeToCPPType<S>::type;
template <ScalarType S> struct ScalarTypeToCPPType : c10::ScalarTypeToCPPType<S> {};
}  // namespace impl

const char *toString(ScalarType type);
size_t elementSize(ScalarType type);
bool isFloatingType(ScalarType type);
bool isReducedFloatingType(ScalarType type);
bool isFloat8Type(ScalarType type);
bool isComplexType(ScalarType type);
bool isIntegralType(ScalarType type, bool include_bool);
bool isSignedType(ScalarType type);
bool isQIntType(ScalarType type);
bool canCast(ScalarType from, ScalarType to);
ScalarType promoteTypes(ScalarType a, ScalarType b);
ScalarType toComplexType(ScalarType type);
ScalarType toAccumulateType(ScalarType type, bool is_cuda);
std::ostream &operator<<(std::ostream &out, ScalarType type);
ScalarType get_default_dtype_as_scalartype();

enum class Layout : int8_t {
  Strided, Sparse, SparseCsr, Mkldnn, SparseCsc, SparseBsr, SparseBsc, Jagged, NumOptions
};
inline constexpr Layout kStrided = Layout::Strided;
inline constexpr Layout kSparse = Layout::Sparse;
inline constexpr Layout kSparseCsr = Layout::SparseCsr;
enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d, NumOptions };
std::ostream &operator<<(std::ostream &out, Layout layout);
std::ostream &operator<<(std::ostream &out, MemoryFormat format);
}  // namespace c10

namespace caffe2 {
// torch's dtype object. It compares with, and is made from, a ScalarType.
class TypeMeta {
 public:
  TypeMeta() noexcept;
  template <class T> static TypeMeta Make();
  static TypeMeta fromScalarType(c10::ScalarType type);
  size_t itemsize() const noexcept;
  std::string_view name() const noexcept;
  c10::ScalarType toScalarType() const;
  bool isScalarType() const noexcept;
  bool isScalarType(c10::ScalarType type) const noexcept;
  template <class T> bool Match() const noexcept;
};
bool operator==(const TypeMeta &a, const TypeMeta &b);
bool operator!=(const TypeMeta &a, const TypeMeta &b);
bool operator==(const TypeMeta &a, c10::ScalarType b);
bool operator!=(const TypeMeta &a, c10::ScalarType b);
bool operator==(c10::ScalarType a, const TypeMeta &b);
bool operator!=(c10::ScalarType a, const TypeMeta &b);
std::ostream &operator<<(std::ostream &out, TypeMeta type);
}  // namespace caffe2

namespace c10 {
using caffe2::TypeMeta;
ScalarType typeMetaToScalarType(TypeMeta type);
TypeMeta scalarTypeToTypeMeta(ScalarType type);
TypeMeta get_default_dtype();
template <class T> struct OpMathType { using type = T; };
template <> struct OpMathType<Half> { using type = float; };
template <> struct OpMathType<BFloat16> { using type = float; };
template <> struct OpMathType<Float8_e4m3fn> { using type = float; };
template <> struct OpMathType<Float8_e5m2> { using type = float; };
}  // namespace c10

namespace at {
using namespace c10;
template <class T> using opmath_type = typename c10::OpMathType<T>::type;
template <class T, bool is_cuda> struct AccumulateType : c10::OpMathType<T> {};
template <> struct AccumulateType<float, false> { using type = double; };
template <class T, bool is_cuda> using acc_type = typename AccumulateType<T, is_cuda>::type;
}  // namespace at

#pragma clang force_cuda_host_device end
