package dev.rollcall.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this machine lets a process have. */
final class Limits {
    private static final String CHECK = "open-files";
    private static final long ENOUGH = 8192;

    // The JVM raises the soft limit to the hard one, here as in the server.
    private static final Pattern LINE = Pattern.compile("Max open files +\\d+|Max open files +unlimited");

    private Limits() {}

    /** Looks how many files a process started from here may open. Every connection is one. */
    static Finding openFiles(URI server) {
        String host = server.getHost();
        if (!host.equals("localhost") && !host.startsWith("127.") && !host.equals("[::1]")) {
            return Finding.info(CHECK, "open files: not looked at, the server is on another machine");
        }
        try {
            Matcher found = LINE.matcher(Files.readString(Path.of("/proc/self/limits")));
            if (!found.find()) {
                return Finding.info(CHECK, "open files: this system does not say");
            }
            String limit = found.group().substring("Max open files".length()).strip();
            if (!limit.equals("unlimited") && Long.parseLong(limit) < ENOUGH) {
                return Finding.bad(
                        CHECK,
                        "a server started from here may open " + limit + " files, and every connection is one",
                        "raise it: ulimit -n 65536 in the shell, LimitNOFILE= for systemd, --ulimit nofile= for Docker");
            }
            return Finding.good(CHECK, "a server started from here may open " + limit + " files");
        } catch (IOException e) {
            return Finding.info(CHECK, "open files: this system does not say");
        }
    }
}
