package dev.rollcall.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A folder that is all a program sees of the files of this machine. */
final class Root {
    private final Path folder;
    private final boolean hasMounts;

    Root(Path folder) {
        this.folder = folder;
        hasMounts = Shell.succeeds("unshare", "--mount", "true");
    }

    /** Says what it is that cannot be tried, where this user may not leave the files of the machine. */
    static void require(String what) {
        if (!Shell.isRoot() || !Shell.succeeds("chroot", "/", "true")) {
            throw Shell.notTried(what, "needs root and chroot");
        }
    }

    /** Returns how a program is started in it by a user and group, with its own {@code /proc} if this machine lets us mount one. */
    List<String> command(String userAndGroup, List<String> command) throws IOException {
        List<String> all = new ArrayList<>();
        if (hasMounts) {
            Files.createDirectories(folder.resolve("proc"));
            all.addAll(List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t proc proc \"$0/proc\" || echo no proc >&2; user=$1; shift; exec chroot"
                            + " --userspec=\"$user\" \"$0\" \"$@\"",
                    folder.toString(),
                    userAndGroup));
        } else {
            Shell.tell("mounts are not allowed here: tried without /proc");
            all.addAll(List.of("chroot", "--userspec=" + userAndGroup, folder.toString()));
        }
        all.addAll(command);
        return all;
    }

    /** Returns what a Java must be told where there is no {@code /proc} by which it finds its own files. */
    Map<String, String> variables(String java) {
        return hasMounts ? Map.of() : Map.of("LD_ORIGIN_PATH", java);
    }
}
