// expect: type calling a private constructor
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

Cap<File, file::write> f(Ref<File> o) { return Cap<File, file::write>::mint(File::MintKey(), std::move(o)); }

}  // namespace
}  // namespace svc::fs
