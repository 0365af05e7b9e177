package dev.rollcall.engine.base;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import org.jspecify.annotations.Nullable;

/** What is told when a channel gets its first or loses its last occupant; the same for every engine. */
public final class Notice {
    private Notice() {}

    /** Returns where the notices about {@code channel} go, or null if there are none: none is sent about the channel they go to. */
    public static @Nullable Channel channel(KeysetSettings settings, Channel channel) {
        String name = settings.activeNoticeChannel();
        return name == null || name.equals(channel.name()) ? null : new Channel(name);
    }

    /**
     * Returns the message of a notice.
     *
     * @param isActive whether somebody is there now
     * @param timetoken the moment
     */
    public static byte[] payload(Channel channel, boolean isActive, long timetoken) {
        JsonWriter out = new JsonWriter(128);
        out.raw("{\"channel\":").string(channel.name()).raw(",\"status\":\"").raw(isActive ? "active" : "inactive");
        out.raw("\",\"timestamp\":").number(timetoken).raw('}');
        return out.toByteArray();
    }
}
