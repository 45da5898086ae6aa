//! tvm-ffi's C ABI for a host without Python: the standard library, nine C functions, nothing to link.
//!
//! libtvm_ffi.so is opened at run time, so a program that never asks for it runs without it, and one
//! that lacks it says so.

use std::any::Any as Opaque;
use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::fmt;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null_mut;
use std::slice;
use std::sync::atomic::{AtomicUsize, Ordering};

const OLDEST: [u32; 3] = [0, 1, 15];
const INSTALL: &str = "pip install 'apache-tvm-ffi>=0.1.15,<0.2'";
const RTLD_NOW_GLOBAL: c_int = 0x102;

// Type indices of the ABI.
const NONE: i32 = 0;
const INT: i32 = 1;
const BOOL: i32 = 2;
const FLOAT: i32 = 3;
const DLTENSOR: i32 = 7;
const RAW_STR: i32 = 8;
const FUNCTION: i32 = 68;
const TENSOR: i32 = 70;
const FIRST_OBJECT: i32 = 64;
/// Every object starts with a header of this many bytes; what it is follows.
const HEADER: usize = 24;

extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}

/// An error of either side: the class it would have in Python, and its text.
#[derive(Debug, PartialEq)]
pub struct Error {
    pub kind: String,
    pub message: String,
}

impl Error {
    pub fn new(kind: &str, message: impl Into<String>) -> Error {
        Error { kind: kind.into(), message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

/// A value on its way in or out: a type index and eight bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Any {
    index: i32,
    padding: u32,
    bits: u64,
}

impl Any {
    const fn of(index: i32, bits: u64) -> Any {
        Any { index, padding: 0, bits }
    }
    pub const fn none() -> Any {
        Any::of(NONE, 0)
    }
    pub const fn int(value: i64) -> Any {
        Any::of(INT, value as u64)
    }
    pub const fn bool(value: bool) -> Any {
        Any::of(BOOL, value as u64)
    }
    pub fn float(value: f64) -> Any {
        Any::of(FLOAT, value.to_bits())
    }
    pub fn as_int(&self) -> Result<i64, Error> {
        match self.index {
            INT | BOOL => Ok(self.bits as i64),
            other => Err(Error::new("TypeError", format!("an integer, not type {other}"))),
        }
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
struct DLTensor {
    data: *mut c_void,
    device_type: i32,
    device_id: i32,
    ndim: i32,
    code: u8,
    bits: u8,
    lanes: u16,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

#[repr(C)]
struct DLManagedTensorVersioned {
    version: [u32; 2],
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut DLManagedTensorVersioned)>,
    flags: u64,
    tensor: DLTensor,
}

#[repr(C)]
struct Bytes {
    data: *const u8,
    size: usize,
}

impl Bytes {
    fn of(text: &str) -> Bytes {
        Bytes { data: text.as_ptr(), size: text.len() }
    }
    unsafe fn text(&self) -> String {
        String::from_utf8_lossy(slice::from_raw_parts(self.data, self.size)).into_owned()
    }
}

/// Memory of the caller, as an operator sees it: contiguous float32 on the CPU.
pub struct View {
    tensor: DLTensor,
    _shape: Box<[i64]>,
}

impl View {
    /// The operator may write to it: an output is what the caller brings.
    pub fn new(data: &mut [f32], shape: &[i64]) -> View {
        assert_eq!(data.len() as i64, shape.iter().product::<i64>());
        let mut extents: Box<[i64]> = shape.into();
        let tensor = DLTensor {
            data: data.as_mut_ptr().cast(),
            device_type: 1,
            device_id: 0,
            ndim: extents.len() as i32,
            code: 2, // float
            bits: 32,
            lanes: 1,
            shape: extents.as_mut_ptr(),
            strides: null_mut(),
            byte_offset: 0,
        };
        View { tensor, _shape: extents }
    }
    pub fn arg(&self) -> Any {
        Any::of(DLTENSOR, &self.tensor as *const DLTensor as u64)
    }
}

type SafeCall = unsafe extern "C" fn(*mut c_void, *const Any, i32, *mut Any) -> c_int;
type Deleter = unsafe extern "C" fn(*mut c_void);
type SetError = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char);
type Allocator = unsafe extern "C" fn(
    *mut DLTensor,
    *mut *mut DLManagedTensorVersioned,
    *mut c_void,
    SetError,
) -> c_int;

struct Api {
    get_version: unsafe extern "C" fn(*mut u32),
    get_global: unsafe extern "C" fn(*const Bytes, *mut *mut c_void) -> c_int,
    set_global: unsafe extern "C" fn(*const Bytes, *mut c_void, c_int) -> c_int,
    create: unsafe extern "C" fn(*mut c_void, SafeCall, Deleter, *mut *mut c_void) -> c_int,
    call: unsafe extern "C" fn(*mut c_void, *const Any, i32, *mut Any) -> c_int,
    move_error: unsafe extern "C" fn(*mut *mut c_void),
    set_error: unsafe extern "C" fn(*const c_char, *const c_char),
    release: unsafe extern "C" fn(*mut c_void) -> c_int,
    set_allocator: unsafe extern "C" fn(Allocator, c_int, *mut *mut c_void) -> c_int,
}

/// The one libtvm_ffi.so of this process. It stays loaded.
#[derive(Clone, Copy)]
pub struct Runtime {
    api: &'static Api,
}

impl Runtime {
    pub fn load(path: &str) -> Result<Runtime, Error> {
        let missing = |why: String| {
            Error::new("ImportError", format!("tvm-ffi cannot be loaded: {why}. Install it: {INSTALL}"))
        };
        let name = CString::new(path).map_err(|_| missing("its path has a zero byte".into()))?;
        let library = unsafe { dlopen(name.as_ptr(), RTLD_NOW_GLOBAL) };
        if library.is_null() {
            return Err(missing(unsafe { CStr::from_ptr(dlerror()) }.to_string_lossy().into_owned()));
        }
        // Each has the type that the field it is put into has in c_api.h.
        macro_rules! symbol {
            ($name:literal) => {{
                let found = unsafe { dlsym(library, concat!($name, "\0").as_ptr().cast()) };
                if found.is_null() {
                    return Err(missing(format!("{path} does not have {}", $name)));
                }
                unsafe { std::mem::transmute(found) }
            }};
        }
        let get_version: unsafe extern "C" fn(*mut u32) = symbol!("TVMFFIGetVersion");
        let mut version = [0; 3];
        unsafe { get_version(version.as_mut_ptr()) };
        if version < OLDEST {
            let [a, b, c] = version;
            return Err(missing(format!("{path} is version {a}.{b}.{c}, which is too old")));
        }
        let api = Api {
            get_version,
            get_global: symbol!("TVMFFIFunctionGetGlobal"),
            set_global: symbol!("TVMFFIFunctionSetGlobal"),
            create: symbol!("TVMFFIFunctionCreate"),
            call: symbol!("TVMFFIFunctionCall"),
            move_error: symbol!("TVMFFIErrorMoveFromRaised"),
            set_error: symbol!("TVMFFIErrorSetRaisedFromCStr"),
            release: symbol!("TVMFFIObjectDecRef"),
            set_allocator: symbol!("TVMFFIEnvSetDLPackManagedTensorAllocator"),
        };
        Ok(Runtime { api: Box::leak(Box::new(api)) })
    }

    pub fn version(&self) -> [u32; 3] {
        let mut version = [0; 3];
        unsafe { (self.api.get_version)(version.as_mut_ptr()) };
        version
    }

    /// A migrated library, by its absolute path.
    pub fn library(&self, path: &str) -> Result<Library, Error> {
        let name = CString::new(path).map_err(|_| Error::new("ValueError", "a path with a zero byte"))?;
        let load = self.global("ffi.ModuleLoadFromFile")?;
        let module = load.call(&[Any::of(RAW_STR, name.as_ptr() as u64)]).map_err(|error| {
            let next = "Build it again, or install a newer tvm-ffi";
            Error::new("ImportError", format!("{}. {next}: {INSTALL}", error.message))
        })?;
        Ok(Library { module, path: path.into() })
    }

    /// A function that C++, Python or Rust registered under this name.
    pub fn global(&self, name: &str) -> Result<Function, Error> {
        let mut handle = null_mut();
        self.check(unsafe { (self.api.get_global)(&Bytes::of(name), &mut handle) })?;
        if handle.is_null() {
            return Err(Error::new("LookupError", format!("no function is registered as {name}")));
        }
        Ok(Function(Value { runtime: *self, any: Any::of(FUNCTION, handle as u64) }))
    }

    /// Registers a Rust function for every language in this process.
    pub fn register<F>(&self, name: &str, function: F) -> Result<(), Error>
    where
        F: Fn(&[Any]) -> Result<Any, Error> + 'static,
    {
        let context = Box::into_raw(Box::new(Closure { api: self.api, call: Box::new(function) }));
        let mut handle = null_mut();
        let code = unsafe { (self.api.create)(context.cast(), called, dropped, &mut handle) };
        self.check(code)?;
        let code = unsafe { (self.api.set_global)(&Bytes::of(name), handle, 0) };
        unsafe { (self.api.release)(handle) }; // the registry has its own reference
        self.check(code)
    }

    /// Outputs that the caller does not bring are allocated here.
    pub fn allocate_in_rust(&self) -> Result<(), Error> {
        self.check(unsafe { (self.api.set_allocator)(allocate, 1, null_mut()) })
    }

    fn check(&self, code: c_int) -> Result<(), Error> {
        if code == 0 {
            return Ok(());
        }
        let mut handle = null_mut();
        unsafe { (self.api.move_error)(&mut handle) };
        if handle.is_null() {
            // It was raised in another copy of the runtime, where nobody here can read it.
            return Err(Error::new("RuntimeError", "the error is lost: two libtvm_ffi are loaded"));
        }
        let parts = unsafe { slice::from_raw_parts(handle.byte_add(HEADER).cast::<Bytes>(), 2) };
        let error = unsafe { Error { kind: parts[0].text(), message: parts[1].text() } };
        unsafe { (self.api.release)(handle) };
        Err(error)
    }
}

/// What a call returned; an object is given back when it is dropped.
pub struct Value {
    runtime: Runtime,
    any: Any,
}

impl Value {
    pub fn as_int(&self) -> Result<i64, Error> {
        self.any.as_int()
    }
    pub fn is_none(&self) -> bool {
        self.any.index == NONE
    }
    /// Shape and data of a contiguous float32 tensor.
    pub fn as_tensor(&self) -> Result<(&[i64], &[f32]), Error> {
        if self.any.index != TENSOR {
            return Err(Error::new("TypeError", format!("a tensor, not type {}", self.any.index)));
        }
        unsafe {
            let tensor = &*(self.any.bits as *const u8).add(HEADER).cast::<DLTensor>();
            if (tensor.code, tensor.bits, tensor.lanes, tensor.device_type) != (2, 32, 1, 1) {
                return Err(Error::new("TypeError", "a float32 tensor on the CPU"));
            }
            let shape = slice::from_raw_parts(tensor.shape, tensor.ndim as usize);
            let size = shape.iter().product::<i64>() as usize;
            let data = (tensor.data as *const u8).add(tensor.byte_offset as usize);
            Ok((shape, slice::from_raw_parts(data.cast(), size)))
        }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        if self.any.index >= FIRST_OBJECT {
            unsafe { (self.runtime.api.release)(self.any.bits as *mut c_void) };
        }
    }
}

pub struct Function(Value);

impl Function {
    pub fn call(&self, args: &[Any]) -> Result<Value, Error> {
        let runtime = self.0.runtime;
        let mut result = Any::none();
        let handle = self.0.any.bits as *mut c_void;
        let count = args.len() as i32;
        runtime.check(unsafe { (runtime.api.call)(handle, args.as_ptr(), count, &mut result) })?;
        Ok(Value { runtime, any: result })
    }
}

pub struct Library {
    module: Value,
    path: String,
}

impl Library {
    pub fn operator(&self, name: &str) -> Result<Function, Error> {
        let text = CString::new(name).map_err(|_| Error::new("ValueError", "a name with a zero byte"))?;
        let find = self.module.runtime.global("ffi.ModuleGetFunction")?;
        let name_arg = Any::of(RAW_STR, text.as_ptr() as u64);
        let found = find.call(&[self.module.any, name_arg, Any::bool(false)])?;
        if found.is_none() {
            let path = &self.path;
            return Err(Error::new(
                "LookupError",
                format!("{path} has no operator {name}: `migrate audit {path} --format json` lists them"),
            ));
        }
        Ok(Function(found))
    }
}

struct Closure {
    api: &'static Api,
    call: Box<dyn Fn(&[Any]) -> Result<Any, Error>>,
}

/// What C calls for a Rust function. A panic must not cross it, so it becomes an error.
unsafe extern "C" fn called(context: *mut c_void, args: *const Any, count: i32, result: *mut Any) -> c_int {
    let closure = &*context.cast::<Closure>();
    // Without arguments the pointer may be null, which is no slice.
    let given = if count == 0 { &[] } else { slice::from_raw_parts(args, count as usize) };
    let outcome = catch_unwind(AssertUnwindSafe(|| (closure.call)(given)))
        .unwrap_or_else(|panic| Err(Error::new("RuntimeError", format!("Rust panicked: {}", text_of(&*panic)))));
    match outcome {
        Ok(value) => {
            *result = value;
            0
        }
        Err(error) => {
            let clean = |text: &str| CString::new(text.replace('\0', " ")).unwrap_or_default();
            (closure.api.set_error)(clean(&error.kind).as_ptr(), clean(&error.message).as_ptr());
            -1
        }
    }
}

fn text_of(panic: &(dyn Opaque + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text")
}

unsafe extern "C" fn dropped(context: *mut c_void) {
    drop(Box::from_raw(context.cast::<Closure>()));
}

/// How many tensors of `allocate_in_rust` somebody still holds.
pub static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// What an allocated tensor owns, and gives back when the last reference goes.
struct Owned {
    _data: Vec<u64>, // words, so that every dtype is aligned
    _shape: Vec<i64>,
    _strides: Vec<i64>,
}

unsafe extern "C" fn allocate(
    prototype: *mut DLTensor,
    out: *mut *mut DLManagedTensorVersioned,
    context: *mut c_void,
    set_error: SetError,
) -> c_int {
    let wanted = &*prototype;
    if wanted.device_type != 1 {
        set_error(context, c"NotImplementedError".as_ptr(), c"this host has memory on the CPU only".as_ptr());
        return -1;
    }
    let mut shape = match wanted.ndim {
        0 => Vec::new(),
        count => slice::from_raw_parts(wanted.shape, count as usize).to_vec(),
    };
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    let count = shape.iter().product::<i64>() as usize;
    let bytes = (count * wanted.bits as usize * wanted.lanes as usize).div_ceil(8);
    let mut data = vec![0u64; bytes.div_ceil(8)];
    let tensor = DLTensor {
        data: data.as_mut_ptr().cast(),
        shape: shape.as_mut_ptr(),
        strides: strides.as_mut_ptr(),
        byte_offset: 0,
        ..*wanted
    };
    ALIVE.fetch_add(1, Ordering::Relaxed);
    let owned = Box::new(Owned { _data: data, _shape: shape, _strides: strides });
    *out = Box::into_raw(Box::new(DLManagedTensorVersioned {
        version: [1, 0],
        context: Box::into_raw(owned).cast(),
        deleter: Some(free),
        flags: 0,
        tensor,
    }));
    0
}

unsafe extern "C" fn free(managed: *mut DLManagedTensorVersioned) {
    let managed = Box::from_raw(managed);
    drop(Box::from_raw(managed.context.cast::<Owned>()));
    ALIVE.fetch_sub(1, Ordering::Relaxed);
}
