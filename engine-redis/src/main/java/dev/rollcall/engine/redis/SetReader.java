package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

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
        return goOn(key, ScanCursor.INITIAL, new HashSet<>());
    }

    private CompletableFuture<Set<String>> goOn(byte[] key, ScanCursor cursor, Set<String> found) {
        return scripts.ask("sscan", Lane.BULK, key, commands -> commands.sscan(key, cursor, PART))
                .thenCompose(part -> {
                    part.getValues().forEach(member -> found.add(Names.text(member)));
                    return part.isFinished() ? CompletableFuture.completedFuture(found) : goOn(key, part, found);
                });
    }
}
