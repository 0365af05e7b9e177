package dev.rollcall.engine.redis;

/** Watches the calls of scripts, for metrics. Called on any thread; must be quick. */
@FunctionalInterface
public interface ScriptListener {
    /** Watches nothing. */
    ScriptListener NONE = script -> failed -> {};

    /** A script is about to be called; returns who is told of its end. */
    Call onCall(String script);

    /** One call of a script. */
    @FunctionalInterface
    interface Call {
        /** The call is over; whether without an answer. */
        void onEnd(boolean failed);
    }
}
