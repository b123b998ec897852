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
for path in /bin /sbin /lib /lib32 /lib64; do
	[ -L "$path" ] && cp -P "$path" "$root$path"
done
readable() {
	[ -e "$1" ] && [ ! -L "$1" ] || return 0
	mkdir -p "$root$1"
	mount --bind "$1" "$root$1"
	mount -o remount,bind,ro "$root$1"
}
for path in /usr /bin /sbin /lib /lib32 /lib64 /etc /opt; do readable "$path"; done
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
