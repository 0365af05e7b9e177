package dev.rollcall.engine.events;

import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.List;

/** How many bytes of the heap a recorded event takes; rather too much than too little. */
final class EventFootprint {
    /** An event with its place in the ring and a user, but for the names. */
    private static final int EVENT = 240;

    private static final int STATE = 40;
    private static final int LISTED = 80;

    private EventFootprint() {}

    static long of(Event event) {
        long bytes = EVENT + 2L * event.channel().name().length();
        PresenceEvent what = event.what();
        if (what instanceof PresenceEvent.Interval interval) {
            return bytes + of(interval.joins()) + of(interval.leaves()) + of(interval.timeouts());
        }
        UserId user = event.user();
        State state = event.state();
        return bytes
                + (user == null ? 0 : 2L * user.value().length())
                + (state == null ? 0 : (long) STATE + state.size());
    }

    private static long of(List<UserId> users) {
        long bytes = 0;
        for (UserId user : users) {
            bytes += LISTED + 2L * user.value().length();
        }
        return bytes;
    }
}
