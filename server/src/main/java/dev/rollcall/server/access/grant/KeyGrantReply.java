package dev.rollcall.server.access.grant;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.grant.GrantKey.Kind;
import dev.rollcall.server.access.key.Right;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is answered to grants and audits of version 2. The shapes are recorded ones, and differ: by level, by whether one or several
 * names were asked for, and between grant and audit, which spell one channel group differently.
 */
public final class KeyGrantReply {
    private static final String OFF =
            "WARNING: Access manager is not enabled for this subscribe key. Everyone will have access"
                    + " to all resources until access manager is enabled in the configuration.";

    private final JsonWriter out = new JsonWriter(256);
    private final KeyGrantRequest request;

    /** When an audit is made, in seconds; less than 0 for a grant, whose rights all end at one time. */
    private final long auditedSeconds;

    /** What is granted on the one name that stands for itself, or null if there is none. */
    private @Nullable Entry single;

    /** What is granted on one name. */
    private static final class Entry {
        final Map<String, KeyGrant> byAuth = new LinkedHashMap<>();

        @Nullable
        KeyGrant everybody;
    }

    private KeyGrantReply(KeyGrantRequest request, long auditedSeconds) {
        this.request = request;
        this.auditedSeconds = auditedSeconds;
    }

    /** Returns the answer to a grant. */
    public static AccessReply ofGrant(
            SubscribeKey key, String level, KeyGrantRequest request, List<KeyGrant> grants, boolean isOff) {
        KeyGrantReply reply = new KeyGrantReply(request, -1);
        reply.begin(key, level, isOff);
        // A grant of nothing takes back what was granted; it is answered as if it lasted for a moment.
        reply.out.raw(",\"ttl\":").number(request.mask() == 0 ? 1 : request.ttlMinutes());
        return reply.end(level, grants);
    }

    /** Returns the answer to an audit. */
    public static AccessReply ofAudit(
            SubscribeKey key,
            String level,
            KeyGrantRequest request,
            List<KeyGrant> grants,
            long nowSeconds,
            boolean isOff) {
        KeyGrantReply reply = new KeyGrantReply(request, nowSeconds);
        reply.begin(key, level, isOff);
        return reply.end(level, grants);
    }

    private void begin(SubscribeKey key, String level, boolean isOff) {
        if (isOff) {
            out.raw("{\"warning\":true,\"message\":\"").raw(OFF);
        } else {
            out.raw("{\"message\":\"Success");
        }
        out.raw("\",\"payload\":{\"level\":\"")
                .raw(level)
                .raw("\",\"subscribe_key\":")
                .string(key.value());
    }

    private AccessReply end(String level, List<KeyGrant> grants) {
        Map<String, Entry> channels = entries(grants, Kind.CHANNEL);
        Map<String, Entry> groups = entries(grants, Kind.GROUP);
        Map<String, Entry> users = entries(grants, Kind.USER);
        switch (level) {
            case "subkey" -> writeKeyset(grants, channels, groups);
            case "uuid" -> writeMap("uuids", users);
            default -> {
                writeNamed("channel", "channels", channels, request.channels());
                writeNamed(isAudit() ? "channel-group" : "channel-groups", "channel-groups", groups, request.groups());
                if (single != null) {
                    out.raw(",\"auths\":{");
                    writeAuths(single);
                    out.raw('}');
                }
            }
        }
        out.raw("},\"service\":\"Access Manager\",\"status\":200}\n");
        return new AccessReply(200, out.toByteArray());
    }

    private boolean isAudit() {
        return auditedSeconds >= 0;
    }

    private static Map<String, Entry> entries(List<KeyGrant> grants, Kind kind) {
        var entries = new LinkedHashMap<String, Entry>();
        for (KeyGrant grant : grants) {
            GrantKey key = grant.key();
            if (key.kind() == kind) {
                Entry entry = entries.computeIfAbsent(key.name(), name -> new Entry());
                if (key.auth().isEmpty()) {
                    entry.everybody = grant;
                } else {
                    entry.byAuth.put(key.auth(), grant);
                }
            }
        }
        return entries;
    }

    private void writeKeyset(List<KeyGrant> grants, Map<String, Entry> channels, Map<String, Entry> groups) {
        for (KeyGrant grant : grants) {
            if (grant.key().kind() == Kind.KEYSET) {
                writeRights(grant, ",");
            }
        }
        if (isAudit()) {
            writeMap("channels", channels);
            out.raw(",\"objects\":{}");
            writeMap("channel-groups", groups);
        }
    }

    /**
     * Writes one kind of names. With auth keys, and one name alone of its kind, clients look for the name here and for the keys beside it:
     * in a grant, where all names have the same rights, one channel and one channel group share them.
     */
    private void writeNamed(String oneKey, String manyKey, Map<String, Entry> entries, List<String> asked) {
        boolean mixed = !request.channels().isEmpty() && !request.groups().isEmpty();
        if (asked.isEmpty()) {
            return;
        }
        if (asked.size() > 1 || request.auths().isEmpty() || isAudit() && mixed) {
            writeMap(manyKey, entries);
            return;
        }
        out.raw(",\"").raw(oneKey).raw("\":").string(asked.get(0));
        single = entries.getOrDefault(asked.get(0), new Entry());
    }

    private void writeMap(String key, Map<String, Entry> entries) {
        out.raw(",\"").raw(key).raw("\":{");
        String separator = "";
        for (Map.Entry<String, Entry> named : entries.entrySet()) {
            out.raw(separator).string(named.getKey()).raw(":{");
            Entry entry = named.getValue();
            if (entry.everybody != null) {
                writeRights(entry.everybody, "");
            }
            if (!entry.byAuth.isEmpty()) {
                out.raw(entry.everybody == null ? "\"auths\":{" : ",\"auths\":{");
                writeAuths(entry);
                out.raw('}');
            }
            out.raw('}');
            separator = ",";
        }
        out.raw('}');
    }

    private void writeAuths(Entry entry) {
        String separator = "";
        for (Map.Entry<String, KeyGrant> grant : entry.byAuth.entrySet()) {
            out.raw(separator).string(grant.getKey()).raw(":{");
            writeRights(grant.getValue(), "");
            out.raw('}');
            separator = ",";
        }
    }

    private void writeRights(KeyGrant grant, String before) {
        String separator = before;
        for (Right right : Right.values()) {
            if (!right.letter().isEmpty()) {
                out.raw(separator).raw('"').raw(right.letter()).raw("\":");
                out.raw((grant.mask() & right.bit()) == 0 ? '0' : '1');
                separator = ",";
            }
        }
        // A grant that never ends has no time left to tell.
        if (isAudit() && grant.expiresSeconds() != KeyGrant.FOREVER) {
            out.raw(",\"ttl\":").number(Math.max(1, (grant.expiresSeconds() - auditedSeconds + 59) / 60));
        }
    }
}
