# What runs on the host that is assessed; see `session.rs` for the parameters. The host's login shell, whichever it is,
# gets this as one word on one line: no apostrophe, backslash or exclamation mark, each line a whole list of commands,
# comments only on lines of their own.
#
# $1 bytes of stdin, $2 bytes of them at the end that are the request, $3 machine as `uname -m` names it (a pattern),
# $4 `sudo` or `plain`, $5 seconds, $6 line before the evidence, $7 the time to take instead of the clock, or nothing
umask 077;
here=$(uname -sm);
case $here in
"Linux "$3) ;;
*) echo "this host is $here, the collector is for Linux $3" >&2; exit 86 ;;
esac;
d=;
clean() { if [ -n "$d" ]; then rm -rf -- "$d"; fi; };
trap clean EXIT;
trap "exit 129" HUP INT TERM PIPE;
# Whether a file system is mounted noexec is seen by running something.
for base in /tmp /var/tmp "${HOME:-/tmp}"; do
d=$(mktemp -d "$base/assay.XXXXXXXXXX" 2>/dev/null) || { d=; continue; };
echo : 2>/dev/null > "$d/try" && chmod 700 "$d/try" && "$d/try" 2>/dev/null && break;
clean;
d=;
done;
if [ -z "$d" ]; then
echo "programs cannot be run from /tmp, /var/tmp or the home directory: not writable, or mounted noexec" >&2;
exit 87;
fi;
# One reader of stdin: some implementations of head take more than they print.
head -c "$1" > "$d/collector";
got=$(wc -c < "$d/collector");
if [ "$got" -ne "$1" ]; then echo "$got of $1 bytes of the collector arrived in $d" >&2; exit 88; fi;
tail -c "$2" "$d/collector" > "$d/request" || exit 88;
chmod 700 "$d/collector";
run=;
if command -v timeout >/dev/null 2>&1; then run="timeout $5"; fi;
if [ "$4" = sudo ] && [ "$(id -u)" -ne 0 ]; then run="sudo -n -- $run"; fi;
echo "$6";
$run "$d/collector" --quiet --config /dev/null --data "$d" collect --request "$d/request" ${7:+--now "$7"} < /dev/null;
