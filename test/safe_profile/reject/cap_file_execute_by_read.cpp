// expect: type no matching function for call to 'run'
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

void run(CapRef<File, file::execute>) {}
void f(CapRef<File, file::read | file::write | file::seek | file::map> c) { run(c); }

}  // namespace
}  // namespace svc::fs
