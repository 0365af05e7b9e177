package dev.rollcall.engine.daemon;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The errors after which a process is of no more use, because any of its threads may have lost a step: the heap or the class space is
 * exhausted, or the virtual machine found a fault in itself. Whoever catches an {@code Error}, or a {@code Throwable}, hands it to
 * {@link #check} first. Safe from any thread.
 *
 * <p>All other errors concern what was being done and nothing else: a stack overflow, a failed assertion, a class that cannot be loaded,
 * direct memory or threads that the system does not give, an array that was asked to be larger than arrays can be. They fail their request
 * or their task.
 *
 * <p>A server that runs inside another program must not end it, so a process ends only if its main class has said so by
 * {@link #endProcess}.
 */
public final class FatalErrors {
    /** The status of a process that ends because of such an error. The virtual machine uses the same one. */
    public static final int STATUS = 3;

    private static final Logger log = LoggerFactory.getLogger(FatalErrors.class);
    private static final int CAUSES = 16;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How messages begin that the virtual machine has for a heap, or a class space, that is full. Libraries have others, for other limits. */
    private static final String[] EXHAUSTED = {
        "Java heap space", "GC overhead limit exceeded", "Metaspace", "Compressed class space", "C heap space"
    };

    // Made in advance: when they are needed there may be no memory to make them of.
    private static final FileOutputStream STDERR = new FileOutputStream(FileDescriptor.err);
    private static final byte[] OUT_OF_MEMORY =
            line("the heap is exhausted (expected: memory-budget below the heap; give -Xmx more, or the budget less)");
    private static final byte[] INTERNAL = line("the Java virtual machine reports an internal error");

    private static final AtomicBoolean ENDING = new AtomicBoolean();

    private static volatile @Nullable Thread lastResort;

    private FatalErrors() {}

    private static byte[] line(String text) {
        return ("rollcall: ending with status " + STATUS + ": " + text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Has this process end with {@link #STATUS} at the first fatal error that is found, and whatever ends a thread unseen be logged. To be
     * called once, by a main class.
     */
    public static void endProcess() {
        Thread halting = new Thread(FatalErrors::haltWhenEnding, "rollcall-last-resort");
        halting.setDaemon(true);
        halting.start();
        // Once through all of it: what is used for the first time is loaded and linked, which takes memory.
        isFatal(new OutOfMemoryError(EXHAUSTED[EXHAUSTED.length - 1]));
        lineFor(new OutOfMemoryError());
        ENDING.compareAndSet(false, false);
        LockSupport.unpark(halting);
        loadShutdown();
        write(new byte[0]);
        Uncaught handler = new Uncaught();
        handler.uncaughtException(halting, new AssertionError());
        Thread.setDefaultUncaughtExceptionHandler(handler);
        rehearse();
        lastResort = halting;
    }

    /** A hook, if only for a moment, loads what {@link Runtime#halt} uses. */
    private static void loadShutdown() {
        Thread hook = new Thread(() -> {});
        Runtime.getRuntime().addShutdownHook(hook);
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /** Has a thread end by an error, so that the way from there to the handler has been gone once. */
    private static void rehearse() {
        Thread ending = new Thread(
                () -> {
                    throw new AssertionError();
                },
                "rollcall-rehearsal");
        ending.setDaemon(true);
        ending.start();
        try {
            ending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Uncaught implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            check(thrown);
            if (lastResort != null) {
                log.error("a thread has ended thread={}", thread.getName(), thrown);
            }
        }
    }

    /** Ends the process though nobody reads its standard error, on which the line would wait for ever. */
    private static void haltWhenEnding() {
        while (!ENDING.get()) {
            LockSupport.park();
        }
        LockSupport.parkNanos(LINE_NANOS);
        while (true) {
            try {
                Runtime.getRuntime().halt(STATUS);
            } catch (Error e) {
                // No memory for something on the way. There may be some in a moment, and there is nothing else to do.
                LockSupport.parkNanos(LINE_NANOS);
            }
        }
    }

    /** Returns whether {@code thrown}, or what caused it, leaves the process of no more use. */
    public static boolean isFatal(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < CAUSES; i++) {
            // Netty's direct-memory limit is a class below OutOfMemoryError, and its heap is in order.
            if (cause instanceof InternalError
                    || cause.getClass() == OutOfMemoryError.class && isExhausted(cause.getMessage())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isExhausted(@Nullable String message) {
        if (message == null) {
            return true;
        }
        for (String beginning : EXHAUSTED) {
            if (message.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Ends the process if {@code thrown} is fatal and the process is one that may end; otherwise returns. Nothing is written or closed in an
     * orderly way, as after a kill: after that there is no telling what would be written. Allocates nothing.
     */
    public static void check(Throwable thrown) {
        Thread halting = lastResort;
        if (halting == null || !isFatal(thrown)) {
            return;
        }
        if (!ENDING.compareAndSet(false, true)) {
            while (true) {
                // Another thread is ending the process.
                LockSupport.park();
            }
        }
        LockSupport.unpark(halting);
        write(lineFor(thrown));
        Runtime.getRuntime().halt(STATUS);
    }

    private static byte[] lineFor(Throwable thrown) {
        return isInternal(thrown) ? INTERNAL : OUT_OF_MEMORY;
    }

    private static void write(byte[] line) {
        try {
            STDERR.write(line);
        } catch (IOException | RuntimeException | Error e) {
            // The status has to tell it.
        }
    }

    private static boolean isInternal(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < CAUSES; i++) {
            if (cause instanceof InternalError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
