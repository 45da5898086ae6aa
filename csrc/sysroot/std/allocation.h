// The global allocation functions, included after the prelude in every unit. clang declares them
// by itself, but does not find those of a precompiled prelude: without this a `new` fails there,
// and a `delete` crashes it. Not for the prelude, and host functions, as clang's own are.
void *operator new(size_t);
void *operator new[](size_t);
void operator delete(void *) noexcept;
void operator delete[](void *) noexcept;
