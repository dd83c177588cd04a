// SPDX-License-Identifier: MPL-2.0
// The lock order of all services, outermost first. A lock may be taken while locks of smaller rank are held, never the other
// way round. Copying to or from user memory is allowed under ranks below kMm only.
#pragma once
#include <ostd/sync.h>

namespace svc::rank {
using ostd::Rank;
// Sleeping locks around whole operations.
inline constexpr Rank kExec{100};          // credentials and image change of a process
inline constexpr Rank kFilePosition{110};  // offset of an open file: held over read and write
inline constexpr Rank kEpollScan{115};     // one look through the ready list of an epoll
inline constexpr Rank kTtyRead{120};
inline constexpr Rank kSocketRead{125};   // one reader of a socket at a time
inline constexpr Rank kPipe{130};
inline constexpr Rank kSocketBind{136};   // giving a socket its name
inline constexpr Rank kRename{140};        // directory renames of one file system
inline constexpr Rank kEpollNesting{145};  // adding an epoll to another
inline constexpr Rank kMountTree{150};
inline constexpr Rank kDirectory{160};     // entries of one directory; parent before child
inline constexpr Rank kDirectoryChild{161};
inline constexpr Rank kInode{170};         // size and attributes of one inode
inline constexpr Rank kInFlight{180};     // sockets that travel in messages
// Address spaces: below here no user memory may be touched.
inline constexpr Rank kMm{200};            // the mapping tree of a Vm
inline constexpr Rank kMemoryObject{210};  // pages of a file
// Short spinlocks.
inline constexpr Rank kProcessTree{300};   // parents, children, groups, sessions
inline constexpr Rank kTrace{305};         // what one traced thread shows its tracer
inline constexpr Rank kProcess{310};
inline constexpr Rank kFdTable{320};
inline constexpr Rank kFileLockPlace{324}; // whether an inode has any
inline constexpr Rank kFileLocks{325};     // advisory locks of one inode
inline constexpr Rank kFsContext{330};
inline constexpr Rank kDentry{340};
inline constexpr Rank kEpoll{350};
inline constexpr Rank kUnixNames{354};
inline constexpr Rank kSocket{355};       // one socket; two by lock_pair
inline constexpr Rank kTty{360};
inline constexpr Rank kIpcIds{370};        // ids and keys of System V IPC
inline constexpr Rank kIpcObject{371};     // one segment, array of semaphores or queue
inline constexpr Rank kIpcOwner{372};      // its owner and mode
inline constexpr Rank kSignals{400};       // actions and pending signals of a process
inline constexpr Rank kFutex{410};         // one bucket; two by lock_pair
inline constexpr Rank kFutexPage{411};
inline constexpr Rank kTimer{420};
inline constexpr Rank kPidTable{430};
inline constexpr Rank kEventState{440};    // eventfd, timerfd and other small file states
inline constexpr Rank kEpollReady{920};    // taken from wake-up hooks: inside ostd's kRankWaitHook (910)
inline constexpr Rank kLeaf{900};          // counters, ids; nothing is taken inside
}  // namespace svc::rank
