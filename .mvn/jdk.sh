# Finds a JDK, and the options for it. Sourced by ../rollcall, ../mvnw, ../.ci/run and the launcher of the packages;
# POSIX sh, defines functions only.
# shellcheck shell=sh
#
# Searched: $JAVA_HOME, the java on the PATH, and the folders where systems put their JDKs. The version comes from the
# "release" file of the JDK, so that looking costs no start of a JVM; only a Java without that file is asked.

# Sets jdk_version_ to the feature version (17, 25, ...) of the Java home $1; fails where there is none, or where it is 8 or older. Starts no
# other program where there is a file to read: a command has no time for that.
read_jdk_version() {
    jdk_version_=
    [ -x "$1/bin/java" ] || return 1
    if [ -r "$1/release" ]; then
        while read -r jdk_line_ || [ -n "$jdk_line_" ]; do
            case $jdk_line_ in JAVA_VERSION=\"[1-9]*) jdk_version_=${jdk_line_#*\"} && break ;; esac
        done <"$1/release"
        jdk_version_=${jdk_version_%%[!0-9]*}
    else
        jdk_version_=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p')
    fi
    [ -n "$jdk_version_" ] && [ "$jdk_version_" -ge 9 ]
}

# Prints the version that read_jdk_version finds.
jdk_version() {
    read_jdk_version "$1" && echo "$jdk_version_"
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
        read_jdk_version "$home" || continue
        version=$jdk_version_
        [ "$version" -ge 17 ] || continue
        [ "$version" -ne "$preferred" ] || version=9999
        if [ "$version" -gt "$best_version" ]; then
            best=$home
            best_version=$version
        fi
    done
    [ -n "$best" ] && echo "$best"
)

# Prints the options of the file $1, one a line, for a Java of the version $2. A line is FROM-:OPTION; an option has no blanks.
jvm_options() {
    [ -r "$1" ] || return 0
    while read -r jvm_options_ || [ -n "$jvm_options_" ]; do
        case $jvm_options_ in
            [1-9]*-:-*) [ "$2" -lt "${jvm_options_%%-:*}" ] || echo "${jvm_options_#*-:}" ;;
        esac
    done <"$1"
}
