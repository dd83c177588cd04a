// SPDX-License-Identifier: MPL-2.0
#include <virtio/transport.h>

namespace ostd::target {

bool stop_device(const Transport& d) {
  d.set_status(0);
  // [virtio1.2 4.1.4.3.2, 4.2.3.1.1] Until it reads 0 the reset goes on. Each read takes about a microsecond.
  for (u32 i = 0; i < 100'000; ++i)
    if (d.status() == 0) return true;
  return false;
}

Result<u64> negotiate(const Transport& d, u64 wanted) {
  if (!stop_device(d)) return Errc::timed_out;
  d.set_status(kStatusAcknowledge);
  d.set_status(kStatusAcknowledge | kStatusDriver);
  const u64 agreed = d.offered_features() & (wanted | kFeatureVersion1 | kFeatureAccessPlatform);
  if (!(agreed & kFeatureVersion1)) {
    d.set_status(kStatusFailed);
    return Errc::not_supported;
  }
  d.accept_features(agreed);
  d.set_status(kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk);
  if (!(d.status() & kStatusFeaturesOk)) {
    d.set_status(kStatusFailed);
    return Errc::not_supported;
  }
  return agreed;
}

void start_device(const Transport& d) { d.set_status(kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk | kStatusDriverOk); }

}  // namespace ostd::target
