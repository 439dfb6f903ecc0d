#!/bin/sh
# Makes the root file system of a lab host: host-image.sh FILES COMPOSE VERSITYGW OUT MIRROR
#   FILES      folder whose files are laid out as on the host
#   COMPOSE    program that becomes Docker's compose plugin
#   VERSITYGW  program that serves S3 on the services host
#   OUT        the archive (tar, gzip)
#   MIRROR     Debian mirror, or nothing for debootstrap's own choice
# Needs root and debootstrap. Works in a folder beside OUT.
set -eu
umask 022
files=$1 compose=$2 versitygw=$3 out=$4 mirror=$5
root=$(dirname "$out")/root

PACKAGES=systemd,systemd-sysv,dbus,openssh-server,iproute2,iptables,ca-certificates,curl,docker.io,keepalived,haproxy,procps,sudo,logrotate

# What a container has no use for, or may not do; each would fail or slow the start.
MASKED="getty.target console-getty.service systemd-logind.service systemd-modules-load.service systemd-pstore.service
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount dev-hugepages.mount dev-mqueue.mount
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer"

debootstrap --variant=minbase --include=$PACKAGES bookworm "$root" ${mirror:+"$mirror"}

# Nothing that was made at random or for one machine may be shared by all hosts.
rm -f "$root"/etc/ssh/ssh_host_* "$root"/var/lib/dbus/machine-id
: >"$root/etc/machine-id"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* \
  "$root"/usr/share/man/* "$root"/usr/share/locale/* "$root"/var/log/*.log

cp -R "$files/." "$root"
install -D -m 755 "$compose" "$root/usr/libexec/docker/cli-plugins/docker-compose"
install -D -m 755 "$versitygw" "$root/usr/local/bin/versitygw"
install -d -m 700 "$root/root/.ssh"

for unit in $MASKED; do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
chroot "$root" systemctl --quiet set-default multi-user.target
chroot "$root" systemctl --quiet disable keepalived haproxy
chroot "$root" systemctl --quiet enable ssh docker containerd lab-s3

tar --directory "$root" --numeric-owner --create . | gzip -1 >"$out"
rm -rf "$root"
