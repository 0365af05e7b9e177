package dev.rollcall.client.run;

import java.util.function.Supplier;

/**
 * The one door through which the client runs what its users wrote: listeners, callbacks, delays, suppliers, executors, transports.
 * Whatever comes out of there, checked exceptions and errors included, costs that one call, is logged with what it was, and ends no
 * thread and no loop. Safe from any thread.
 */
public final class UserCode {
    private UserCode() {}

    /** Runs {@code code}; {@code what} says in the log what failed. Returns whether it ended well. */
    public static boolean run(String what, Runnable code) {
        try {
            code.run();
            return true;
        } catch (Throwable t) {
            failed(what, t);
            return false;
        }
    }

    /** Returns what {@code code} returns, or {@code otherwise} if it throws or returns null. */
    public static <T> T call(String what, Supplier<? extends T> code, T otherwise) {
        try {
            T value = code.get();
            if (value != null) {
                return value;
            }
            Log.get().log(System.Logger.Level.WARNING, "{0} returned null; goes on with {1}", what, otherwise);
        } catch (Throwable t) {
            failed(what, t);
        }
        return otherwise;
    }

    /** Logs what came out of {@code what}; an error of the virtual machine itself also reaches the handler of the process. */
    public static void failed(String what, Throwable t) {
        if (t instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        try {
            Log.get().log(System.Logger.Level.WARNING, what + " failed: " + t, t);
        } catch (Throwable unloggable) {
            // A logger that fails, or whose message does, must not undo what this class is for.
            report(unloggable);
        }
        report(t);
    }

    /** Hands an error that the process must know of to its handler, without ending the thread. */
    public static void report(Throwable t) {
        if (!(t instanceof VirtualMachineError) || t instanceof StackOverflowError) {
            return;
        }
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, t);
        } catch (Throwable ignored) {
            // The JVM ignores what such a handler throws, too.
        }
    }
}
