package dev.rollcall.server.access;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.JsonWriter;
import java.util.List;

/**
 * Why a request may not pass. Clients set aside what it names, so it names exactly what is forbidden.
 *
 * @param channels the channels on which the right is missing
 * @param groups the channel groups on which it is missing
 */
public record Refusal(List<Channel> channels, List<ChannelGroup> groups) {
    /** Copies the lists. */
    public Refusal {
        channels = List.copyOf(channels);
        groups = List.copyOf(groups);
    }

    /** Returns the HTTP status. */
    public int status() {
        return ErrorCode.FORBIDDEN.status();
    }

    /** Returns the body, a line of JSON. */
    public byte[] body() {
        JsonWriter out = new JsonWriter(160);
        out.raw("{\"message\":\"").raw(ErrorCode.FORBIDDEN.text()).raw("\",\"payload\":{");
        char separator = '[';
        if (!channels.isEmpty()) {
            out.raw("\"channels\":");
            for (Channel channel : channels) {
                out.raw(separator).string(channel.name());
                separator = ',';
            }
            out.raw(']');
        }
        if (!groups.isEmpty()) {
            out.raw(channels.isEmpty() ? "\"channel-groups\":" : ",\"channel-groups\":");
            separator = '[';
            for (ChannelGroup group : groups) {
                // Clients strip one leading colon: the empty namespace.
                out.raw(separator).string(':' + group.name());
                separator = ',';
            }
            out.raw(']');
        }
        return out.raw("},\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n")
                .toByteArray();
    }
}
