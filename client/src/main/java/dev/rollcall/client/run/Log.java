package dev.rollcall.client.run;

/** The log of clients. Made when there is something to say: making it takes longer than a call, and most programs that make one call say nothing. */
public final class Log {
    private Log() {}

    private static final class Holder {
        static final System.Logger LOG = System.getLogger("dev.rollcall.client");
    }

    /** Returns it. */
    public static System.Logger get() {
        return Holder.LOG;
    }
}
