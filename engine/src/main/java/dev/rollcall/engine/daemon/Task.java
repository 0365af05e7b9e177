package dev.rollcall.engine.daemon;

/** A piece of work of a {@link DaemonThread}. */
@FunctionalInterface
public interface Task {
    /**
     * Does it.
     *
     * @throws Exception for whatever reason; it is counted and logged, and the thread goes on
     */
    void run() throws Exception;
}
