package dev.rollcall.bench.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks another JVM for something with the JDK's {@code jcmd}. */
public final class Jcmd {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private Jcmd() {}

    /** Reads the first size in use, that of the heap or of its largest part, in what {@code GC.heap_info} printed. */
    static OptionalLong usedHeapBytes(String printed) {
        Matcher used = USED.matcher(printed);
        return used.find() ? OptionalLong.of(Long.parseLong(used.group(1)) * 1024) : OptionalLong.empty();
    }

    /** Runs a command and returns what it printed, nothing where there is no {@code jcmd}. */
    public static String run(Jvm jvm, long pid, String... command) throws IOException, InterruptedException {
        if (!jvm.hasTool("jcmd")) {
            return "";
        }
        List<String> line = new ArrayList<>(
                List.of(jvm.home().resolve("bin").resolve("jcmd").toString(), Long.toString(pid)));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try (InputStream printed = process.getInputStream()) {
            String text = new String(printed.readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        }
    }
}
