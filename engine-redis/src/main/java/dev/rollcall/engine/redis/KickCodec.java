package dev.rollcall.engine.redis;

import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;

/**
 * How kicks stand in Redis: by {@code key:user}, with an exclamation mark before it for those that keep nobody off, as {@code until since kind reason channel…} with blanks between them, where the length of a
 * text stands before it and kind is {@code b} for a ban and {@code k} for a kick without one, of which nodes need to know for a moment only.
 */
final class KickCodec {
    private KickCodec() {}

    /** Begins the names of entries that keep nobody off, so that they do not take the place of those that do. No keyset begins so. */
    private static final String KICK_ONLY = "!";

    /** Returns the name of an entry. */
    static String name(SubscribeKey key, UserId user, boolean isBan) {
        return (isBan ? "" : KICK_ONLY) + key.value() + ':' + user.value();
    }

    /** Writes an entry. */
    static String encode(Ban ban, boolean isBan) {
        StringBuilder out = new StringBuilder();
        out.append(ban.untilMillis()).append(' ').append(ban.sinceMillis()).append(isBan ? " b " : " k ");
        field(out, ban.reason() == null ? "" : ban.reason());
        ban.channels().forEach(channel -> field(out, channel.name()));
        return out.toString();
    }

    private static void field(StringBuilder out, String text) {
        out.append(text.length()).append(':').append(text);
    }

    /** Returns until when an entry is of any worth. */
    static long untilMillis(String text) {
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    /** Returns whether an entry keeps its user off. */
    static boolean isBan(String text) {
        return text.charAt(kind(text)) == 'b';
    }

    private static int kind(String text) {
        return text.indexOf(' ', text.indexOf(' ') + 1) + 1;
    }

    /** Reads an entry. */
    static Ban decode(String name, String text) {
        int from = name.startsWith(KICK_ONLY) ? KICK_ONLY.length() : 0;
        int colon = name.indexOf(':');
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        int at = second + 3;
        List<String> fields = new ArrayList<>();
        while (at < text.length()) {
            int end = text.indexOf(':', at);
            int length = Integer.parseInt(text.substring(at, end));
            fields.add(text.substring(end + 1, end + 1 + length));
            at = end + 1 + length;
        }
        String reason = fields.get(0).isEmpty() ? null : fields.get(0);
        return new Ban(
                new SubscribeKey(name.substring(from, colon)),
                new UserId(name.substring(colon + 1)),
                fields.subList(1, fields.size()).stream().map(Channel::new).toList(),
                Long.parseLong(text.substring(first + 1, second)),
                Long.parseLong(text.substring(0, first)),
                reason);
    }
}
