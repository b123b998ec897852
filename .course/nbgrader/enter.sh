#!/bin/sh
# enter.sh ROOT WORK RUN PROJECT PROGRAM …: runs a program that sees only what it needs.
#
# It begins as root of namespaces of its own (`unshare --user --mount --net --pid --ipc`) and makes a root folder in memory at ROOT:
# the system's programs and the project's packages for reading, a copy of WORK, which is the only folder with the submission's files,
# and RUN, where the kernel's sockets are. Then it gives its rights away and becomes PROGRAM, in the copy of WORK.
set -eu
root=$1 work=$2 run=$3 project=$4
shift 4

mount -t tmpfs -o size=256m,mode=755 tmpfs "$root"
for path in /bin /sbin /lib /lib32 /lib64 /usr/lib32 /usr/lib64; do
	mkdir -p "$root${path%/*}"
	[ -L "$path" ] && cp -P "$path" "$root$path"
done
mkdir "$root/etc"
readable() {
	[ -d "$1" ] && [ ! -L "$1" ] || return 0
	mkdir -p "$root$1"
	mount --bind "$1" "$root$1"
	mount -o remount,bind,ro "$root$1"
}
# The system's programs and what they read; not /opt and /usr/local, where a course or a home may lie, nor all of /etc.
for path in /bin /sbin /lib /lib32 /lib64; do readable "$path"; done
for name in bin sbin lib lib32 lib64 libexec share; do readable "/usr/$name"; done
for name in alternatives fonts ld.so.conf.d ssl/certs; do readable "/etc/$name"; done
for name in group ld.so.cache ld.so.conf localtime nsswitch.conf passwd; do
	[ -f "/etc/$name" ] && cp "/etc/$name" "$root/etc/$name"
done
for name in node_modules lib kernel datasets; do readable "$project/$name"; done
cp "$project/package.json" "$root$project/"

mkdir -p "$root/dev" "$root/proc" "$root/tmp" "$root$run" "$root/work" "$root/old"
for device in null zero random urandom; do
	: >"$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t proc proc "$root/proc"
mount --bind "$run" "$root$run"
cp -R "$work/." "$root/work"

cd "$root"
pivot_root . old
umount -l /old
cd /work
export HOME=/work
# In a user namespace below, the mounts above cannot be undone.
exec unshare --user --map-current-user -- "$@"
