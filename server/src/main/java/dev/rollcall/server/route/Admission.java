package dev.rollcall.server.route;

import dev.rollcall.server.access.AccessGate;
import dev.rollcall.server.access.AccessRequest;
import dev.rollcall.server.access.Decision;
import dev.rollcall.server.access.Refusal;
import java.util.function.Consumer;

/**
 * A poll that was let in.
 *
 * @param gate who let it in
 * @param request what it asked for
 * @param decision what it stands on
 */
record Admission(AccessGate gate, AccessRequest request, Decision decision) {
    /** Returns whether what the poll stands on may be gone while it waits. */
    boolean isRevocable() {
        return gate.isRevocable(request);
    }

    /** Has {@code action} run when that is so; see {@link AccessGate#whenGone}. */
    Runnable whenGone(Consumer<Refusal> action) {
        return gate.whenGone(request, decision, action);
    }
}
