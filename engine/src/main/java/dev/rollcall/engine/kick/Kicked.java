package dev.rollcall.engine.kick;

import dev.rollcall.protocol.Channel;
import java.util.List;

/**
 * What a kick did.
 *
 * @param channels the channels the user was present in and is no longer, by name
 * @param polls how many polls of theirs were ended on this node; those on other nodes end as they hear of it
 * @param untilMillis until when they are kept off, in milliseconds since the Unix epoch; 0 if they are not
 */
public record Kicked(List<Channel> channels, int polls, long untilMillis) {
    /** Copies the list. */
    public Kicked {
        channels = List.copyOf(channels);
    }
}
