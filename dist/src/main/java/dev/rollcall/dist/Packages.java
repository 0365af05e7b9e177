package dev.rollcall.dist;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes every package of one version in one folder: {@code PROJECT VERSION TIME TO}, the folder of the sources, the version, the time
 * that files get, and the folder to write to, which is emptied.
 */
public final class Packages {
    /** One place for every build, wherever its sources are: the bytes of class data depend on the paths of what it is made from. */
    private static final Path WORK = Path.of("/tmp/rollcall-packages");

    private static final Path LOCK = Path.of("/tmp/rollcall-packages.lock");

    private static final String USER = "65532";
    private static final String HOME = "usr/lib/rollcall";
    private static final Duration HEALTH_PERIOD = Duration.ofSeconds(30);

    private final Path project;
    private final Path files;
    private final String version;
    private final Instant time;
    private final Path to;
    private final Sbom server;
    private final Sbom both;
    private final JvmOptions options;

    private Packages(Path project, String version, Instant time, Path to) throws IOException {
        this.project = project;
        this.version = version;
        this.time = time;
        this.to = to;
        files = project.resolve("dist/src/main/files");
        delete(to);
        delete(WORK);
        Files.createDirectories(to);
        Files.createDirectory(WORK);
        server = Sbom.read(project.resolve("server/target/rollcall/sbom.json"));
        both = server.with(Sbom.read(project.resolve("cli/target/rollcall/sbom.json")));
        options = JvmOptions.read(project.resolve("server/jvm.options"));
    }

    /** Makes them, and prints the name and the size of each. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException(arguments.length + " arguments (expected: PROJECT VERSION TIME TO)");
        }
        try (FileChannel lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            assert held.isValid();
            Packages packages = new Packages(
                    Path.of(arguments[0]), arguments[1], Instant.parse(arguments[2]), Path.of(arguments[3]));
            try {
                packages.make();
            } finally {
                delete(WORK);
            }
            packages.print();
        }
    }

    private void make() throws IOException {
        Path jars = jars();
        CommandLine commands = CommandLine.copy(project, jars, time);
        archive("rollcall-" + version, program(jars, commands, both), both);
        if (!RuntimeImage.isPossible() || !isLinux()) {
            System.err.println(
                    "[WARNING] packages: only the archive for any Java is made. The others come with a Java of their"
                            + " own, which is linked by JDK " + RuntimeImage.VERSION + " on Linux; this is "
                            + Runtime.version().feature() + " on "
                            + System.getProperty("os.name"));
            return;
        }
        RuntimeImage runtime = RuntimeImage.link(WORK.resolve("jre"));
        Path classes = WORK.resolve("classes.jsa");
        runtime.archiveClasses(sorted(jars), files.resolve("classes.txt"), options, classes);
        Path classesOfCommands = WORK.resolve("classes-cli.jsa");
        commands.archiveClasses(runtime, files.resolve("classes-cli.txt"), classesOfCommands);
        Sbom withJava = both.withJava(runtime);
        FileTree bundled = bundled(program(jars, commands, withJava), jars, runtime, classes)
                .file("lib/cli/classes.jsa", classesOfCommands);
        archive("rollcall-" + version + "-linux-" + architecture("x86_64", "aarch64"), bundled, withJava);
        debian(bundled, commands, runtime, withJava);
        image(jars, commands, runtime, classes);
    }

    /** Returns the class path of the server: in the order of their names, for class data holds for one order only. */
    private static List<Path> sorted(Path jars) throws IOException {
        try (Stream<Path> files = Files.list(jars)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static String architecture(String amd64, String arm64) {
        String here = System.getProperty("os.arch");
        return here.equals("amd64") ? amd64 : here.equals("aarch64") ? arm64 : here;
    }

    /** Returns a folder of the jars with the times that they get in the packages, for the class data holds for these only. */
    private Path jars() throws IOException {
        Path copies = Files.createDirectories(WORK.resolve("lib"));
        try (Stream<Path> built = Files.list(project.resolve("server/target/rollcall/lib"))) {
            for (Path jar : built.sorted().toList()) {
                Path copy = Files.copy(
                        jar, copies.resolve(jar.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                Files.setLastModifiedTime(copy, FileTime.from(time));
            }
        }
        return copies;
    }

    /** Returns what every package has below the folder of the program. */
    private FileTree program(Path jars, CommandLine commands, Sbom sbom) throws IOException {
        FileTree program = new FileTree()
                .file("bin/rollcall", files.resolve("bin/rollcall"))
                .copy("lib", jars)
                .file("lib/jdk.sh", project.resolve(".mvn/jdk.sh"))
                .file("jvm.options", project.resolve("server/jvm.options"))
                .file("LICENSE", project.resolve("LICENSE"))
                .file("NOTICE", sbom.notice())
                .file("CHANGELOG.md", project.resolve("CHANGELOG.md"))
                .file("rollcall.yaml", files.resolve("rollcall.yaml"))
                .file("sbom.json", sbom.toString());
        commands.addTo(program);
        return program;
    }

    private FileTree bundled(FileTree program, Path jars, RuntimeImage runtime, Path classes) throws IOException {
        Path transport = nativeTransport(jars);
        return program.copy("jre", runtime.folder())
                .file("lib/classes.jsa", classes)
                .file("lib/" + transport.getFileName(), transport);
    }

    /** Unpacks Netty's native transport, which otherwise is unpacked at every start, into a temporary folder that one has to have. */
    private Path nativeTransport(Path jars) throws IOException {
        String name = "libnetty_transport_native_epoll_" + architecture("x86_64", "aarch_64") + ".so";
        try (Stream<Path> files = Files.list(jars)) {
            for (Path jar : files.sorted().toList()) {
                if (jar.getFileName().toString().startsWith("netty-transport-native-epoll-")) {
                    try (ZipFile zip = new ZipFile(jar.toFile())) {
                        ZipEntry entry = zip.getEntry("META-INF/native/" + name);
                        if (entry != null) {
                            Path file = WORK.resolve(name);
                            Files.copy(zip.getInputStream(entry), file, StandardCopyOption.REPLACE_EXISTING);
                            return file;
                        }
                    }
                }
            }
        }
        throw new IOException("no " + name + " in the jars of " + jars);
    }

    private void archive(String name, FileTree tree, Sbom sbom) throws IOException {
        try (OutputStream out = open(name + ".tar.gz");
                OutputStream packed = Tar.gzip(out)) {
            FileTree below = new FileTree().folder(name);
            tree.entries().forEach((path, entry) -> below.put(name + '/' + path, entry));
            Tar.write(below, "", time, packed);
        }
        sbom(name + ".tar.gz", sbom);
    }

    private void debian(FileTree program, CommandLine commands, RuntimeImage runtime, Sbom sbom) throws IOException {
        Path debian = files.resolve("debian");
        FileTree tree = new FileTree();
        program.entries().forEach((path, entry) -> {
            // These have places of their own in Debian.
            if (!List.of("LICENSE", "CHANGELOG.md", "rollcall.yaml").contains(path)) {
                tree.put(HOME + '/' + path, entry);
            }
        });
        tree.link("usr/bin/rollcall", "../lib/rollcall/bin/rollcall")
                .file("etc/rollcall/rollcall.yaml", files.resolve("rollcall.yaml"))
                .file("etc/default/rollcall", debian.resolve("default"))
                .file("lib/systemd/system/rollcall.service", debian.resolve("rollcall.service"))
                .file("usr/share/doc/rollcall/copyright", debian.resolve("copyright"))
                .bytes("usr/share/doc/rollcall/changelog.gz", Tar.packed(project.resolve("CHANGELOG.md")))
                .file("usr/share/bash-completion/completions/rollcall", commands.said(runtime, "completion", "bash"))
                .file("usr/share/fish/vendor_completions.d/rollcall.fish", commands.said(runtime, "completion", "fish"))
                .bytes(
                        "usr/share/man/man1/rollcall.1.gz",
                        Tar.packed(commands.manual(Files.readString(debian.resolve("rollcall.1")))));
        String architecture = architecture("amd64", "arm64");
        String name = "rollcall_" + version + '_' + architecture + ".deb";
        String control = Files.readString(debian.resolve("control"))
                .replace("@version@", version)
                .replace("@architecture@", architecture);
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String script : List.of("conffiles", "postinst", "prerm", "postrm")) {
            scripts.put(script, Files.readString(debian.resolve(script)));
        }
        try (OutputStream out = open(name)) {
            DebianPackage.write(tree, control, scripts, time, out);
        }
        sbom(name, sbom);
    }

    /** Makes the container image, which holds the server alone: without a shell there is nobody to give it commands. */
    private void image(Path jars, CommandLine commands, RuntimeImage runtime, Path classes) throws IOException {
        Libc libc = Libc.ofThisMachine();
        Sbom sbom = server.withJava(runtime).withLibc(libc);
        Path image = files.resolve("image");
        FileTree base = new FileTree();
        libc.addTo(base);
        base.file("etc/passwd", image.resolve("passwd"))
                .file("etc/group", image.resolve("group"))
                .file("etc/nsswitch.conf", image.resolve("nsswitch.conf"))
                .folder("tmp", 01777, 0)
                .folder("var/lib/rollcall", 0750, Integer.parseInt(USER))
                .folder("etc/rollcall");
        FileTree java = new FileTree().copy(HOME + "/jre", runtime.folder());
        FileTree program = new FileTree();
        List<String> launch = new ArrayList<>(options.of(RuntimeImage.VERSION));
        // What the container may use is there for the server: buffers, class data and threads need less than the other
        // part.
        launch.add("-XX:MaxRAMPercentage=60");
        launch.addAll(List.of(
                "-XX:SharedArchiveFile=/" + HOME + "/lib/classes.jsa",
                "-Xshare:auto",
                "-Xlog:cds=off",
                "-Xlog:aot=off",
                "-Djava.library.path=/" + HOME + "/lib",
                "-cp"));
        StringBuilder classPath = new StringBuilder();
        program(jars, commands, sbom).entries().forEach((path, entry) -> {
            if (path.startsWith("lib/cli") || path.startsWith("bin") || path.equals("lib/jdk.sh")) {
                return;
            }
            if (path.endsWith(".jar")) {
                classPath
                        .append(classPath.isEmpty() ? "/" : ":/")
                        .append(HOME)
                        .append('/')
                        .append(path);
            }
            program.put(HOME + '/' + path, entry);
        });
        launch.add(classPath.toString());
        launch.add("dev.rollcall.server.Main");
        Path transport = nativeTransport(jars);
        program.file(HOME + "/lib/" + transport.getFileName(), transport)
                .file(HOME + "/lib/classes.jsa", classes)
                .file(HOME + "/java.args", String.join("\n", launch) + '\n');

        String javaProgram = '/' + HOME + "/jre/bin/java";
        String arguments = "@/" + HOME + "/java.args";
        Map<String, String> variables = new LinkedHashMap<>();
        // In a container loopback is nobody's; the admin port stays there until it is told otherwise.
        variables.put("ROLLCALL_HOST", "0.0.0.0");
        variables.put("LANG", "C.UTF-8");
        ObjectNode settings =
                OciImage.settings(USER + ':' + USER, List.of(javaProgram, arguments), List.of("serve"), variables);
        settings.put("WorkingDir", "/").put("StopSignal", "SIGTERM");
        settings.putObject("ExposedPorts").putObject("8090/tcp");
        settings.putObject("Labels")
                .put("org.opencontainers.image.title", "Rollcall")
                .put(
                        "org.opencontainers.image.description",
                        "A self-hosted presence server that speaks PubNub's wire protocol")
                .put("org.opencontainers.image.version", version)
                .put("org.opencontainers.image.licenses", "Apache-2.0")
                .put("org.opencontainers.image.created", time.toString());
        ObjectNode health = settings.putObject("Healthcheck")
                .put("Interval", HEALTH_PERIOD.toNanos())
                .put("Timeout", Duration.ofSeconds(10).toNanos())
                .put("StartPeriod", Duration.ofSeconds(30).toNanos())
                .put("Retries", 3);
        List.of("CMD", javaProgram, "-XX:+UseSerialGC", "-Xmx32m", "-XX:TieredStopAtLevel=1", arguments, "health")
                .forEach(health.putArray("Test")::add);
        String name = "rollcall-" + version + "-oci-" + architecture("amd64", "arm64") + ".tar";
        try (OutputStream out = open(name)) {
            new OciImage("rollcall:" + version, time, settings)
                    .layer(base, "glibc " + libc.version() + " and what it reads")
                    .layer(java, "Java " + RuntimeImage.release("JAVA_RUNTIME_VERSION"))
                    .layer(program, "Rollcall " + version)
                    .write(architecture("amd64", "arm64"), out);
        }
        sbom(name, sbom);
    }

    private void sbom(String name, Sbom sbom) throws IOException {
        Files.writeString(to.resolve(name + ".cdx.json"), sbom.toString());
    }

    private OutputStream open(String name) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(to.resolve(name)), 1 << 16);
    }

    /** Writes the digests beside the packages, as {@code sha256sum -c} reads them, and prints the sizes. */
    private void print() throws IOException {
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> made = Files.list(to)) {
            for (Path file : made.sorted().toList()) {
                sums.append(OciImage.digest(Files.readAllBytes(file)))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
                if (!file.toString().endsWith(".json")) {
                    System.out.printf(Locale.ROOT, "[INFO] %8.1f MB  %s%n", Files.size(file) / 1e6, file.getFileName());
                }
            }
        }
        Files.writeString(to.resolve("SHA256SUMS"), sums);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
    }
}
