//! A Rust program calls the operators of fixtures/conv1d, migrated and built: see README.md.

mod tvm_ffi;

use std::env;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use tvm_ffi::{Any, Error, Library, Runtime, View, ALIVE};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [runtime, library] = args.as_slice() else {
        eprintln!("usage: rust_host LIBTVM_FFI LIBRARY");
        return ExitCode::from(2);
    };
    match run(runtime, library) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(runtime: &str, library: &str) -> Result<(), Error> {
    let runtime = Runtime::load(runtime)?;
    let [major, minor, _] = runtime.version();
    println!("tvm-ffi {major}.{minor}");
    let library = runtime.library(library)?;
    convolve(&library)?;
    returned(&runtime, &library)?;
    refused(&library)?;
    called_back(&runtime)
}

/// An output that the caller brings.
fn convolve(library: &Library) -> Result<(), Error> {
    let mut x = [1.0, 2.0, 3.0, 4.0];
    let mut weight = [10.0, 1.0];
    let mut bias = [0.5];
    let mut out = [f32::NAN; 4];
    let view = View::new(&mut out, &[1, 1, 4]);
    let (x, weight) = (View::new(&mut x, &[1, 1, 4]), View::new(&mut weight, &[1, 2]));
    let bias = View::new(&mut bias, &[1]);
    let [none, no] = [Any::none(), Any::bool(false)];
    let forward = library.operator("conv_fwd")?;
    forward.call(&[x.arg(), weight.arg(), bias.arg(), none, view.arg(), none, no])?;
    println!("conv_fwd wrote {out:?}");
    let len = library.operator("state_len")?.call(&[weight.arg()])?.as_int()?;
    println!("state_len is {len}");
    Ok(())
}

/// An output that the operator allocates, through Rust.
fn returned(runtime: &Runtime, library: &Library) -> Result<(), Error> {
    runtime.allocate_in_rust()?;
    let (mut x, mut weight) = ([0.0; 6], [0.0; 8]);
    let (x, weight) = (View::new(&mut x, &[1, 2, 3]), View::new(&mut weight, &[2, 4]));
    let state = library.operator("init_state")?.call(&[x.arg(), weight.arg(), Any::int(5)])?;
    let (shape, data) = state.as_tensor()?;
    println!("init_state made {shape:?}, all zero: {}", data.iter().all(|value| *value == 0.0));
    print!("tensors from Rust: {}, ", ALIVE.load(Ordering::Relaxed));
    drop(state);
    println!("then {}", ALIVE.load(Ordering::Relaxed));
    Ok(())
}

/// Errors of C++ keep their class and text. So does a name that the library does not have.
fn refused(library: &Library) -> Result<(), Error> {
    let mut weight = [0.0; 2];
    let weight = View::new(&mut weight, &[2]);
    let refusals = [
        library.operator("state_len")?.call(&[weight.arg()]).err(),
        library.operator("state_len")?.call(&[Any::float(1.5)]).err(),
        library.operator("no_such_operator").err(),
    ];
    for error in refusals.into_iter().flatten() {
        println!("refused with {}: {}", error.kind, error.message.lines().next().unwrap_or(""));
    }
    Ok(())
}

/// Rust behind the same interface: its errors, and its panics, arrive as errors.
fn called_back(runtime: &Runtime) -> Result<(), Error> {
    runtime.register("rust_host.half", |args| match args {
        [number] => match number.as_int()? {
            odd if odd % 2 != 0 => Err(Error::new("ValueError", format!("{odd} is odd"))),
            even => Ok(Any::int(even / 2)),
        },
        _ => panic!("one number, not {}", args.len()),
    })?;
    let half = runtime.global("rust_host.half")?;
    println!("half of 8 is {}", half.call(&[Any::int(8)])?.as_int()?);
    for args in [&[Any::int(7)][..], &[]] {
        if let Err(error) = half.call(args) {
            println!("refused with {error}");
        }
    }
    Ok(())
}
