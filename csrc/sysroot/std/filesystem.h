// <filesystem>, <regex>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
namespace filesystem {
class path {
 public:
  path();
  path(const string &text);
  path(const char *text);
  path(string_view text);
  path &operator/=(const path &other);
  path &operator+=(const string &text);
  path parent_path() const;
  path filename() const;
  path stem() const;
  path extension() const;
  path root_path() const;
  path relative_path() const;
  path lexically_normal() const;
  path lexically_relative(const path &base) const;
  path &replace_extension(const path &extension = {});
  path &replace_filename(const path &name);
  string string() const;
  std::string generic_string() const;
  const std::string &native() const;
  const char *c_str() const;
  operator std::string() const;
  bool empty() const;
  bool is_absolute() const;
  bool is_relative() const;
  bool has_parent_path() const;
  bool has_extension() const;
  const path *begin() const;
  const path *end() const;
  friend path operator/(const path &a, const path &b);
  friend bool operator==(const path &a, const path &b);
  friend bool operator!=(const path &a, const path &b);
  friend bool operator<(const path &a, const path &b);
  friend ostream &operator<<(ostream &out, const path &p);
};
class filesystem_error : public runtime_error {
 public:
  const error_code &code() const noexcept;
};
struct file_time_type {};
class directory_entry {
 public:
  const class path &path() const;
  operator const class path &() const;
  bool is_regular_file() const;
  bool is_directory() const;
  bool exists() const;
  size_t file_size() const;
};
class directory_iterator {
 public:
  directory_iterator();
  template <class... A> explicit directory_iterator(const path &directory, A &&...options);
  const directory_entry &operator*() const;
  const directory_entry *operator->() const;
  directory_iterator &operator++();
  directory_iterator &increment(error_code &error);
  bool operator==(const directory_iterator &other) const;
  bool operator!=(const directory_iterator &other) const;
};
directory_iterator begin(directory_iterator i);
directory_iterator end(const directory_iterator &i);
class recursive_directory_iterator : public directory_iterator {
 public:
  using directory_iterator::directory_iterator;
};
enum class copy_options { none, overwrite_existing, recursive, skip_existing };
enum class perms : unsigned { none = 0, owner_all = 0700, all = 0777 };
enum class directory_options { none, follow_directory_symlink, skip_permission_denied };
bool exists(const path &p);
bool exists(const path &p, error_code &error);
bool is_directory(const path &p);
bool is_directory(const path &p, error_code &error);
bool is_regular_file(const path &p);
bool is_empty(const path &p);
bool create_directory(const path &p);
bool create_directories(const path &p);
bool create_directories(const path &p, error_code &error);
bool remove(const path &p);
bool remove(const path &p, error_code &error);
size_t remove_all(const path &p);
size_t remove_all(const path &p, error_code &error);
void rename(const path &from, const path &to);
void rename(const path &from, const path &to, error_code &error);
bool copy_file(const path &from, const path &to, copy_options options = copy_options::none);
void copy(const path &from, const path &to, copy_options options = copy_options::none);
void permissions(const path &p, perms set);
size_t file_size(const path &p);
path current_path();
path absolute(const path &p);
path canonical(const path &p);
path weakly_canonical(const path &p);
path relative(const path &p, const path &base = {});
path temp_directory_path();
file_time_type last_write_time(const path &p);
}  // namespace filesystem

class sub_match {
 public:
  string str() const;
  operator string() const;
  bool matched;
  size_t length() const;
};
class smatch {
 public:
  const sub_match &operator[](size_t i) const;
  string str(size_t i = 0) const;
  size_t position(size_t i = 0) const;
  size_t size() const;
  bool empty() const;
  sub_match prefix() const;
  sub_match suffix() const;
};
using cmatch = smatch;
namespace regex_constants {
enum syntax_option_type { ECMAScript, icase, optimize };
}
class regex {
 public:
  static constexpr regex_constants::syntax_option_type icase = regex_constants::icase;
  regex();
  regex(const string &pattern, int flags = 0);
};
bool regex_match(const string &text, const regex &pattern);
bool regex_match(const string &text, smatch &match, const regex &pattern);
bool regex_search(const string &text, const regex &pattern);
bool regex_search(const string &text, smatch &match, const regex &pattern);
string regex_replace(const string &text, const regex &pattern, const string &replacement);
class sregex_iterator {
 public:
  using value_type = smatch;
  using difference_type = ptrdiff_t;
  using reference = const smatch &;
  using pointer = const smatch *;
  using iterator_category = forward_iterator_tag;
  sregex_iterator();
  sregex_iterator(const char *first, const char *last, const regex &pattern);
  const smatch &operator*() const;
  const smatch *operator->() const;
  sregex_iterator &operator++();
  bool operator==(const sregex_iterator &other) const;
  bool operator!=(const sregex_iterator &other) const;
};
}  // namespace std

#pragma clang force_cuda_host_device end
