// expect: type no viable conversion
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/pipe_file.h>

namespace svc::fs {
namespace {

Opt<Ref<Pipe>> f(CapRef<File, file::read> c) { return PipeFile::target(c); }

}  // namespace
}  // namespace svc::fs
