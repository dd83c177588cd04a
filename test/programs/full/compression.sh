#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# xz, zstd, gawk, perl, file and their kin.
seq 50000 > f; for c in gzip xz 'xz -T2' zstd 'zstd -T2 --rm -k' ; do $c -q -k -f f; done; ls f.*; for x in f.gz f.xz f.zst; do case $x in *.gz) zcat $x;; *.xz) xzcat $x;; *) zstdcat $x;; esac | md5sum; done
xz -l f.xz | awk 'END{print $1}'; head -c 300 f.xz > cut.xz; xz -t cut.xz 2>/dev/null; echo "cut $?"; tar -cJf a.tar.xz f && tar -tf a.tar.xz; tar --zstd -cf a.tar.zst f && tar -tf a.tar.zst
gawk '{s+=$1} END{print s, strftime("%Y", 0, 1)}' f; gawk 'BEGIN{cmd="sort -r"; print "a\nb" |& cmd; close(cmd, "to"); while ((cmd |& getline l) > 0) print l}'; gawk 'BEGIN{PROCINFO["sorted_in"]="@ind_num_desc"; a[1];a[10];a[2]; for(i in a) print i}'
perl -e 'pipe(R,W); if(!fork){close R; print W "child\n"; exit 3} close W; print scalar <R>; wait; print $?>>8, "\n"; $SIG{ALRM}=sub{print "alarm\n"}; alarm 1; sleep 3; open(P,"-|","echo from pipe"); print <P>; print -s "f", " ", (stat "f")[2] & 0777, "\n"; my %h=map{$_=>1}1..1000; print scalar(keys %h),"\n"; flock(R,2); print join(",",sort glob("f*")),"\n"'
perl -Mthreads -e 'print join(",", map { $_->join } map { my $i=$_; threads->create(sub { $i*$i }) } 1..5), "\n"'; file -b /bin/true | cut -d, -f1; hexdump -C f | head -2; column -t <<< 'a bb
ccc d'; rev <<< abc; perl -MIO::Select -MTime::HiRes=sleep,time -e 'my $t=time; sleep 0.1; print time-$t >= 0.1 ? "slept\n" : "short\n"'
