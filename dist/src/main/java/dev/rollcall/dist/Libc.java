package dev.rollcall.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The C library of the machine that builds the packages: what a Java and Netty's native transport load of it. {@code name}, {@code
 * version} and {@code distribution} are those of the system's package, which is part of what a build depends on.
 */
record Libc(String name, String version, String distribution, String purl, List<Path> files) {
    private static final List<Path> FOLDERS = List.of(
            Path.of("/lib/x86_64-linux-gnu"),
            Path.of("/lib/aarch64-linux-gnu"),
            Path.of("/lib64"),
            Path.of("/usr/lib64"),
            Path.of("/lib"));
    private static final List<String> LIBRARIES = List.of(
            "libc.so.6",
            "libm.so.6",
            "libdl.so.2",
            "libpthread.so.0",
            "librt.so.1",
            "libresolv.so.2",
            "libnss_files.so.2",
            "libnss_dns.so.2");
    private static final List<Path> LOADERS =
            List.of(Path.of("/lib64/ld-linux-x86-64.so.2"), Path.of("/lib/ld-linux-aarch64.so.1"));

    static Libc ofThisMachine() throws IOException {
        Path folder = FOLDERS.stream()
                .filter(candidate -> Files.exists(candidate.resolve("libc.so.6")))
                .findFirst()
                .orElseThrow(() -> new IOException("no glibc in any of " + FOLDERS));
        Path loader = LOADERS.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IOException("no loader of glibc: none of " + LOADERS));
        List<Path> files = new ArrayList<>(List.of(loader));
        LIBRARIES.stream().map(folder::resolve).filter(Files::exists).forEach(files::add);
        String system = osRelease("ID");
        String[] installed = packageOf();
        String purl = "pkg:" + (installed[0].equals("glibc") ? "generic" : "deb/" + system) + '/' + installed[0] + '@'
                + Sbom.encoded(installed[1]);
        return new Libc(installed[0], installed[1], system, purl, List.copyOf(files));
    }

    /** Adds the files where they are found, as files: the names that lead to them are what programs ask for. */
    void addTo(FileTree tree) throws IOException {
        for (Path file : files) {
            tree.file(file.toString().substring(1), file.toRealPath());
        }
        Path copyright = Path.of("/usr/share/doc/libc6/copyright");
        if (Files.exists(copyright)) {
            tree.file(copyright.toString().substring(1), copyright);
        }
    }

    private static String[] packageOf() throws IOException {
        try {
            return output("dpkg-query", "-W", "-f", "${Package} ${Version}", "libc6")
                    .split(" ");
        } catch (IOException e) {
            // Not a Debian. The first line ends with the version.
            String first = output("ldd", "--version").lines().findFirst().orElse("unknown");
            return new String[] {"glibc", first.substring(first.lastIndexOf(' ') + 1)};
        }
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0 || text.isBlank()) {
                throw new IOException(command[0] + " does not know");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return text.strip();
    }

    private static String osRelease(String name) throws IOException {
        return Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(line -> line.startsWith(name + '='))
                .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse("linux");
    }
}
