// <iostream>, <sstream>, <fstream>, <iomanip>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
class ios_base {
 public:
  using fmtflags = int;
  using openmode = int;
  static constexpr openmode in = 1, out = 2, binary = 4, app = 8, ate = 16, trunc = 32;
  enum seekdir { beg, cur, end };
  static constexpr fmtflags fixed = 1, hex = 2, dec = 4, floatfield = 8;
  ios_base &operator=(const ios_base &) = delete;
  bool good() const;
  bool fail() const;
  bool bad() const;
  bool eof() const;
  void clear();
  explicit operator bool() const;
  bool operator!() const;
  long precision(long digits = 6);
  long width(long columns = 0);
  char fill(char c = ' ');
  fmtflags flags(fmtflags set = 0);
  fmtflags setf(fmtflags set, fmtflags mask = 0);
  void copyfmt(const ios_base &other);
  void exceptions(int mask);
};
using ios = ios_base;
using streamsize = ptrdiff_t;
using streampos = ptrdiff_t;

class ostream : virtual public ios_base {
 public:
  virtual ~ostream();
  ostream &operator<<(bool);
  ostream &operator<<(int);
  ostream &operator<<(unsigned);
  ostream &operator<<(long);
  ostream &operator<<(unsigned long);
  ostream &operator<<(long long);
  ostream &operator<<(unsigned long long);
  ostream &operator<<(short);
  ostream &operator<<(unsigned short);
  ostream &operator<<(float);
  ostream &operator<<(double);
  ostream &operator<<(long double);
  ostream &operator<<(const void *);
  ostream &operator<<(decltype(nullptr));
  ostream &operator<<(ostream &(*manipulator)(ostream &));
  ostream &operator<<(ios_base &(*manipulator)(ios_base &));
  ostream &write(const char *data, streamsize size);
  ostream &put(char c);
  ostream &flush();
  ostream &seekp(streampos to);
  streampos tellp();
  void *rdbuf() const;
};
ostream &operator<<(ostream &out, char c);
ostream &operator<<(ostream &out, signed char c);
ostream &operator<<(ostream &out, unsigned char c);
ostream &operator<<(ostream &out, const char *text);
ostream &operator<<(ostream &out, const string &text);
ostream &operator<<(ostream &out, string_view text);
ostream &operator<<(ostream &out, const error_code &code);
template <class S, class T> requires(__is_base_of(ostream, S) && !__is_same(ostream, S))
ostream &operator<<(S &&out, const T &value);

class istream : virtual public ios_base {
 public:
  virtual ~istream();
  template <class T> istream &operator>>(T &value);
  istream &read(char *out, streamsize size);
  istream &getline(char *out, streamsize size);
  int get();
  istream &get(char &c);
  int peek();
  istream &ignore(streamsize count = 1, int until = -1);
  istream &seekg(streampos to);
  istream &seekg(streampos offset, seekdir from);
  streampos tellg();
  streamsize gcount() const;
  void *rdbuf() const;
};
class iostream : public istream, public ostream {};
istream &getline(istream &in, string &line);
istream &getline(istream &in, string &line, char end);
extern ostream cout;
extern ostream cerr;
extern ostream clog;
extern istream cin;

class ostringstream : public ostream {
 public:
  explicit ostringstream(const string &text = "", openmode mode = out);
  string str() const;
  void str(const string &text);
};
class istringstream : public istream {
 public:
  explicit istringstream(const string &text = "", openmode mode = in);
  string str() const;
};
class stringstream : public iostream {
 public:
  explicit stringstream(const string &text = "", openmode mode = in | out);
  string str() const;
  void str(const string &text);
};
#define MIGRATE_FILE_STREAM(name, base)                                       \
  class name : public base {                                                  \
   public:                                                                    \
    name();                                                                   \
    template <class P> explicit name(const P &path, openmode mode = in);      \
    template <class P> void open(const P &path, openmode mode = in);          \
    bool is_open() const;                                                     \
    void close();                                                             \
  };
MIGRATE_FILE_STREAM(ifstream, istream)
MIGRATE_FILE_STREAM(ofstream, ostream)
MIGRATE_FILE_STREAM(fstream, iostream)
#undef MIGRATE_FILE_STREAM

template <class T> class istreambuf_iterator {
 public:
  using value_type = T;
  using difference_type = ptrdiff_t;
  istreambuf_iterator();
  istreambuf_iterator(istream &in);
  T operator*() const;
  istreambuf_iterator &operator++();
  bool operator==(const istreambuf_iterator &other) const;
};
template <class T> class istream_iterator : public istreambuf_iterator<T> {
 public:
  using istreambuf_iterator<T>::istreambuf_iterator;
};
template <class T> class ostream_iterator : public insert_iterator<ostream> {
 public:
  ostream_iterator(ostream &out, const char *separator = "");
  using insert_iterator<ostream>::operator=;
};

ostream &endl(ostream &out);
ostream &flush(ostream &out);
ostream &ends(ostream &out);
ios_base &hex(ios_base &s);
ios_base &dec(ios_base &s);
ios_base &oct(ios_base &s);
ios_base &fixed(ios_base &s);
ios_base &scientific(ios_base &s);
ios_base &defaultfloat(ios_base &s);
ios_base &left(ios_base &s);
ios_base &right(ios_base &s);
ios_base &boolalpha(ios_base &s);
ios_base &noboolalpha(ios_base &s);
ios_base &showbase(ios_base &s);
struct stream_setting {};
ostream &operator<<(ostream &out, stream_setting setting);
stream_setting setw(int columns);
stream_setting setprecision(int digits);
stream_setting setfill(char c);
stream_setting setbase(int base);
template <class T> string quoted(const T &text);
template <class... A> string format(string_view format, A &&...args);
}  // namespace std

#pragma clang force_cuda_host_device end
