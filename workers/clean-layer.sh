#!/bin/sh
# Removes what a package manager leaves behind: caches, logs and backups, none of which anything in a
# sandbox reads and all of which differ from one build to the next. Ends every RUN that installs.
set -eu
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/ldconfig/aux-cache /var/log/* \
  /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/lib/systemd \
  /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid- \
  /root/.cache /root/.npm /tmp/* /var/tmp/*
