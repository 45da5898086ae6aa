from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CppExtension

setup(
    name="hazards",
    ext_modules=[CppExtension("hazards._C", ["ops.cpp"])],
    cmdclass={"build_ext": BuildExtension},
)
