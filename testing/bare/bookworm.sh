#!/bin/sh
# The README's two commands on a bare Debian 12: as root, with debootstrap.
#
#   testing/bare/bookworm.sh [DIRECTORY]
#
# Makes (or takes again) a minimal bookworm with python3 and nothing more in
# DIRECTORY (default: build/bookworm), copies the checkout into it and runs
# `./run demo` and `./run test` there, each twice: the second time shows what an
# idle run costs. Packages come from where this machine takes its own: its mirror,
# proxy and pip settings are handed on at run time.
set -eu
cd "$(dirname -- "$0")/../.."
root=${1:-$PWD/build/bookworm}

say() { printf '=== %s\n' "$*"; }
[ "$(id -u)" = 0 ] || { say "needs root"; exit 2; }
command -v debootstrap >/dev/null || apt-get install -y --no-install-recommends debootstrap

# "URI SUITE COMPONENT" of every Debian archive that this machine uses.
debian_archives() {
    # shellcheck disable=SC2016 # apt-get expands these, not the shell
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' | grep ' bookworm' | sort -u
}

make_root() {
    [ -n "$(debian_archives)" ] || apt-get update
    mirror=$(debian_archives | sed -n 's/ bookworm main$//p' | head -n 1)
    [ -n "$mirror" ] || { say "this machine's apt has no bookworm archive"; exit 2; }
    say "debootstrap bookworm"
    mkdir -p "$root"
    debootstrap --variant=minbase --include=python3 bookworm "$root" "$mirror"
    debian_archives | sed 's/^/deb /' >"$root/etc/apt/sources.list"
    tar -C "$root" -cf "$root.tar" .
}

# The settings without which this machine would not reach its package registries.
hand_on_settings() {
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    apt-config dump | grep -iE '^Acquire::(http|https|ftp|check)' >"$root/etc/apt/apt.conf.d/90host" || true
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/pip.conf"
    mkdir -p "$root/usr/local/share/ca-certificates" "$root/etc/ssl/certs"
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true
}

copy_checkout() {
    mkdir -p "$root/home/project"
    git ls-files -co --exclude-standard -z | tar -c --null -T - | tar -x -C "$root/home/project"
}

# A command in the new system, with a fresh environment but for the settings above.
inside() {
    settings=$(env | grep -iE '^(PIP_[A-Z_]*|[a-z]*_proxy|SSL_CERT_[A-Z]*|REQUESTS_CA_BUNDLE)=' || true)
    oldifs=$IFS
    IFS='
'
    # shellcheck disable=SC2086 # one setting per line
    set -- chroot "$root" /usr/bin/env -i $settings HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
    IFS=$oldifs
    "$@"
}

timed() {
    start=$(date +%s)
    say "$*"
    if inside sh -c "cd /home/project && $*"; then verdict=passed; else verdict="FAILED ($?)"; fi
    report="$report
$(printf '%-34s %-12s %4d s' "$*" "$verdict" $(($(date +%s) - start)))"
}

if [ -e "$root.tar" ]; then
    say "a fresh copy of the system made before"
    umount "$root/proc" 2>/dev/null || true
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    tar -C "$root" -xf "$root.tar"
else
    make_root
fi
hand_on_settings
copy_checkout
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc" || say "no /proc inside; going on"
trap 'umount "$root/proc" 2>/dev/null || true' EXIT

report=
say "what is there: $(inside python3 --version)"
for tool in gcc make pkg-config pip3; do
    ! inside sh -c "command -v $tool" || say "NOT BARE: $tool is there"
done
say "as a user without rights it names the command to give, and stops"
advice=$(inside su nobody -s /bin/sh -c "cd /home/project && ./run demo" 2>&1) && report="
./run demo as nobody FAILED: it did not stop"
printf '%s\n' "$advice"
case $advice in *"apt-get install -y"*gcc*) ;; *) report="$report
./run demo as nobody FAILED: no advice" ;; esac

timed ./run demo
timed ./run test
timed ./run demo
timed ./run test
say "bare bookworm$report"
case $report in *FAILED*) exit 1 ;; esac
