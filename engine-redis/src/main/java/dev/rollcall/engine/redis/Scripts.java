package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.redis.link.Command;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls scripts by their digest, and sends their text where Redis does not know it yet. A call that fails because Redis is away, busy or
 * full fails with {@link ErrorCode#UNAVAILABLE}; whether it was carried out is then not known. Safe from any thread.
 */
final class Scripts {
    private static final Logger log = LoggerFactory.getLogger(Scripts.class);

    /** Redis had no room for what a script would have stored, and did not run it. */
    @SuppressWarnings(
            "StaticAssignmentOfThrowable") // It has no stack trace, and is told from others by being this one.
    static final ProtocolException NO_ROOM = new ProtocolException(ErrorCode.UNAVAILABLE);

    private final Link link;
    private final ScriptListener listener;
    private final @Nullable EngineTime testTime;
    private final int partitions;

    /** The latest timetoken this node has heard of; a master that takes over with a clock behind learns of it with the next call. */
    private final AtomicLong heard = new AtomicLong();

    /** Calls that Redis did not understand; few of many are told to the log. */
    private static final AtomicInteger defects = new AtomicInteger();

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong effects = new AtomicLong();

    /** Makes a caller whose scripts go by {@code testTime} instead of the clock of Redis, if there is one. */
    Scripts(Link link, ScriptListener listener, int partitions, @Nullable EngineTime testTime) {
        this.link = link;
        this.partitions = partitions;
        this.listener = listener;
        this.testTime = testTime;
    }

    /** Calls a script that answers with a number. */
    CompletableFuture<Long> number(Script script, byte[][] keys, String... arguments) {
        return call(script, keys, values(arguments));
    }

    /** Calls a script that answers with a time, and returns that as a timetoken. */
    CompletableFuture<Long> timetoken(Script script, byte[][] keys, byte[][] arguments) {
        return this.<byte[]>call(script, keys, arguments)
                .thenApply(Reply::timetoken)
                .thenApply(this::heard);
    }

    /** Notes that something happened at a timetoken, and returns that; what this node causes from now on is later. */
    long heard(long timetoken) {
        if (timetoken > heard.get()) {
            heard.accumulateAndGet(timetoken, Math::max);
        }
        return timetoken;
    }

    /** Returns the latest timetoken this node has heard of. */
    long heard() {
        return heard.get();
    }

    /** Calls a script that answers with a list. */
    CompletableFuture<Reply> list(Script script, byte[][] keys, String... arguments) {
        return this.<List<Object>>call(script, keys, values(arguments)).thenApply(Reply::new);
    }

    /** Returns arguments as bytes, with room for the first, the time. */
    static byte[][] values(String... arguments) {
        byte[][] values = new byte[arguments.length + 1][];
        for (int i = 0; i < arguments.length; i++) {
            values[i + 1] = Names.bytes(arguments[i]);
        }
        return values;
    }

    private <T> CompletableFuture<T> call(Script script, byte[][] keys, byte[][] values) {
        values[0] = Names.bytes(
                (testTime == null ? "" : testTime.epochMillis() + "000") + ',' + heard.get() / 10 + ',' + partitions);
        ScriptListener.Call call = listener.onCall(script.label());
        CompletableFuture<T> result = new CompletableFuture<>();
        running.incrementAndGet();
        if (!script.isLook()) {
            effects.incrementAndGet();
        }
        int partition = Names.partitionOf(keys[0]);
        int bytes = bytes(script, values);
        link.<T>call(
                        partition,
                        script.lane(),
                        bytes,
                        commands -> commands.evalsha(script.sha(), script.output(), keys, values))
                .whenComplete((answer, failure) -> {
                    if (failure != null && cause(failure) instanceof RedisNoScriptException) {
                        link.<T>call(
                                        partition,
                                        script.lane(),
                                        bytes,
                                        commands -> commands.eval(script.text(), script.output(), keys, values))
                                .whenComplete((late, again) -> finish(script, call, result, late, again));
                    } else {
                        finish(script, call, result, answer, failure);
                    }
                });
        return result;
    }

    /** Returns how much a call carries, where that can be much. */
    private static int bytes(Script script, byte[][] values) {
        if (script == Script.RENEW || script == Script.FENCE || script == Script.SWEEP) {
            return 0;
        }
        int bytes = 0;
        for (byte[] value : values) {
            bytes += value.length;
        }
        return bytes;
    }

    private <T> void finish(
            Script script,
            ScriptListener.Call call,
            CompletableFuture<T> result,
            @Nullable T answer,
            @Nullable Throwable failure) {
        call.onEnd(failure != null);
        if (failure == null) {
            result.complete(answer);
        } else {
            result.completeExceptionally(failure(script.label(), failure));
        }
        running.decrementAndGet();
    }

    /** Returns how many calls have no answer yet. */
    int running() {
        return running.get();
    }

    /** Returns how many calls there have been that were not only to look what is due. */
    long effects() {
        return effects.get();
    }

    /** Asks something that needs no script, of the partition of a key. */
    <T extends @Nullable Object> CompletableFuture<T> ask(String what, Lane lane, byte[] key, Command<T> command) {
        CompletableFuture<T> result = new CompletableFuture<>();
        running.incrementAndGet();
        effects.incrementAndGet();
        link.call(Names.partitionOf(key), lane, 0, command).whenComplete((answer, failure) -> {
            if (failure == null) {
                result.complete(answer);
            } else {
                result.completeExceptionally(failure(what, failure));
            }
            running.decrementAndGet();
        });
        return result;
    }

    private static ProtocolException failure(String what, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ProtocolException known) {
            return known;
        }
        if (cause instanceof RedisCommandExecutionException && isDefect(String.valueOf(cause.getMessage()))) {
            if (defects.incrementAndGet() % 1000 == 1) {
                log.error("redis refused script={}", what, cause);
            }
            return new ProtocolException(ErrorCode.INTERNAL);
        }
        if (!(cause instanceof CancellationException)) {
            log.debug("redis did not answer script={}", what, cause);
        }
        return String.valueOf(cause.getMessage()).startsWith("OOM")
                ? NO_ROOM
                : new ProtocolException(ErrorCode.UNAVAILABLE);
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns whether Redis did not understand us, rather than being unable to serve. */
    private static boolean isDefect(String message) {
        return message.startsWith("ERR") || message.startsWith("WRONGTYPE") || message.startsWith("CROSSSLOT");
    }
}
