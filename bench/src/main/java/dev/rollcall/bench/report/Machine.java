package dev.rollcall.bench.report;

import dev.rollcall.bench.process.ProcFiles;
import java.lang.management.ManagementFactory;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** What a report says of the machine it was taken on. */
public final class Machine {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);

    private Machine() {}

    /** Returns machine, Java and date. */
    public static List<String> lines() {
        Runtime runtime = Runtime.getRuntime();
        String load = ProcFiles.firstLine("/proc/loadavg").split(" ")[0];
        return List.of(
                String.format(
                        Locale.ROOT,
                        "machine: %d processors, %s, %s memory, %s %s, open files %s, load before %s",
                        runtime.availableProcessors(),
                        ProcFiles.value("/proc/cpuinfo", "model name"),
                        memory(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Figures.count(ProcFiles.openFilesLimit()),
                        load),
                "java:    " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version")
                        + " " + String.join(" ", shownFlags()),
                "date:    " + OffsetDateTime.now(ZoneOffset.UTC).format(DATE));
    }

    private static List<String> shownFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-XX:+Use") || flag.startsWith("-Xm") || flag.startsWith("-XX:Active"))
                .toList();
    }

    private static String memory() {
        String kilobytes = ProcFiles.value("/proc/meminfo", "MemTotal").replace(" kB", "");
        try {
            return String.format(Locale.ROOT, "%.0f GB", Long.parseLong(kilobytes.strip()) / (1024.0 * 1024));
        } catch (NumberFormatException e) {
            return "unknown";
        }
    }
}
