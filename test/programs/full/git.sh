#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# git: commits, branches, merges, gc, clones over a path and by the file protocol.
export HOME=$PWD GIT_AUTHOR_DATE='2001-01-01T00:00:00Z' GIT_COMMITTER_DATE='2001-01-01T00:00:00Z'
git config --global user.email a@example.org; git config --global user.name A; git config --global init.defaultBranch main; git config --global gc.autoDetach false
git init -q r; cd r; echo 1 > f; git add f; git commit -q -m one; for i in 2 3 4; do echo $i >> f; git commit -qam $i; done
git log --oneline; git switch -q -c side HEAD~2; echo s > g; git add g; git commit -q -m side; git switch -q main; git merge -q -m merged side; git log --oneline --graph
git gc -q; git count-objects -v | grep -E 'packs|in-pack'; git fsck --no-progress; git rev-parse HEAD; git blame -s f; git diff HEAD~1 --stat; git stash -q 2>&1; git tag t; git archive t | tar -t
cd ..; git clone -q r c; git clone -q "file://$PWD/r" d; git -C c status -s -b; git -C d log -1 --format=%H; echo x > c/f; git -C c commit -qam x; git -C c push -q origin HEAD:pushed; git -C r branch
for i in $(seq 200); do echo $i > r/n$i; done; git -C r add .; git -C r commit -q -m many; git -C r repack -adq; git -C r ls-files | wc -l; git -C r grep -l '^77$'
