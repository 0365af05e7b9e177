package dev.rollcall.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What Linux tells in {@code /proc}. Elsewhere most of it is unknown. */
public final class ProcFiles {
    private static final String UNKNOWN = "unknown";

    /** Length of the unit that the kernel counts processor time of processes in; the same on every Linux. */
    private static final long TICK_NANOS = 10_000_000;

    /** Fields of {@code stat} after the name in brackets: user time and system time are the 12th and 13th of those. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    private ProcFiles() {}

    /** Returns the processor time that a process has used, user and system. */
    public static long cpuNanos(long pid) {
        return cpuNanos(firstLine("/proc/" + pid + "/stat"));
    }

    /** Reads the processor time in a line of {@code stat}. The name of the process, in brackets, may hold blanks and brackets. */
    static long cpuNanos(String stat) {
        int end = stat.lastIndexOf(')');
        String[] fields = stat.substring(end + 1).strip().split(" ");
        if (end < 0 || fields.length <= SYSTEM_TIME) {
            throw new IllegalStateException("stat: " + stat + " (expected: the fields of /proc/PID/stat)");
        }
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * TICK_NANOS;
    }

    /** Returns the resident memory of a process in bytes. */
    public static long residentBytes(long pid) {
        OptionalLong exact = bytes(lines("/proc/" + pid + "/smaps_rollup"), "Rss");
        return exact.isPresent()
                ? exact.getAsLong()
                : bytes(lines("/proc/" + pid + "/status"), "VmRSS").orElse(0);
    }

    /** Reads a size in lines like {@code Rss:   1234 kB}. */
    static OptionalLong bytes(List<String> lines, String key) {
        for (String line : lines) {
            if (line.startsWith(key + ":")) {
                String size = line.substring(key.length() + 1).replace("kB", "").strip();
                return OptionalLong.of(Long.parseLong(size) * 1024);
            }
        }
        return OptionalLong.empty();
    }

    /** Returns how many files this process, and those it starts, may open. */
    public static long openFilesLimit() {
        return openFilesLimit(lines("/proc/self/limits"));
    }

    static long openFilesLimit(List<String> limits) {
        for (String line : limits) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split(" +")[0];
                return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return 1024;
    }

    /** Returns the value behind the first {@code key :} of a file. */
    public static String value(String file, String key) {
        for (String line : lines(file)) {
            if (line.startsWith(key) && line.indexOf(':') >= 0) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return UNKNOWN;
    }

    /** Returns the first line of a file, {@code unknown} if there is none. */
    public static String firstLine(String file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? UNKNOWN : lines.get(0);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
    }
}
