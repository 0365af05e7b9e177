package dev.rollcall.engine.embedded.roster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.table.SeededHash;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lease of a user whose id is not a UUID. */
final class NamedLease extends Lease {
    /** Latin letters as bytes, anything else as the string; the same object in all leases of a user. */
    private Object id;

    NamedLease(Roster roster, UserKey user, int timeoutSeconds, @Nullable State state) {
        super(roster, timeoutSeconds, state);
        String name = user.user.value();
        id = isLatin(name) ? name.getBytes(ISO_8859_1) : name;
    }

    private static boolean isLatin(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    @Override
    long footprint() {
        return Footprint.LEASE + (id instanceof byte[] latin ? 2L * latin.length : Footprint.of(id.toString()));
    }

    @Override
    boolean isOf(UserKey user) {
        return !user.isUuid() && matches(user.user.value());
    }

    private boolean matches(String name) {
        if (!(id instanceof byte[] latin)) {
            return id.equals(name);
        }
        if (latin.length != name.length()) {
            return false;
        }
        // From the end, where names that were made in series differ.
        for (int i = latin.length - 1; i >= 0; i--) {
            if ((latin[i] & 0xFF) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Takes the id of another lease of the same user for its own. */
    void shareIdOf(NamedLease other) {
        id = other.id;
    }

    @Override
    int userHash() {
        return SeededHash.of(name());
    }

    @Override
    public void writeUserTo(DataOutput out) throws IOException {
        UserKey.writeName(name(), out);
    }

    @Override
    public UserId userId() {
        return new UserId(name());
    }

    private String name() {
        return id instanceof byte[] latin ? new String(latin, ISO_8859_1) : id.toString();
    }
}
