package dev.rollcall.bench.process;

import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server under measurement: a process of its own on the loopback interface, ended with this object or with this process. One thread
 * uses it.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(6);
    private static final Pattern LISTENING = Pattern.compile("listening on \\w+://[^:]+:(\\d+)");
    private static final byte[] COLLECT = Requests.get("/collect");
    private static final Pattern ADMIN = Pattern.compile("admin-port=(\\d+)");
    private static final int REMEMBERED_LINES = 40;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "bench-servers-end"));
    }

    private final String name;
    private final Process process;
    private final boolean isJava;
    private final boolean isNode;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Deque<String> output = new ArrayDeque<>();
    private volatile int port;
    private volatile int adminPort;

    private ServerProcess(String name, Process process, String program) {
        this.name = name;
        this.process = process;
        isJava = program.endsWith("java");
        isNode = program.endsWith("node");
    }

    /** Starts a server that prints {@code listening on http://…:PORT}, and returns once it has. */
    public static ServerProcess start(String name, List<String> command) throws IOException, InterruptedException {
        return start(name, command, 0);
    }

    /** Starts a server that says nothing and is ready once {@code port}, if not 0, can be connected to. */
    static ServerProcess start(String name, List<String> command, int port) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        RUNNING.add(process);
        ServerProcess server = new ServerProcess(name, process, command.get(0));
        server.port = port;
        Thread reader = new Thread(server::read, "bench-output-of-" + name);
        reader.setDaemon(true);
        reader.start();
        boolean isReady =
                port == 0 ? server.ready.await(START_PATIENCE.toSeconds(), TimeUnit.SECONDS) : Ports.awaitOpen(port);
        if (!isReady || server.port == 0) {
            server.close();
            throw new IOException(name + " did not start (expected: listening within " + START_PATIENCE.toSeconds()
                    + " s)\n" + server.output());
        }
        return server;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read(line);
            }
        } catch (IOException e) {
            remember("output ended: " + e.getMessage());
        }
        // Whoever waits for a server that has ended waits for nothing.
        ready.countDown();
    }

    private void read(String line) {
        remember(line);
        Matcher admin = ADMIN.matcher(line);
        if (admin.find()) {
            adminPort = Integer.parseInt(admin.group(1));
        }
        Matcher listening = LISTENING.matcher(line);
        if (port == 0 && listening.find()) {
            port = Integer.parseInt(listening.group(1));
            ready.countDown();
        }
    }

    private void remember(String line) {
        synchronized (output) {
            output.addLast(line);
            if (output.size() > REMEMBERED_LINES) {
                output.removeFirst();
            }
        }
    }

    /** Returns the last lines the server printed. */
    public String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Returns what the server is called in reports. */
    public String name() {
        return name;
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns where its admin port listens. */
    public InetSocketAddress adminAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort);
    }

    /** Returns its process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns the processor time it has used, that of child processes included. */
    public long cpuNanos() {
        return process.descendants()
                        .mapToLong(child -> ProcFiles.cpuNanos(child.pid()))
                        .sum()
                + ProcFiles.cpuNanos(process.pid());
    }

    /** Returns its resident memory, that of child processes included. */
    public long residentBytes() {
        return process.descendants()
                        .mapToLong(child -> ProcFiles.residentBytes(child.pid()))
                        .sum()
                + ProcFiles.residentBytes(process.pid());
    }

    /** Has a server in Java or on Node.js collect its garbage. Others would take what {@code jcmd} sends for a signal to stop. */
    public void collectGarbage(Jvm jvm) throws IOException, InterruptedException {
        if (isJava) {
            Jcmd.run(jvm, pid(), "GC.run");
        } else if (isNode) {
            collectOnNode();
        }
    }

    /** Has Node.js collect, by a request that our scripts there know, and returns the bytes of heap that are left. */
    private long collectOnNode() throws IOException {
        try (HttpCaller caller = new HttpCaller(address())) {
            return Long.parseLong(caller.require(COLLECT).body());
        }
    }

    /** Returns the bytes of heap that a server in Java or on Node.js uses, in Java garbage included; nothing for others. */
    public OptionalLong heapBytes(Jvm jvm) throws IOException, InterruptedException {
        if (isNode) {
            return OptionalLong.of(collectOnNode());
        }
        return isJava ? Jcmd.usedHeapBytes(Jcmd.run(jvm, pid(), "GC.heap_info")) : OptionalLong.empty();
    }

    /** Fails if the server has ended. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    name + ": ended with " + process.exitValue() + " (expected: running)\n" + output());
        }
    }

    /** Returns whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        RUNNING.remove(process);
    }

    /** Asks it to stop, and returns the status it ended with. */
    public int stop() throws InterruptedException {
        process.destroy();
        int status = process.waitFor();
        RUNNING.remove(process);
        return status;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(process);
    }
}
