#!/bin/sh
#
# Makes a small Debian in the folder $1 of the packages that this machine, a Debian too, has installed: those that every Debian has, and what
# they depend on. No network is used. It has no Java.

set -eu
root=$1
list=$root.list
names=$root.names

# Everything that is essential, and useradd, and what these need, as far as it is installed.
dpkg-query -W -f '${db:Status-Abbrev}\t${binary:Package}\t${Essential}\t${Pre-Depends}, ${Depends}\t${Provides}\n' | awk -F '\t' '
    function bare(name) { sub(/:.*/, "", name); sub(/ .*/, "", name); return name }
    $1 ~ /^ii/ {
        name = bare($2); full[name] = $2; needs[name] = $4
        if ($3 == "yes" || name == "passwd" || name == "libc6") queue[++last] = name
        n = split($5, provided, / *, */)
        for (i = 1; i <= n; i++) by[bare(provided[i])] = name
    }
    END {
        for (at = 1; at <= last; at++) {
            name = queue[at]
            if (name in seen) continue
            seen[name] = 1
            print full[name]
            n = split(needs[name], groups, / *, */)
            for (i = 1; i <= n; i++) {
                m = split(groups[i], choices, / *\| */)
                for (j = 1; j <= m; j++) {
                    choice = bare(choices[j])
                    if (!(choice in full) && choice in by) choice = by[choice]
                    if (choice in full) { queue[++last] = choice; break }
                }
            }
        }
    }' >"$names"

# As a Debian with merged folders has them, where this one does.
mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
for merged in bin sbin lib lib64; do
    [ ! -L "/$merged" ] || ln -s "usr/$merged" "$root/$merged"
done
xargs dpkg-query -L <"$names" | sed -n 's,^/\(..*\),\1,p' | grep -v -e '^usr/share/doc/' -e '^usr/share/man/' -e '^usr/share/locale/' -e '^usr/share/info/' | sort -u |
    while read -r path; do [ ! -e "/$path" ] && [ ! -L "/$path" ] || echo "$path"; done >"$list"
tar -C / --no-recursion -cf - -T "$list" | tar -C "$root" --keep-directory-symlink -xpf -

mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/dev" "$root/proc" "$root/run" "$root/tmp" "$root/etc"
chmod 1777 "$root/tmp"
awk 'NR == FNR { sub(/:.*/, ""); wanted[$0] = 1; next }
    /^Package: / { print_it = ($2 in wanted) }
    print_it { print } /^$/ { print_it = 0 }' "$names" /var/lib/dpkg/status >"$root/var/lib/dpkg/status"
while read -r name; do
    for info in "/var/lib/dpkg/info/$name".* "/var/lib/dpkg/info/${name%:*}".*; do
        [ ! -e "$info" ] || cp "$info" "$root/var/lib/dpkg/info/"
    done
done <"$names"
cp /var/lib/dpkg/info/format "$root/var/lib/dpkg/info/" 2>/dev/null || :
[ ! -e /var/lib/dpkg/arch ] || cp /var/lib/dpkg/arch "$root/var/lib/dpkg/"
cp /usr/share/base-passwd/passwd.master "$root/etc/passwd"
cp /usr/share/base-passwd/group.master "$root/etc/group"
[ -e "$root/bin/sh" ] || ln -s dash "$root/bin/sh"
mknod -m 666 "$root/dev/null" c 1 3 2>/dev/null || { : >"$root/dev/null" && chmod 666 "$root/dev/null"; }
chroot "$root" /sbin/ldconfig
rm -f "$list" "$names"
