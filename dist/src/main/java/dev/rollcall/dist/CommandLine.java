package dev.rollcall.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line in a package: what it does not share with the server lies in a folder of its own, {@value #FOLDER}, with a list of all the
 * jars of its class path, which the launcher reads.
 */
final class CommandLine {
    private static final String FOLDER = "cli";
    private static final String MAIN = "dev.rollcall.cli.Main";

    private final Path project;
    private final Path lib;
    private final List<String> jars;
    private final JvmOptions options;

    private CommandLine(Path project, Path lib, List<String> jars) throws IOException {
        this.project = project;
        this.lib = lib;
        this.jars = List.copyOf(jars);
        options = JvmOptions.read(project.resolve("cli/jvm.options"));
    }

    /** Adds its jars to those of the server, which lie in {@code lib}, with one time for all. */
    static CommandLine copy(Path project, Path lib, Instant time) throws IOException {
        Path own = Files.createDirectories(lib.resolve(FOLDER));
        List<String> alone = new ArrayList<>();
        List<String> shared = new ArrayList<>();
        try (Stream<Path> built = Files.list(project.resolve("cli/target/rollcall/lib"))) {
            for (Path jar : built.sorted().toList()) {
                String name = jar.getFileName().toString();
                Path ofServer = lib.resolve(name);
                if (!Files.exists(ofServer)) {
                    Files.setLastModifiedTime(Files.copy(jar, own.resolve(name)), FileTime.from(time));
                    alone.add(FOLDER + '/' + name);
                } else if (Files.mismatch(jar, ofServer) >= 0) {
                    throw new IOException(jar + " is not what the server has under this name");
                } else {
                    shared.add(name);
                }
            }
        }
        alone.addAll(shared);
        return new CommandLine(project, lib, alone);
    }

    private List<Path> classPath() {
        return jars.stream().map(lib::resolve).toList();
    }

    /** Adds all that stands beside its jars in every package. */
    void addTo(FileTree program) {
        program.file("lib/cli/jars", jars.stream().collect(Collectors.joining("\n", "", "\n")))
                .file("lib/cli/jvm.options", project.resolve("cli/jvm.options"))
                .file("lib/cli/help.txt", help());
    }

    private Path help() {
        return project.resolve("cli/src/main/resources/dev/rollcall/cli/help.txt");
    }

    /** Writes the class data of a command. */
    void archiveClasses(RuntimeImage runtime, Path classes, Path to) throws IOException {
        runtime.archiveClasses(classPath(), classes, options, to);
    }

    /** Returns what a command prints. */
    String said(RuntimeImage runtime, String... words) throws IOException {
        return runtime.run(classPath(), options, MAIN, List.of(words));
    }

    /** Returns the page of the manual with the commands as they are: those of the page of help, in the words of {@code man}. */
    String manual(String template) throws IOException {
        StringBuilder commands = new StringBuilder();
        boolean below = false;
        for (String line : Files.readAllLines(help())) {
            if (line.startsWith("  ")) {
                String[] words = line.strip().split(" +", 2);
                commands.append(".TP\n.B ")
                        .append(roff(words[0]))
                        .append('\n')
                        .append(roff(words[1]))
                        .append(".\n");
                below = true;
            } else if (line.endsWith(":") && !line.startsWith("Usage")) {
                commands.append(".SS ")
                        .append(roff(line.substring(0, line.length() - 1)))
                        .append('\n');
            } else if (below && !line.isEmpty()) {
                break;
            }
        }
        return template.replace("@commands@\n", commands);
    }

    private static String roff(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
