package dev.rollcall.server.emulator;

import dev.rollcall.protocol.UserId;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;

/** Who gives a sign of life whenever they would time out while the clock is moved. Immutable. */
public final class Keeping {
    /** Nobody does: whoever is silent for too long times out. */
    public static final Keeping NOBODY = new Keeping(user -> false);

    /** Everybody does: nobody times out. */
    public static final Keeping EVERYBODY = new Keeping(user -> true);

    private final Predicate<String> isKept;

    private Keeping(Predicate<String> isKept) {
        this.isKept = isKept;
    }

    /** Returns that these users do, in whatever keyset and channel they are. */
    public static Keeping users(Collection<String> users) {
        Set<String> kept = Set.copyOf(users);
        return new Keeping(kept::contains);
    }

    boolean includes(UserId user) {
        return isKept.test(user.value());
    }

    boolean isNobody() {
        return equals(NOBODY);
    }
}
