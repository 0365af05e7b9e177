package dev.rollcall.engine;

import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.SubscribeKey;

/**
 * Who is here?
 *
 * @param key the keyset
 * @param targets where; none at all means every channel that has an occupant
 * @param includeUsers whether occupants are listed, or only counted
 * @param limit the most occupants listed of each channel, 0 to {@value Limits#HERE_NOW_PAGE}
 * @param offset how many occupants of each channel are passed over first, in order of joining
 */
public record HereNowQuery(SubscribeKey key, Targets targets, boolean includeUsers, int limit, int offset) {
    /** Refuses a page that no engine can serve. */
    public HereNowQuery {
        if (limit < 0 || limit > Limits.HERE_NOW_PAGE) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 0.." + Limits.HERE_NOW_PAGE + ")");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: >= 0)");
        }
    }
}
