package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import org.jspecify.annotations.Nullable;

/** One user who is present somewhere, and where. Owned by {@link UserIndex}. */
final class UserEntry {
    final SubscribeKey key;
    final UserId id;

    @Nullable
    UserEntry next;

    @Nullable
    Lease firstLease;

    UserEntry(SubscribeKey key, UserId id) {
        this.key = key;
        this.id = id;
    }
}
