package dev.rollcall.server.emulator.fault;

import dev.rollcall.server.access.Operation;
import dev.rollcall.server.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request is about, as far as its path and query tell. Reads what it can, for faults and the journal; whether the request is good
 * is for its route to say.
 *
 * @param operation what it asks for
 * @param keyset its subscribe key, or null
 * @param user its user id, or null
 * @param channels the channels it names, and the channel groups
 * @param method its method
 * @param path its path as sent, without query
 */
public record Asked(
        Operation operation,
        @Nullable String keyset,
        @Nullable String user,
        List<String> channels,
        String method,
        String path) {
    /** Where a path that revokes has the token: /v3/pam/KEY/grant/TOKEN. */
    private static final int TOKEN_SEGMENT = 4;

    private static final List<String> SECRETS = List.of("auth", "signature", "token");

    /** Reads a request. */
    public static Asked of(Request request) {
        List<String> path = segments(request.rawPath());
        String user = queryValue(request.rawQuery(), "uuid");
        List<String> channels = new ArrayList<>();
        String keyset = null;
        Operation operation = Operation.UNKNOWN;
        if (begins(path, "v2", "subscribe")) {
            operation = Operation.SUBSCRIBE;
            keyset = at(path, 2);
            addNames(channels, at(path, 3));
        } else if (begins(path, "subscribe")) {
            operation = Operation.SUBSCRIBE;
            keyset = at(path, 1);
            addNames(channels, at(path, 2));
        } else if (begins(path, "v2", "presence")) {
            keyset = at(path, 3);
            addNames(channels, "channel".equals(at(path, 4)) ? at(path, 5) : null);
            operation = presence(path);
            if ("uuid".equals(at(path, 6))) {
                user = at(path, 7);
            } else if ("uuid".equals(at(path, 4))) {
                user = at(path, 5);
            }
        } else if (begins(path, "publish") || begins(path, "signal") || begins(path, "v2", "publish")) {
            int first = begins(path, "v2") ? 1 : 0;
            operation = begins(path, "signal") ? Operation.SIGNAL : Operation.PUBLISH;
            keyset = at(path, first + 2);
            addNames(channels, at(path, first + 4));
        } else if (begins(path, "v1", "channel-registration")) {
            keyset = at(path, 3);
            operation = groups(request, path);
        } else if (begins(path, "v3", "pam")) {
            keyset = at(path, 2);
            operation = request.method().equals("DELETE") ? Operation.REVOKE_TOKEN : Operation.GRANT_TOKEN;
        } else if (begins(path, "v2", "auth")) {
            keyset = at(path, 4);
            operation = "audit".equals(at(path, 2)) ? Operation.AUDIT : Operation.GRANT;
        } else if (begins(path, "time")) {
            operation = Operation.TIME;
        }
        String groups = queryValue(request.rawQuery(), "channel-group");
        addNames(channels, groups);
        return new Asked(operation, keyset, user, List.copyOf(channels), request.method(), request.rawPath());
    }

    private static Operation presence(List<String> path) {
        if ("uuid".equals(at(path, 4))) {
            return Operation.WHERE_NOW;
        }
        String what = at(path, 6);
        if (what == null) {
            return Operation.HERE_NOW;
        }
        return switch (what) {
            case "heartbeat" -> Operation.HEARTBEAT;
            case "leave" -> Operation.LEAVE;
            case "uuid" -> "data".equals(at(path, 8)) ? Operation.SET_STATE : Operation.GET_STATE;
            default -> Operation.UNKNOWN;
        };
    }

    private static Operation groups(Request request, List<String> path) {
        String query = request.rawQuery();
        boolean changes =
                "remove".equals(at(path, 6)) || queryValue(query, "add") != null || queryValue(query, "remove") != null;
        return changes ? Operation.CHANGE_GROUP : Operation.LIST_GROUPS;
    }

    private static boolean begins(List<String> path, String... names) {
        return path.size() >= names.length && path.subList(0, names.length).equals(List.of(names));
    }

    private static @Nullable String at(List<String> path, int index) {
        return index < path.size() ? path.get(index) : null;
    }

    private static void addNames(List<String> to, @Nullable String list) {
        if (list == null) {
            return;
        }
        for (String name : list.split(",", -1)) {
            if (!name.isEmpty()) {
                to.add(name);
            }
        }
    }

    private static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(rawPath.startsWith("/") ? 1 : 0).split("/", -1)) {
            segments.add(decode(segment.replace("+", "%2B")));
        }
        return segments;
    }

    private static @Nullable String queryValue(@Nullable String rawQuery, String name) {
        if (rawQuery == null) {
            return null;
        }
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equals(name)) {
                return decode(pair.substring(equals + 1));
            }
        }
        return null;
    }

    private static String decode(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A percent sign that stands for itself.
            return raw;
        }
    }

    /** Returns path and query without what is nobody's business. */
    public static String shown(Request request) {
        String query = request.rawQuery();
        StringBuilder shown = new StringBuilder(shownPath(request));
        if (query == null) {
            return shown.toString();
        }
        char separator = '?';
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            shown.append(separator).append(SECRETS.contains(decode(name)) ? name + "=…" : pair);
            separator = '&';
        }
        return shown.toString();
    }

    /** Returns the path without the token that is to be revoked. */
    private static String shownPath(Request request) {
        String raw = request.rawPath();
        List<String> path = segments(raw);
        if (path.size() <= TOKEN_SEGMENT || !begins(path, "v3", "pam")) {
            return raw;
        }
        int end = 0;
        for (int segment = 0; segment < TOKEN_SEGMENT; segment++) {
            end = raw.indexOf('/', end + 1);
        }
        return raw.substring(0, end + 1) + '…';
    }
}
