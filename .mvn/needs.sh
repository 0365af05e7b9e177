# What the tests need besides a JDK. Sourced by ../rollcall; run by ../pom.xml. POSIX sh.
# shellcheck shell=sh
#
#   sh needs.sh check PROJECT "NEEDS" FLAG...    for Maven: prints in one line what is missing, or "nothing"
#
# One line for each program: its name, the oldest version that will do (- for any), and what to install for it with apt,
# dnf, apk and brew, - for nothing: there the tests say what they leave out. A module of the build names those it needs in the property
# test.needs of its pom.xml.

needs_table='
redis-server  7   redis-server          redis                    redis          redis
node          18  nodejs                nodejs                   nodejs         node
npm           -   npm                   npm                      npm            node
nginx         -   nginx                 nginx                    nginx          nginx
chromium      -   chromium              chromium                 chromium       -
gpg           -   gnupg                 gnupg2                   gnupg          gnupg
systemd-analyze  -  systemd             systemd                  -              -
javac         17  default-jdk-headless  java-latest-openjdk-devel  openjdk21-jdk  openjdk
'

# Those that only the tests which take long need.
long_needs='gpg systemd-analyze'

# Where servers are installed, which is not on the PATH of every user.
PATH=$PATH:/usr/local/sbin:/usr/sbin

# Prints the version of a program of the table: as many numbers as it gives, with dots between them.
need_version() {
    case $1 in
        redis-server) redis-server --version 2>/dev/null | sed -n 's/.* v=\([0-9.]*\).*/\1/p' ;;
        node) node --version 2>/dev/null | sed -n 's/^v\([0-9.]*\).*/\1/p' ;;
        javac) javac_home=$(find_jdk javac) && jdk_version "$javac_home" ;;
    esac
}

# Prints the programs of the table; without those that only long tests need, unless $1 is given.
all_needs() {
    echo "$needs_table" | while read -r need_name need_packages; do
        [ -n "$need_name" ] || continue
        [ -n "${1-}" ] || case " $long_needs " in *" $need_name "*) continue ;; esac
        echo "$need_name"
    done
}

# Whether a program of the table is there, under whichever name it is installed.
need_found_on_path() {
    case $1 in
        chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# Looks for the programs named. Sets "missing" to those that are not there, "outdated" to those
# that are too old, and "wanted" to both in words.
find_missing() {
    missing='' outdated='' wanted=''
    need_asked=" $* "
    need_nowhere=$(find_installer && echo "$need_column")
    while read -r need_name need_least need_packages; do
        [ -n "$need_name" ] || continue
        case $need_asked in *" $need_name "*) ;; *) continue ;; esac
        # Where no package has it nobody can be asked for it.
        # shellcheck disable=SC2086 # four columns
        [ "$(need_package "${need_nowhere:-1}" $need_packages)" != - ] || continue
        need_found=
        need_words=$need_name
        [ "$need_name" != javac ] || need_words='a JDK'
        [ "$need_least" = - ] || need_words="$need_words $need_least or later"
        if [ "$need_name" = javac ]; then
            need_found=$(need_version javac) || need_found=
        elif need_found_on_path "$need_name"; then
            # One that does not tell its version is given the benefit of the doubt.
            need_found=$(need_version "$need_name")
            need_found=${need_found:-any}
        fi
        if [ -z "$need_found" ]; then
            missing="$missing $need_name"
        elif [ "$need_least" = - ] || [ "$need_found" = any ] || [ "${need_found%%.*}" -ge "$need_least" ]; then
            continue
        else
            outdated="$outdated $need_name"
            need_words="$need_words (not $need_found)"
        fi
        wanted="$wanted${wanted:+, }$need_words"
    done <<END
$needs_table
END
    [ -z "$missing$outdated" ]
}

# Prints the argument $1 of those that follow it.
need_package() {
    shift "$1"
    echo "$1"
}

# Sets "installer" to the command that installs packages here, empty where there is none, and "packages" to what it takes
# for the programs that are missing.
find_installer() {
    installer='' packages=''
    need_sudo=
    [ "$(id -u)" = 0 ] || need_sudo='sudo '
    if command -v apt-get >/dev/null 2>&1; then
        need_column=1
        installer="${need_sudo}apt-get install"
    elif command -v dnf >/dev/null 2>&1; then
        need_column=2
        installer="${need_sudo}dnf install"
    elif command -v apk >/dev/null 2>&1; then
        need_column=3
        installer="${need_sudo}apk add"
    elif command -v brew >/dev/null 2>&1; then
        need_column=4
        installer='brew install'
    else
        return 1
    fi
    while read -r need_name need_least need_apt need_dnf need_apk need_brew; do
        case " $missing " in *" ${need_name:-none} "*) ;; *) continue ;; esac
        need_package=$(need_package "$need_column" "$need_apt" "$need_dnf" "$need_apk" "$need_brew")
        case " $packages " in *" $need_package "*) ;; *) packages="$packages${packages:+ }$need_package" ;; esac
    done <<END
$needs_table
END
}

# Prints, in one line, what is missing and how to get it. To be called after find_missing.
explain_missing() {
    # a, b and c
    case $wanted in *', '*) wanted="${wanted%, *} and ${wanted##*, }" ;; esac
    if [ -z "$outdated" ] && find_installer; then
        echo "the tests need $wanted; to install: $installer $packages (or ./rollcall test --yes)"
    else
        echo "the tests need $wanted: install what is missing, and have it on the PATH"
    fi
}

# Prints the programs that the modules chosen by -pl or --projects among the arguments need. Fails where all of the table
# are needed: where no module is chosen, or in a way that this does not read. $root is the folder of the root pom.xml.
chosen_needs() {
    chosen=
    while [ $# -gt 0 ]; do
        case $1 in
            -pl | --projects) chosen=${2-} && shift ;;
            -pl=* | --projects=*) chosen=${1#*=} ;;
        esac
        shift
    done
    [ -n "$chosen" ] || return 1
    for chosen_module in $(echo "$chosen" | tr ',' ' '); do
        chosen_module=${chosen_module#:rollcall-}
        [ -f "$root/${chosen_module%/pom.xml}/pom.xml" ] || return 1
        sed -n 's/.*<test\.needs>\(.*\)<\/test\.needs>.*/\1/p' "$root/${chosen_module%/pom.xml}/pom.xml"
    done
}

# Prints what the build of a project lacks, or "nothing". $1 is the project, $2 its test.needs, and the others are values
# of properties that skip tests.
check_for_maven() {
    project=$1
    needs=$2
    shift 2
    for flag in "$@"; do
        [ "$flag" != true ] || { echo nothing && return; }
    done
    root=$(cd "$(dirname "$0")/.." && pwd -P)
    # The root comes first in a build: there everything is asked for that the build is going to need.
    if [ "$project" = rollcall-parent ]; then
        # Maven runs on a JDK already.
        # shellcheck disable=SC2086 # Maven's arguments, split as Maven was given them
        needs=$(chosen_needs ${MAVEN_CMD_LINE_ARGS-}) ||
            case ${MAVEN_CMD_LINE_ARGS-} in
                *packages*) needs=$(all_needs long | sed '/^javac$/d') ;;
                *) needs=$(all_needs | sed '/^javac$/d') ;;
            esac
        needs=$(echo "$needs" | tr '\n' ' ')
    fi
    # shellcheck disable=SC2086 # a list of names
    if [ -z "$needs" ] || find_missing $needs; then
        echo nothing
    else
        explain_missing
    fi
}

case ${0##*/}/${1-} in
    needs.sh/check) shift && check_for_maven "$@" ;;
esac
