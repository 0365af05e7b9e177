package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.table.SeededHash;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.io.DataOutput;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The lease of a user whose id is a UUID, as most are: 128 bits, where the string would take 88 bytes or more. */
final class UuidLease extends Lease {
    private final long high;
    private final long low;

    UuidLease(Roster roster, UserKey user, int timeoutSeconds, @Nullable State state) {
        super(roster, timeoutSeconds, state);
        high = user.high;
        low = user.low;
    }

    @Override
    long footprint() {
        return Footprint.LEASE;
    }

    @Override
    boolean isOf(UserKey user) {
        // No id without a bit is kept as one, see UserKey.
        return low == user.low && high == user.high;
    }

    @Override
    int userHash() {
        return SeededHash.of(high, low);
    }

    @Override
    public void writeUserTo(DataOutput out) throws IOException {
        UserKey.writeUuid(high, low, out);
    }

    @Override
    public UserId userId() {
        return new UserId(new UUID(high, low).toString());
    }
}
