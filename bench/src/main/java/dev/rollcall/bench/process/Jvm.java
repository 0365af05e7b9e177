package dev.rollcall.bench.process;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How servers in Java are started: on the Java that runs this process and with the flags the launcher gave it, so that all run as
 * users run them.
 *
 * @param home the Java home
 * @param flags the flags
 * @param classPath the jars
 */
public record Jvm(Path home, List<String> flags, List<String> classPath) {
    /** Beginnings of flags that are about this process and not about how Java is to run. */
    private static final List<String> OWN = List.of(
            "-Xmx",
            "-Xms",
            "-XX:SharedArchiveFile",
            "-XX:+AutoCreateSharedArchive",
            "-Xshare",
            "-Xlog",
            "-agentlib",
            "-D");

    /** Beginning of settings that every server here shares. */
    private static final String NETTY = "-Dio.netty.";

    /** Beginnings of the names of jars that no server of ours needs. */
    private static final List<String> BENCH_ONLY = List.of(
            "cometd-", "jetty-", "jakarta.", "jmh-", "jopt-", "commons-math", "jol-", "awaitility-", "hamcrest-");

    /** Beginnings of the names of jars that a bare server needs. */
    private static final List<String> BARE = List.of("rollcall-bench", "netty-", "jspecify-");

    /** Returns the Java of this process. */
    public static Jvm current() {
        List<String> flags = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith(NETTY) || OWN.stream().noneMatch(flag::startsWith)) {
                flags.add(flag);
            }
        }
        String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        return new Jvm(Path.of(System.getProperty("java.home")), flags, Arrays.asList(classPath));
    }

    /** Returns the same with more flags. */
    public Jvm with(List<String> more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(more);
        return new Jvm(home, all, classPath);
    }

    /** Returns the same without the jars that only peers and the bench itself need. */
    public Jvm withoutBenchJars() {
        return new Jvm(home, flags, jars(BENCH_ONLY, false));
    }

    /** Returns the same with no more jars than a bare server needs. */
    public Jvm withBareJars() {
        return new Jvm(home, flags, jars(BARE, true));
    }

    private List<String> jars(List<String> beginnings, boolean kept) {
        return classPath.stream()
                .filter(entry -> {
                    Path name = Path.of(entry).getFileName();
                    boolean named = name != null && beginnings.stream().anyMatch(name.toString()::startsWith);
                    return named == kept || !entry.endsWith(".jar");
                })
                .toList();
    }

    /** Returns the command that runs a main class. */
    public List<String> command(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve("java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(String.join(File.pathSeparator, classPath));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    /** Returns the feature version, such as 25. */
    public static int version() {
        return Runtime.version().feature();
    }

    /** Returns whether a tool of the JDK is there. */
    public boolean hasTool(String name) {
        return Files.isExecutable(home.resolve("bin").resolve(name));
    }
}
