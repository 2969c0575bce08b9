#!/bin/sh
# The Debian packages the whole suite needs: install what is missing where that is allowed, else list it and fail.
set -eu
missing=""
[ -x /usr/bin/chromium ] || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -x /usr/sbin/postfix ] || missing="$missing postfix"
[ -x /usr/lib/dovecot/imap ] || missing="$missing dovecot-imapd"
[ -x /usr/lib/dovecot/lmtp ] || missing="$missing dovecot-lmtpd"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "The tests need these Debian packages:$missing" >&2
  echo "Install them, or run the tests as root: apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
# The suite starts its own servers: no package may start one (invoke-rc.d asks this file; 101 forbids).
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
if [ -d /run/systemd/system ]; then
  for one in postfix dovecot; do # nor at the next boot
    case "$missing" in *"$one"*) systemctl disable --quiet "$one" ;; esac
  done
fi
