package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Reads sets of any size, a part at a time: what is in it throughout is found, what comes or goes meanwhile may be found or not. Safe from
 * any thread.
 */
final class SetReader {
    private static final ScanArgs PART = ScanArgs.Builder.limit(1000);

    private final Scripts scripts;

    SetReader(Scripts scripts) {
        this.scripts = scripts;
    }

    /** Returns the members of a set. */
    CompletableFuture<Set<String>> of(byte[] key) {
        Set<String> found = new HashSet<>();
        return each(key, part -> {
                    found.addAll(part);
                    return CompletableFuture.completedFuture(null);
                })
                .thenApply(done -> found);
    }

    /** Does something with each part of the members of a set, one part after the other. */
    CompletableFuture<Void> each(byte[] key, Function<List<String>, CompletableFuture<?>> work) {
        return goOn(key, ScanCursor.INITIAL, work);
    }

    private CompletableFuture<Void> goOn(
            byte[] key, ScanCursor cursor, Function<List<String>, CompletableFuture<?>> work) {
        return scripts.ask("sscan", Lane.BULK, key, commands -> commands.sscan(key, cursor, PART))
                .thenCompose(part -> work.apply(
                                part.getValues().stream().map(Names::text).toList())
                        .thenCompose(done ->
                                part.isFinished() ? CompletableFuture.completedFuture(null) : goOn(key, part, work)));
    }
}
