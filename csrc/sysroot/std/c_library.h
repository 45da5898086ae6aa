// C library: integer types and limits, memory, strings, stdio, files, dynamic loading.
#pragma once
#pragma clang force_cuda_host_device begin

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef long ssize_t;
typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __INTMAX_TYPE__ intmax_t;
typedef __UINTMAX_TYPE__ uintmax_t;
typedef unsigned int uint;
typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned long ulong;
typedef long time_t;
typedef long clock_t;
typedef int pid_t;
typedef unsigned int mode_t;
typedef long off_t;
typedef __builtin_va_list va_list;
typedef decltype(nullptr) nullptr_t;

#define NULL __null
#define EOF (-1)
#define va_start(list, last) __builtin_va_start(list, last)
#define va_end(list) __builtin_va_end(list)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define offsetof(type, member) __builtin_offsetof(type, member)
#define assert(...) ((void)(__VA_ARGS__))

#define CHAR_BIT __CHAR_BIT__
#define SCHAR_MAX __SCHAR_MAX__
#define SCHAR_MIN (-__SCHAR_MAX__ - 1)
#define CHAR_MAX __SCHAR_MAX__
#define CHAR_MIN SCHAR_MIN
#define UCHAR_MAX 255
#define SHRT_MAX __SHRT_MAX__
#define SHRT_MIN (-__SHRT_MAX__ - 1)
#define USHRT_MAX 65535
#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)
#define UINT_MAX (__INT_MAX__ * 2U + 1U)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-__LONG_MAX__ - 1L)
#define ULONG_MAX (__LONG_MAX__ * 2UL + 1UL)
#define LLONG_MAX __LONG_LONG_MAX__
#define LLONG_MIN (-__LONG_LONG_MAX__ - 1LL)
#define ULLONG_MAX (__LONG_LONG_MAX__ * 2ULL + 1ULL)
#define INT8_MAX __INT8_MAX__
#define INT8_MIN (-__INT8_MAX__ - 1)
#define INT16_MAX __INT16_MAX__
#define INT16_MIN (-__INT16_MAX__ - 1)
#define INT32_MAX __INT32_MAX__
#define INT32_MIN (-__INT32_MAX__ - 1)
#define INT64_MAX __INT64_MAX__
#define INT64_MIN (-__INT64_MAX__ - 1)
#define UINT8_MAX __UINT8_MAX__
#define UINT16_MAX __UINT16_MAX__
#define UINT32_MAX __UINT32_MAX__
#define UINT64_MAX __UINT64_MAX__
#define SIZE_MAX __SIZE_MAX__
#define FLT_MAX __FLT_MAX__
#define FLT_MIN __FLT_MIN__
#define FLT_EPSILON __FLT_EPSILON__
#define FLT_DIG __FLT_DIG__
#define FLT_MANT_DIG __FLT_MANT_DIG__
#define DBL_MAX __DBL_MAX__
#define DBL_MIN __DBL_MIN__
#define DBL_EPSILON __DBL_EPSILON__
#define PRId32 "d"
#define PRIu32 "u"
#define PRIx32 "x"
#define PRId64 "ld"
#define PRIi64 "li"
#define PRIu64 "lu"
#define PRIx64 "lx"
#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_LOCAL 0
#define RTLD_GLOBAL 0x100
#define RTLD_DEFAULT ((void *)0)
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_APPEND 02000
#define O_NONBLOCK 04000
#define O_SYNC 04010000
#define O_CLOEXEC 02000000
#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define PATH_MAX 4096
#define WIFEXITED(status) (((status) & 0x7f) == 0)
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WIFSIGNALED(status) (((status) & 0x7f) != 0)
#define WTERMSIG(status) ((status) & 0x7f)
#define EXIT_FAILURE 1
#define EXIT_SUCCESS 0
#define RAND_MAX 2147483647

struct FILE;
struct timespec { time_t tv_sec; long tv_nsec; };
struct timeval { time_t tv_sec; long tv_usec; };
struct tm { int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst; };
struct stat { mode_t st_mode; off_t st_size; time_t st_mtime; };
struct Dl_info { const char *dli_fname; void *dli_fbase; const char *dli_sname; void *dli_saddr; };
struct div_t { int quot, rem; };

extern "C" {
extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;
extern int errno;
extern char **environ;
int printf(const char *format, ...);
int fprintf(FILE *file, const char *format, ...);
int sprintf(char *out, const char *format, ...);
int snprintf(char *out, size_t size, const char *format, ...);
int vsnprintf(char *out, size_t size, const char *format, va_list list);
int vprintf(const char *format, va_list list);
int vfprintf(FILE *file, const char *format, va_list list);
int sscanf(const char *in, const char *format, ...);
int fscanf(FILE *file, const char *format, ...);
int puts(const char *text);
int putchar(int c);
int fputs(const char *text, FILE *file);
char *fgets(char *out, int size, FILE *file);
int fflush(FILE *file);
FILE *fopen(const char *path, const char *mode);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *file);
int fclose(FILE *file);
size_t fread(void *out, size_t size, size_t count, FILE *file);
size_t fwrite(const void *in, size_t size, size_t count, FILE *file);
int fseek(FILE *file, long offset, int whence);
long ftell(FILE *file);
int feof(FILE *file);
void perror(const char *text);
int remove(const char *path);
int rename(const char *from, const char *to);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *p, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **out, size_t alignment, size_t size);
void free(void *p);
[[noreturn]] void abort();
[[noreturn]] void exit(int status);
[[noreturn]] void _exit(int status);
int atexit(void (*function)());
char *getenv(const char *name);
int setenv(const char *name, const char *value, int overwrite);
int system(const char *command);
int atoi(const char *text);
long atol(const char *text);
long long atoll(const char *text);
double atof(const char *text);
long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base);
long long strtoll(const char *text, char **end, int base);
unsigned long long strtoull(const char *text, char **end, int base);
float strtof(const char *text, char **end);
double strtod(const char *text, char **end);
int rand();
void srand(unsigned seed);
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
int strcasecmp(const char *a, const char *b);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t size);
char *strcat(char *to, const char *from);
char *strdup(const char *text);
char *strerror(int code);
char *strtok(char *text, const char *separators);
int isspace(int c);
int isdigit(int c);
int isalpha(int c);
int isalnum(int c);
int isupper(int c);
int islower(int c);
int tolower(int c);
int toupper(int c);

time_t time(time_t *out);
clock_t clock();
double difftime(time_t end, time_t start);
tm *localtime(const time_t *when);
int gettimeofday(timeval *out, void *zone);
int clock_gettime(int clock_id, timespec *out);
void *dlopen(const char *path, int mode);
void *dlsym(void *library, const char *name);
int dlclose(void *library);
char *dlerror();
int dladdr(const void *address, Dl_info *out);
int open(const char *path, int flags, ...);
int close(int file);
ssize_t read(int file, void *out, size_t size);
ssize_t write(int file, const void *in, size_t size);
int access(const char *path, int mode);
int unlink(const char *path);
int mkdir(const char *path, mode_t mode);
int stat(const char *path, struct stat *out);
int fsync(int file);
int flock(int file, int operation);
long lseek(int file, long offset, int origin);
int kill(pid_t process, int signal);
pid_t getpid();
pid_t getppid();
int usleep(unsigned microseconds);
unsigned sleep(unsigned seconds);
long sysconf(int name);
}
const char *strchr(const char *text, int c);
char *strchr(char *text, int c);
const char *strrchr(const char *text, int c);
char *strrchr(char *text, int c);
const char *strstr(const char *text, const char *part);
char *strstr(char *text, const char *part);

namespace std {
using ::size_t, ::ptrdiff_t, ::nullptr_t, ::int8_t, ::int16_t, ::int32_t, ::int64_t, ::uint8_t,
    ::uint16_t, ::uint32_t, ::uint64_t, ::intptr_t, ::uintptr_t, ::intmax_t, ::uintmax_t, ::FILE,
    ::time_t, ::clock_t, ::tm, ::va_list, ::printf, ::fprintf, ::sprintf, ::snprintf, ::vsnprintf,
    ::sscanf, ::fscanf, ::puts, ::putchar, ::fputs, ::fgets, ::fflush, ::fopen, ::fclose, ::fread,
    ::fwrite, ::fseek, ::ftell, ::perror, ::remove, ::rename, ::malloc, ::calloc, ::realloc,
    ::aligned_alloc, ::free, ::abort, ::exit, ::_exit, ::atexit, ::getenv, ::system, ::atoi, ::atol,
    ::atoll, ::atof, ::strtol, ::strtoul, ::strtoll, ::strtoull, ::strtof, ::strtod, ::rand,
    ::srand, ::qsort, ::memcpy, ::memmove, ::memset, ::memcmp, ::strlen, ::strcmp, ::strncmp,
    ::strcpy, ::strncpy, ::strcat, ::strerror, ::strtok, ::strchr, ::strrchr, ::strstr, ::isspace,
    ::isdigit, ::isalpha, ::isalnum, ::isupper, ::islower, ::tolower, ::toupper, ::time, ::clock,
    ::difftime, ::localtime;
enum class byte : unsigned char {};
}  // namespace std

#pragma clang force_cuda_host_device end
