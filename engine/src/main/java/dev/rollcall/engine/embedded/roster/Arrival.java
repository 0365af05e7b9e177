package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.protocol.State;
import org.jspecify.annotations.Nullable;

/**
 * A sign of life, wherever it counts.
 *
 * @param user whose
 * @param timeoutSeconds how long it shall last, 0 for as long as before or else the keyset's timeout
 * @param state the state that rides along, or null to keep the one there is
 * @param isExplicit whether it is a heartbeat, which joins even somebody who has just left
 */
public record Arrival(
        UserKey user, int timeoutSeconds, @Nullable State state, boolean isExplicit) {
    /** Returns what it is called where it makes somebody present. */
    dev.rollcall.protocol.Arrival cause() {
        return isExplicit ? dev.rollcall.protocol.Arrival.HEARTBEAT : dev.rollcall.protocol.Arrival.SUBSCRIBE;
    }
}
