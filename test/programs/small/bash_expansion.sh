#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# Process substitution, coproc, here documents, pipes and their statuses.
set -o pipefail
cat <(echo one) <(echo two)
diff <(printf 'a\nb\n') <(printf 'a\nc\n'); echo "diff $?"
echo text > >(tr a-z A-Z; echo "writer done") ; wait $!
coproc UP { tr a-z A-Z; }
echo "to the coproc" >&"${UP[1]}"
eval "exec ${UP[1]}>&-"
cat <&"${UP[0]}"
wait "$UP_PID"; echo "coproc $?"
cat <<END
here $((6 * 7))
END
cat <<< "string"
false | true; echo "pipefail $? ${PIPESTATUS[*]}"
exit 3 | exit 4 | exit 0; echo "statuses ${PIPESTATUS[*]}"
seq 1 100000 | head -n 2; echo "head ${PIPESTATUS[*]}"
for i in {1..200}; do echo "$i"; done | wc -l
mapfile -t lines < <(seq 3); echo "${lines[@]}"
read -r -t 0.2 line < <(sleep 5); echo "read timeout $(( $? > 128 ))"
shopt -s globstar nullglob
mkdir -p a/b/c; touch a/1 a/b/2 a/b/c/3
echo a/**/[0-9]
