# Finds a JDK. Sourced by ../rollcall, ../mvnw and ../.ci/run; POSIX sh, defines functions only.
# shellcheck shell=sh
#
# Searched: $JAVA_HOME, the java on the PATH, and the folders where systems put their JDKs. The version comes from the
# "release" file of the JDK, so that looking costs no start of a JVM; only a Java without that file is asked.

# Prints the feature version (17, 25, ...) of the Java home $1; fails where there is none, or where it is 8 or older.
jdk_version() {
    [ -x "$1/bin/java" ] || return 1
    if [ -r "$1/release" ]; then
        jdk_version_=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
    else
        jdk_version_=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p')
    fi
    [ -n "$jdk_version_" ] && [ "$jdk_version_" -ge 9 ] && echo "$jdk_version_"
}

# Prints the home of the newest Java of version 17 or later; fails where there is none.
#   find_jdk            any Java that can run a program
#   find_jdk javac 25   only with a compiler, and version 25 wins over newer ones
find_jdk() (
    set +f
    need=bin/${1:-java}
    preferred=${2:-0}
    on_path=$(command -v java) || on_path=
    while [ -L "$on_path" ]; do
        link=$(readlink "$on_path")
        case $link in
            /*) on_path=$link ;;
            *) on_path=${on_path%/*}/$link ;;
        esac
    done
    best=
    best_version=0
    for home in "${JAVA_HOME-}" "${on_path%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/java/* \
        "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -n "$home" ] || continue
        [ -x "$home/$need" ] || continue
        version=$(jdk_version "$home") || continue
        [ "$version" -ge 17 ] || continue
        [ "$version" -ne "$preferred" ] || version=9999
        if [ "$version" -gt "$best_version" ]; then
            best=$home
            best_version=$version
        fi
    done
    [ -n "$best" ] && echo "$best"
)
