package dev.rollcall.server;

import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.http.HttpServer;
import dev.rollcall.server.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that fills its heap, or fails in another way, at the place its argument names. */
public final class DyingProcess {
    private static final List<byte[]> HELD = new ArrayList<>();

    private DyingProcess() {}

    /** Starts it. */
    public static void main(String[] arguments) throws Exception {
        FatalErrors.endProcess();
        switch (arguments[0]) {
            case "event-loop" -> askServer(DyingProcess::fill);
            case "event-loop-internal" ->
                askServer(() -> {
                    throw new InternalError("made up");
                });
            case "daemon" -> new Daemons(System::nanoTime).thread("work").execute(DyingProcess::fill);
            case "thread" -> new Thread(DyingProcess::fill).start();
            case "stop" -> {
                Steps steps = new Steps();
                steps.started("full", DyingProcess::fill);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    steps.close(RollcallServer.CLOSE_WITHIN);
                    Runtime.getRuntime().halt(0);
                }));
                System.exit(0);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(5));
    }

    private static void askServer(Runnable failure) throws IOException {
        HttpServer server =
                HttpServer.bind(new HttpServerOptions("127.0.0.1", 0), (request, exchange) -> failure.run());
        try (InputStream answer =
                URI.create("http://127.0.0.1:" + server.port() + "/").toURL().openStream()) {
            System.out.println("answered " + answer.read());
        }
    }

    private static void fill() {
        int size = 1 << 20;
        while (true) {
            try {
                HELD.add(new byte[size]);
            } catch (OutOfMemoryError e) {
                if (size == 1) {
                    throw e;
                }
                // To the last byte.
                size /= 2;
            }
        }
    }
}
