from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension

setup(
    name="services",
    ext_modules=[CUDAExtension("services._C", ["services.cu"])],
    cmdclass={"build_ext": BuildExtension},
)
